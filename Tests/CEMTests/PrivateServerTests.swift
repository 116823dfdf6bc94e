import CEMStore
import Foundation
import Postgres
import Testing

@testable import cem

/// The private server by the built program, which nobody configured.
@Suite(.serialized) struct PrivateServerTests {
  /// A home whose private server ends with the test.
  private func withHome(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: nil)
    // Root runs the server as another user, who has to pass through.
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: cem.home.path())
    defer {
      _ = try? cem("db", "uninstall-local", "--yes")
      cem.remove()
    }
    try body(cem)
  }

  @Test(
    "Setting up again leaves the owner's right to the task that has it, and takes it from a killed one"
  )
  func ownership() throws {
    try withHome { cem in
      let again = ["init", "--program", "acme", "--name", "Acme"]
      try #require(try cem.run(again).status == 0)
      let endpoint = try #require(try LocalServer(environment: cem.environment).runningEndpoint())
      let task = try Connection.open(endpoint.adminConninfo)
      let role = LocalServer.workRole()
      func isOwner() throws -> Bool {
        try task.query("SELECT pg_has_role(\(role), 'cem_owner', 'MEMBER')").one(Bool.self)
      }
      try task.execute("SELECT pg_advisory_lock(\(PrivateDatabase.ownershipKey))")
      try task.execute("GRANT cem_owner TO \(identifier: role)")
      for command in [again, ["db", "migrate"], ["status"]] {
        #expect(try cem.run(command).status == 0)
        #expect(try isOwner(), "\(command)")
      }
      try task.execute("SELECT pg_advisory_unlock(\(PrivateDatabase.ownershipKey))")
      #expect(try cem.run(again).status == 0)
      #expect(try !isOwner())
    }
  }

  @Test("What an office demands of connections over its network does not shut out the private one")
  func demands() throws {
    try withHome { cem in
      var cem = cem
      try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
      cem.environment.merge([
        "PGCHANNELBINDING": "require", "PGGSSENCMODE": "require", "PGSSLMODE": "verify-full",
        "PGTARGETSESSIONATTRS": "standby", "PGREQUIREPEER": "nobody", "PGOPTIONS": "-c nonsense=1",
        "PGHOSTADDR": "192.0.2.1", "PGCONNECT_TIMEOUT": "soon",
      ]) { $1 }
      let status = try cem("status")
      #expect(status.status == 0, "\(status)")
    }
  }

  @Test(
    "Processes that start the private server for the first time at once make one server and one program",
    arguments: [2, 5])
  func startedAtOnce(count: Int) throws {
    try withHome { cem in
      let started = try cem.shell(
        """
        for number in $(seq \(count)); do
          "$CEM" init --program acme --name Acme --json >"$HOME/$number.out" 2>"$HOME/$number.err" &
          processes="$processes $!"
        done
        for process in $processes; do wait "$process"; echo "$?"; done
        """)
      #expect(started.output == String(repeating: "0\n", count: count))
      var receipts: [[String: Any]] = []
      for number in 1...count {
        let errors = try String(
          contentsOf: cem.home.appending(path: "\(number).err"), encoding: .utf8)
        #expect(!errors.contains("error"), "\(errors)")
        let data = try Data(contentsOf: cem.home.appending(path: "\(number).out"))
        receipts.append(
          try #require(
            try? JSONSerialization.jsonObject(with: data) as? [String: Any], "\(errors)"))
      }
      #expect(Set(receipts.compactMap { $0["programId"] as? String }).count == 1)
      #expect(receipts.count { ($0["events"] as? [Any])?.isEmpty == false } == 1)
      #expect(receipts.allSatisfy { $0["treeSize"] as? Int == 1 })
      let programs = try #require(try cem("program", "list", "--json").json() as? [[String: Any]])
      #expect(programs.compactMap { $0["slug"] as? String } == ["acme"])
      #expect(try cem("department", "register", "ssc", "--name", "SSC").status == 0)
      #expect(try cem("db", "status").status == 0)
    }
  }
}
