import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// What `cem doctor` finds about a server as a whole, each condition made on one of the test's own.
@Suite struct DoctorServerTests {
  /// An address by which others would reach this machine; `nil` where it has none.
  private static func address() -> String? {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard let address = entry.ifa_addr, Int32(address.pointee.sa_family) == AF_INET else {
        continue
      }
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      getnameinfo(
        address, socklen_t(MemoryLayout<sockaddr_in>.size), &text, socklen_t(text.count), nil, 0,
        NI_NUMERICHOST)
      let name = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      if !name.hasPrefix("127.") { return name }
    }
    return nil
  }

  /// A port that nobody listens on.
  private static func freePort() throws -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(socket, address, length) == 0, getsockname(socket, address, &length) == 0 else {
          return nil
        }
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          UInt16(bigEndian: $0.pointee.sin_port)
        }
      }
    }
    return Int(try #require(port))
  }

  private func finding(_ check: String, _ cem: CommandProcess) throws -> (String, String, String?) {
    let list = try #require(try cem("doctor", "--json").json() as? [[String: Any]])
    let found = try #require(list.first { $0["check"] as? String == check }, "\(check)")
    return (
      found["state"] as? String ?? "", found["message"] as? String ?? "", found["hint"] as? String
    )
  }

  @Test("Durability, transport and roles") func server() throws {
    let address = Self.address() ?? "127.0.0.1"
    let server = try TestServer(listeningOn: address, port: Self.freePort())
    defer { server.end() }
    let root = try server.connect()
    let cem = try CommandProcess(database: server.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)

    // Each setting by itself, in a session that begins after it was changed.
    #expect(try finding("durability", cem).0 == "ok")
    for (setting, message) in [
      ("fsync", "fsync is off"), ("full_page_writes", "full_page_writes is off"),
      ("synchronous_commit", "synchronous_commit is off"),
    ] {
      try root.execute("ALTER SYSTEM SET \(unsafeSQL: setting) = off")
      try root.execute("SELECT pg_reload_conf()")
      let off = try finding("durability", cem)
      #expect(off.0 == "fail" && off.1 == message && off.2 != nil, "\(off)")
      try root.execute("ALTER SYSTEM RESET \(unsafeSQL: setting)")
      try root.execute("SELECT pg_reload_conf()")
      #expect(try finding("durability", cem).0 == "ok", "\(setting)")
    }
    #expect(try finding("checksums", cem).0 == "warn")

    // By the socket nobody listens in; by a network's address everybody can.
    #expect(try finding("transport", cem).0 == "ok")
    if address != "127.0.0.1" {
      var remote = cem
      remote.environment["CEM_DATABASE_URL"] =
        "host=\(address) port=\(server.port) user=\(server.superuser) dbname=postgres"
      let found = try finding("transport", remote)
      #expect(found.0 == "warn" && found.1.contains("is not encrypted"), "\(found)")
      #expect(found.2?.contains("sslmode=verify-full") == true)
    }

    // Roles belong to the whole server.
    for (statement, undo, check, message) in [
      (
        "ALTER ROLE cem_reader LOGIN", "ALTER ROLE cem_reader NOLOGIN", "roles",
        "cem_reader can log in"
      ),
      (
        "GRANT cem_owner TO cem_auditor", "REVOKE cem_owner FROM cem_auditor", "roles",
        "cem_auditor is a member of cem_owner"
      ),
      (
        "GRANT SET ON PARAMETER session_replication_role TO PUBLIC",
        "REVOKE SET ON PARAMETER session_replication_role FROM PUBLIC", "parameters",
        "PUBLIC may set session_replication_role"
      ),
    ] {
      #expect(try finding(check, cem).0 == "ok")
      try root.execute(SQL(unsafe: statement))
      let found = try finding(check, cem)
      #expect(found.0 == "fail" && found.1.contains(message) && found.2 != nil, "\(found)")
      try root.execute(SQL(unsafe: undo))
    }
    try root.execute("CREATE ROLE clerk LOGIN")
    var clerk = cem
    clerk.environment["CEM_DATABASE_URL"] = server.conninfo(user: "clerk")
    #expect(try clerk("doctor").status == 1)
    #expect(try cem("db", "roles", "add", "clerk", "--role", "office").status == 0)
    #expect(try finding("rights", clerk).0 == "ok")

    // A login that is bound like one of dashboards, though it records.
    #expect(try finding("readers", cem).0 == "ok")
    try root.execute("ALTER ROLE clerk SET default_transaction_read_only = true")
    let refused = try clerk("department", "register", "a", "--name", "A")
    #expect(refused.status == 77)
    #expect(refused.errors.contains("cause: default_transaction_read_only is set for it"))
    #expect(refused.errors.contains("cem db roles repair"))
    let bound = try finding("readers", cem)
    #expect(bound.0 == "warn" && bound.1.contains("clerk cannot write"), "\(bound)")
    try #require(try cem("db", "roles", "add", "dash", "--role", "reader").status == 0)
    try root.execute("ALTER ROLE dash RESET statement_timeout")
    #expect(try finding("readers", cem).1.contains("dash may read for ever"))
    let repaired = try cem("db", "roles", "repair").output
    #expect(repaired.contains("freed: clerk") && repaired.contains("bound: dash"), "\(repaired)")
    #expect(try finding("readers", cem).0 == "ok")
    #expect(try clerk("department", "register", "a", "--name", "A").status == 0)
    // Elsewhere it is the server that takes no changes.
    try root.execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
    #expect(try clerk("department", "register", "b", "--name", "B").status == 69)
    try root.execute("ALTER DATABASE postgres RESET default_transaction_read_only")

    // A name that shell and psql would take apart.
    let odd = "O'Brien x"
    let added = try cem("db", "roles", "add", odd, "--role", "office")
    #expect(added.errors.contains("\\password \"O'Brien x\""), "\(added.errors)")
    #expect(try cem("db", "roles", "disable", odd).status == 0)
    #expect(try !cem("db", "roles").output.contains(odd))

    // After a restore on a server without cem's roles.
    try root.execute("ALTER ROLE cem_office RENAME TO gone")
    for call in [
      ["department", "register", "c", "--name", "C"], ["db", "migrate"], ["db", "roles"],
    ] {
      let refused = try cem(call)
      #expect(refused.status == 78, "\(call) \(refused)")
      #expect(refused.errors.contains("cem's roles are missing on this server"), "\(refused)")
      #expect(refused.errors.contains("hint: cem db roles repair"), "\(refused)")
    }
    try root.execute("ALTER ROLE gone RENAME TO cem_office")
    #expect(try cem("department", "register", "c", "--name", "C").status == 0)
  }
}
