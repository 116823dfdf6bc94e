import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

/// The program before and after a database's projections were switched to other versions.
@Suite("A cem of other versions", .database(.migrated)) struct ProjectionVersionTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try TestDatabase.current.connect().execute("GRANT cem_approver TO owner")
    try CommandProcess.with(
      user: "owner",
      [
        "init --program acme --name Acme", "department register a --name A",
      ], body)
  }

  @Test("An older cem is refused, whatever it wants, and whatever it is doing")
  func older() throws {
    try withProgram { cem in
      let watch = try RunningCommand(cem, "watch", "status", "--json=asOfPosition")
      try #require(watch.wait { $0.lines.count == 1 } != nil)
      try ProjectionUpgrade(
        TestDatabase.current.connect(user: "owner"), to: NewerProjections.all
      ).run()
      for words in [
        ["status"], ["status", "--as-of", "1"], ["gap", "list"], ["history"], ["audit", "verify"],
        ["department", "register", "b", "--name", "B"], ["export"],
        ["projection", "rebuild"], ["projection", "verify"],
      ] {
        let result = try cem.run(words + ["--json"])
        #expect(result.status == 78, "\(words): \(result.errors)")
        let error = try result.error()
        #expect(error["code"] as? String == "database.projections")
        #expect(error["hint"] as? String == "install the newer cem")
      }
      let status = try cem("projection", "status", "--json=name,version,state,rows")
      #expect(
        status.output.contains(
          #"{"name":"gap_register","version":2,"state":"in use","rows":0}"#), "\(status.output)")
      #expect(try cem("doctor").output.contains("install the newer cem"))
      // Its log moves on by the newer cem, and it must not show the newer tables.
      let store = ProgramStore(
        try TestDatabase.current.connect(user: "owner"),
        programID: try TestDatabase.current.connect().query("SELECT program_id FROM cem.program")
          .one(UUID.self), projections: NewerProjections.all)
      _ = try store.execute([
        Submission(
          try IssuedCommand(name: "department.register", fields: ["code": "b", "name": "B"]))
      ])
      #expect(watch.wait { $0.errors.contains("of newer versions than this cem's") } != nil)
      #expect(watch.exitCode() == 78)
    }
  }

  @Test(
    "A newer cem is refused until it has built its tables and switched",
    arguments: ["db migrate", "init --program acme --name Acme"])
  func newer(switching command: String) throws {
    try withProgram { cem in
      try #require(
        try cem("gap", "record", "--department", "a", "--link", "1", "--title", "Waits").status == 0
      )
      let root = try TestDatabase.current.connect()
      // As a version before the first would have it.
      try root.execute(
        script: """
          ALTER TABLE cem.gap_register RENAME TO gap_register_v0;
          UPDATE cem.projection SET version = 0 WHERE name = 'gap_register';
          CREATE VIEW cem.titles AS SELECT title FROM cem.gap_register_v0;
          ALTER VIEW cem.titles OWNER TO cem_owner;
          """)
      for words in [
        ["status"], ["gap", "list"], ["gap", "close", "GAP-1", "--resolution", "x"],
        ["projection", "rebuild"], ["projection", "rebuild", "department_status"],
      ] {
        let result = try cem.run(words + ["--json"])
        #expect(result.status == 78)
        #expect(
          (try result.error()["hint"] as? String)?.hasPrefix("cem db migrate") == true)
      }
      #expect(try cem("doctor").output.contains("cem db migrate"))
      #expect(
        try cem("db", "migrate", "--dry-run", "--json").output
          == #"[{"migration":"cem.gap_register","state":"missing"}]"# + "\n")
      // Not everybody may.
      var clerk = cem
      clerk.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "office")
      let refused = try clerk("db", "migrate")
      #expect(
        refused.status == 77 && refused.errors.contains("--role owner"), "\(refused.errors)")
      let switched = try cem.shell("\"$CEM\" \(command) --json")
      #expect(switched.status == 0, "\(switched.errors)")
      if command == "db migrate" {
        #expect(
          switched.output == #"[{"migration":"cem.gap_register","state":"applied"}]"# + "\n")
        #expect(try cem("db", "migrate", "--json").output == "[]\n")
      }
      #expect(try cem("gap", "close", "GAP-1", "--resolution", "x").status == 0)
      #expect(try cem("audit", "verify").status == 0)
      #expect(try root.query("SELECT title FROM cem.titles").one(String.self) == "Waits")
    }
  }

  @Test("Migrating finishes what was cut off, and says nothing of it again")
  func cutOff() throws {
    try withProgram { cem in
      let record = ["gap", "record", "--department", "a", "--link", "1", "--title", "Waits"]
      try #require(try cem.run(record).status == 0)
      let root = try TestDatabase.current.connect()
      try root.execute("GRANT cem_office TO owner")
      for (damage, check, tables) in [
        ("DELETE FROM cem.term WHERE kind = 'Level'", "definitions", ["cem.term"]),
        (
          """
          INSERT INTO cem.projection_rebuild
            SELECT program_id, 'gap_register', 0, 0, now(), 0, 0 FROM cem.program
            ON CONFLICT (program_id, name) DO UPDATE SET version = 0;
          DELETE FROM cem.gap_register
          """, "projections", ["cem.gap_register"]
        ),
      ] {
        func state() throws -> String? {
          let findings = try #require(try cem("doctor", "--json").json() as? [[String: Any]])
          return findings.first { $0["check"] as? String == check }?["state"] as? String
        }
        func migrate(_ words: String...) throws -> [String] {
          let result = try cem.run(["db", "migrate", "--json=migration"] + words)
          #expect(result.status == 0, "\(result.errors)")
          let rows = try #require(try result.json() as? [[String: String]])
          return rows.compactMap { $0["migration"] }
        }
        try root.execute(script: damage)
        #expect(try state() == "fail")
        #expect(try migrate("--dry-run") == tables)
        #expect(try state() == "fail")
        #expect(try migrate() == tables)
        #expect(try state() == "ok")
        #expect(try migrate() == [])
      }
      #expect(try cem("projection", "verify").status == 0)
    }
  }

  @Test("What a rebuild of the gaps mends of their events is said") func gapEvents() throws {
    try withProgram { cem in
      let record = ["gap", "record", "--department", "a", "--link", "1", "--title", "Waits"]
      try #require(try cem.run(record).status == 0)
      func rebuild(_ name: String) throws -> String {
        try cem("projection", "rebuild", name, "--json=name,corrected").output
      }
      let own = #"{"name":"gap_register","corrected":0}"#
      #expect(try rebuild("gap_register") == "[\(own)]\n")
      try TestDatabase.current.connect().execute("UPDATE cem.gap_event SET department = 'x'")
      #expect(
        try rebuild("gap_register") == "[\(own),\(#"{"name":"gap_event","corrected":1}"#)]\n")
      #expect(try rebuild("gap_register") == "[\(own)]\n")
    }
  }
}
