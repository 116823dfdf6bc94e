import Foundation
import Testing

/// The private server by the built program, which nobody configured.
@Suite(.serialized) struct PrivateServerTests {
  @Test(
    "Processes that start the private server for the first time at once make one server and one program",
    arguments: [2, 5])
  func startedAtOnce(count: Int) throws {
    let cem = try CommandProcess(database: nil)
    // Root runs the server as another user, who has to pass through.
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: cem.home.path())
    defer {
      _ = try? cem("db", "uninstall-local", "--yes")
      cem.remove()
    }
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
