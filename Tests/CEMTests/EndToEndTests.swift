import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// The built program against a real server.
@Suite(.database(.migrated)) struct EndToEndTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(["init --program acme --name Acme"], body)
  }

  @Test func initIsIdempotent() throws {
    try withProgram { cem in
      let again = try cem("init", "--program", "acme", "--name", "Acme", "--json")
      #expect(again.status == 0)
      let receipt = try #require(try again.json() as? [String: Any])
      #expect((receipt["events"] as? [Any])?.isEmpty == true)
      #expect(receipt["treeSize"] as? Int == 1)
    }
  }

  @Test func initSaysWhatItLeavesAsItIs() throws {
    try withProgram { cem in
      let same = try cem("init", "--program", "acme", "--name", "Acme")
      #expect(same.status == 0 && !same.errors.contains("stays as it is"), "\(same.errors)")
      let other = try cem(
        "init", "--program", "acme", "--name", "Acme", "--four-eyes", "--timezone", "Europe/Kyiv")
      #expect(other.status == 0)
      #expect(other.errors.contains("without what --timezone, --four-eyes would change"))
    }
  }

  @Test func initMakesTheDatabase() throws {
    let name = "made_\(UUID().uuidString.prefix(8).lowercased())"
    let conninfo = TestDatabase.current.server.conninfo(database: name)
    let cem = try CommandProcess(database: conninfo)
    defer {
      cem.remove()
      _ = try? TestDatabase.current.server.connect().execute(
        "DROP DATABASE \(identifier: name) WITH (FORCE)")
    }
    #expect(try cem("department", "list").status == 69)
    let made = try cem("init", "--program", "acme", "--name", "Acme")
    #expect(made.status == 0)
    #expect(made.errors == "made the database \(name)\n")
    #expect(try cem("program", "list", "--json=slug").output == "[{\"slug\":\"acme\"}]\n")
  }

  @Test func receiptHasTheContractsFields() throws {
    try withProgram { cem in
      let id = "6f1c1e1c-8d5d-4b53-9d5a-1c1a1b1c1d1e"
      let first = try cem(
        "department", "register", "ssc", "--name", "SSC", "--command-id", id, "--json")
      let receipt = try #require(try first.json() as? [String: Any])
      #expect(receipt["command"] as? String == "department.register")
      #expect(receipt["commandId"] as? String == id)
      #expect(receipt["ref"] as? String == "ssc")
      #expect(receipt["program"] as? String == "acme")
      #expect(receipt["duplicate"] as? Bool == false)
      let events = try #require(receipt["events"] as? [[String: Any]])
      #expect(
        Set(events[0].keys) == ["position", "stream", "version", "type", "eventId", "leafHash"])
      #expect(events[0]["stream"] as? String == "department/ssc")

      let again = try #require(
        try cem("department", "register", "ssc", "--name", "SSC", "--command-id", id, "--json")
          .json()
          as? [String: Any])
      #expect(again["duplicate"] as? Bool == true)
      #expect(again["rootHash"] as? String == receipt["rootHash"] as? String)
    }
  }

  @Test func writesLeaveReceiptsAndNoJournal() throws {
    try withProgram { cem in
      _ = try cem("person", "add", "ada", "--name", "Ada")
      let state = cem.home.appending(path: ".local/state/cem")
      let manager = FileManager.default
      #expect(
        try manager.contentsOfDirectory(atPath: state.appending(path: "journal").path()) == [])
      let receipts = state.appending(path: "receipts")
      let databases = try manager.contentsOfDirectory(atPath: receipts.path())
      let folder = receipts.appending(path: try #require(databases.first))
      let programs = try manager.contentsOfDirectory(atPath: folder.path())
      let file = folder.appending(path: try #require(programs.first))
      #expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count == 2)
      let mode = try manager.attributesOfItem(atPath: file.path())[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test func leftoverOfAKilledClientIsReportedOnce() throws {
    try withProgram { cem in
      let done = "6f1c1e1c-8d5d-4b53-9d5a-1c1a1b1c1d1e"
      let lost = "7f1c1e1c-8d5d-4b53-9d5a-1c1a1b1c1d1e"
      let receipt = try #require(
        try cem("person", "add", "ada", "--name", "Ada", "--command-id", done, "--json").json()
          as? [String: Any])
      let program = try #require(receipt["programId"] as? String)
      let journal = cem.home.appending(path: ".local/state/cem/journal")
      for id in [done, lost] {
        try "{\"command\":\"person.add\",\"program\":\"\(program)\"}\n".write(
          to: journal.appending(path: id), atomically: false, encoding: .utf8)
      }
      let next = try cem("person", "list")
      #expect(
        next.errors.contains(
          "person.add (\(done)), which was interrupted, was recorded at position 2"))
      #expect(next.errors.contains("person.add (\(lost)), which was interrupted, was not recorded"))
      #expect(try cem("person", "list").errors == "")
    }
  }

  @Test(
    "Nothing is said of a command that the server may still be at, or that another database has")
  func leftoverThatIsNotKnownYet() throws {
    try withProgram { cem in
      let receipt = try #require(
        try cem("person", "add", "ada", "--name", "Ada", "--json").json() as? [String: Any])
      let program = try #require(receipt["programId"] as? String)
      let database = try #require(receipt["database"] as? String)
      let id = UUID()
      func leave(program: String, database: String) throws -> String {
        let path = cem.home.appending(
          path: ".local/state/cem/journal/\(id.uuidString.lowercased())")
        try "{\"command\":\"gap.record\",\"database\":\"\(database)\",\"program\":\"\(program)\"}\n"
          .write(to: path, atomically: false, encoding: .utf8)
        return path.path()
      }
      var path = try leave(program: program, database: database + "-copy")
      #expect(try cem("person", "list").errors == "" && access(path, F_OK) == 0)

      path = try leave(program: program, database: database)
      let server = try TestDatabase.current.connect()
      try server.execute("BEGIN")
      _ = try server.query("SELECT cem.lock_program(\(unsafeSQL: "'\(program)'"))")
      #expect(try cem("person", "list").errors == "" && access(path, F_OK) == 0)
      try server.execute("COMMIT")
      let said = try cem("person", "list").errors
      #expect(said.contains("gap.record (\(id.uuidString.lowercased()))"))
      #expect(said.contains("was not recorded") && access(path, F_OK) != 0)

      // One that was to be founded is in no program.
      path = try leave(program: UUID().uuidString.lowercased(), database: database)
      #expect(try cem("person", "list").errors.contains("was not recorded"))
      #expect(access(path, F_OK) != 0)
    }
  }

  @Test("An import begins where its input stands, and reads what cannot be read twice")
  func importsOfPipes() throws {
    try withProgram { cem in
      let rows = (1...3).map {
        "{\"command\":\"person.add\",\"id\":\"p\($0)\",\"name\":\"P \($0)\"}\n"
      }
      try rows.joined().write(
        to: cem.home.appending(path: "rows"), atomically: false, encoding: .utf8)
      let rest = try cem.shell("cd ~ && { read -r first; \"$CEM\" import - --json; } < rows")
      #expect(rest.status == 0, "\(rest.errors)")
      #expect(
        try cem("person", "list", "--json=id").json() as? [[String: String]] == [
          ["id": "p2"], ["id": "p3"],
        ])
      let pipe = try cem.shell("cd ~ && \"$CEM\" import <(cat rows)")
      #expect(pipe.status == 0, "\(pipe.errors)")
      #expect((try cem("person", "list", "--json=id").json() as? [[String: String]])?.count == 3)
    }
  }

  @Test(
    "A note that another client looks at, or takes away, is made all the same",
    arguments: [true, false])
  func noteUnderTheEyesOfAnother(takesAway: Bool) throws {
    try withProgram { cem in
      let id = "8f1c1e1c-8d5d-4b53-9d5a-1c1a1b1c1d1e"
      let path = cem.home.appending(path: ".local/state/cem/journal/\(id)").path()
      let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
      #expect(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      let running = try cem.start([
        "person", "add", "ada", "--name", "Ada", "--command-id", id,
      ])
      usleep(400_000)
      #expect(running.isRunning, "it waits")
      if takesAway { unlink(path) }
      close(descriptor)
      running.waitUntilExit()
      #expect(running.terminationStatus == 0)
      #expect(access(path, F_OK) != 0, "the command is done, and so is the note")
    }
  }

  @Test func dryRunWritesNothing() throws {
    try withProgram { cem in
      let dry = try cem("person", "add", "ada", "--name", "Ada", "--dry-run")
      #expect(dry.status == 0)
      #expect(dry.output.contains("would record person.added on person/ada version 1"))
      #expect(try cem("person", "list").output == "")
    }
  }

  @Test("A handover is about the person who gives, whatever comes first") func handover() throws {
    try withProgram { cem in
      for line in [
        "person add p1 --name One", "person add p2 --name Two",
        "department register a --name A --lead p1", "department register b --name B --lead p1",
      ] { #expect(try cem.shell("\"$CEM\" \(line)").status == 0) }
      let id = UUID().uuidString
      let command = ["person", "handover", "p1", "--to", "p2", "--command-id", id]
      let done = try cem(command)
      #expect(done.output.hasPrefix("p1 handed over (positions 6 to 7,"), "\(done)")
      #expect(try cem(command).output.hasPrefix("p1 handed over before"))
    }
  }

  @Test("What a command lacks is a matter of usage, whoever finds it") func omissions() throws {
    try withProgram { cem in
      _ = try cem("department", "register", "ssc", "--name", "SSC")
      _ = try cem("gap", "record", "--department", "ssc", "--link", "4", "--title", "Waits")
      for line in [
        "gap record --link 4 --title Waits", "gap amend GAP-1 --title New", "gap void GAP-1",
        "gap accept GAP-1 --until 2999-01-01", "department retire ssc", "gap close GAP-1",
      ] {
        let result = try cem.shell("\"$CEM\" \(line)")
        #expect(result.status == 64, "\(line): \(result)")
        #expect(result.errors.contains("hint: "), "\(line): \(result)")
      }
      let twice = try cem("department", "register", "ssc", "--name", "Other")
      #expect(twice.errors.hasPrefix("error: ssc already exists\n"), "\(twice)")
    }
  }

  @Test("What cannot be read or written is no bug, and says why") func files() throws {
    try withProgram { cem in
      for path in ["/tmp", "/nowhere.ndjson"] {
        let result = try cem("import", path, "--command", "gap.record")
        #expect(result.status == 66)
        #expect(result.errors.hasPrefix("error: \(path) cannot be read\ncause: "), "\(result)")
      }
      #expect(try cem.shell("\"$CEM\" import - --command gap.record < /tmp").status == 66)
      let full = try cem.shell("\"$CEM\" program show > /dev/full")
      #expect(full.status == 74)
      #expect(full.errors.contains("cause: No space left on device"), "\(full)")
      #expect(!full.errors.contains("report it"), "\(full)")
      // What was recorded is not to be repeated for want of a place to say so.
      _ = try cem("department", "register", "ssc", "--name", "SSC")
      let recorded = try cem.shell(
        "\"$CEM\" gap record --department ssc --link 1 --title T > /dev/full")
      #expect(recorded.status == 74)
      #expect(
        recorded.errors.contains("1 event is recorded, and the output cannot be written")
          && recorded.errors.contains("cem history show 3"), "\(recorded)")
      let tried = try cem.shell(
        "\"$CEM\" gap record --department ssc --link 1 --title T --dry-run > /dev/full")
      #expect(tried.status == 74 && !tried.errors.contains("is recorded"), "\(tried)")
    }
  }

  @Test func exitCodesTellErrorsApart() throws {
    try withProgram { cem in
      _ = try cem("department", "register", "ssc", "--name", "SSC")
      #expect(try cem("department", "register").status == 64)
      #expect(try cem("department", "add", "x").status == 64)
      #expect(try cem("department", "list", "--json=nope").status == 64)
      #expect(try cem("department", "register", "Not A Code", "--name", "x").status == 65)
      #expect(try cem("department", "register", "ssc", "--name", "Other").status == 65)
      #expect(try cem("department", "show", "nope").status == 66)
      #expect(try cem("department", "show", "ssc", "--program", "other").status == 66)
      let moved = try cem(
        "department", "amend", "ssc", "--name", "New", "--reason", "r", "--expect",
        "department/ssc@7", "--json")
      #expect(moved.status == 75)
      #expect(try moved.error()["code"] as? String == "version.moved")
    }
  }

  @Test("§0: as of a moment stands what was known then") func showsThePast() throws {
    try withProgram { cem in
      _ = try cem("department", "register", "ssc", "--name", "Old")
      _ = try cem("department", "amend", "ssc", "--name", "New", "--reason", "renamed")
      #expect(try cem("department", "list", "--json=name").output == "[{\"name\":\"New\"}]\n")
      let past = try cem("department", "list", "--as-of", "2", "--json=name")
      #expect(past.output == "[{\"name\":\"Old\"}]\n")
      #expect(past.errors.hasPrefix("as of position 2"))
      #expect(try cem("department", "list", "--as-of", "9").status == 65)
    }
  }

  @Test func listsSortAndLimit() throws {
    try withProgram { cem in
      for (code, name) in [("a", "Zeta"), ("b", "Alpha"), ("c", "Mid")] {
        _ = try cem("department", "register", code, "--name", name)
      }
      let sorted = try cem("department", "list", "--sort", "name", "--limit", "2", "--json=code")
      #expect(sorted.output == "[{\"code\":\"b\"},{\"code\":\"c\"}]\n")
      #expect(
        try cem("department", "list", "--sort=-name", "--limit", "1", "--json=code").output
          == "[{\"code\":\"a\"}]\n")
      #expect(try cem("department", "list", "--sort", "nope").status == 64)
      _ = try cem("department", "void", "b", "--reason", "mistake")
      #expect(try cem("department", "list", "--json=code").output.contains("\"b\"") == false)
      #expect(
        try cem("department", "list", "--state", "voided", "--json=code").output
          == "[{\"code\":\"b\"}]\n")
    }
  }

  @Test func closedPipesAreQuiet() throws {
    try withProgram { cem in
      let piped = try cem.shell("\"$CEM\" --help | true; echo ${PIPESTATUS[0]}")
      #expect(piped.output == "0\n")
      #expect(piped.errors == "")
      let full = try cem.shell("\"$CEM\" department list --json > /dev/full")
      #expect(full.status != 0)
      #expect(full.errors.hasPrefix("{\"error\":"))
    }
  }

  @Test func doctorAndWhoami() throws {
    try withProgram { cem in
      let doctor = try cem("doctor", "--json")
      // The test server gives up durability, which doctor must not let pass.
      #expect(doctor.status == 1)
      let findings = try #require(try doctor.json() as? [[String: Any]])
      func state(_ check: String) -> String? {
        findings.first { $0["check"] as? String == check }?["state"] as? String
      }
      #expect(state("durability") == "fail")
      #expect(state("schema") == "ok")
      #expect(state("login") == "warn")
      let me = try #require(try cem("whoami", "--json").json() as? [String: Any])
      #expect(me["superuser"] as? Bool == true)
      #expect(me["program"] as? String == "acme")
    }
  }

  @Test func plainLoginHasOnlyItsRights() throws {
    try withProgram { cem in
      let login = "clerk_\(UUID().uuidString.prefix(8).lowercased())"
      let admin = try TestDatabase.current.connect()
      try admin.execute("CREATE ROLE \(identifier: login) LOGIN")
      defer { _ = try? admin.execute("DROP ROLE \(identifier: login)") }
      var clerk = cem
      clerk.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: login)
      #expect(try clerk("department", "list").status == 77)
      _ = try cem("db", "roles", "add", login, "--role", "office")
      #expect(try clerk("department", "register", "ssc", "--name", "SSC").status == 0)
      _ = try cem("db", "roles", "revoke", login, "--role", "office")
      #expect(try clerk("department", "register", "hr", "--name", "HR").status == 77)
    }
  }
}

/// Calls that find no database.
@Suite struct NoDatabaseTests {
  @Test func databaseOutOfReach() throws {
    let cem = try CommandProcess(database: "host=/nonexistent dbname=cem")
    defer { cem.remove() }
    let result = try cem("department", "list", "--json")
    #expect(result.status == 69)
    #expect(try result.error()["code"] as? String == "database.unreachable")
  }

  @Test func noProgramYetStartsNothing() throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    let result = try cem("department", "list")
    #expect(result.status == 78)
    #expect(
      result.errors == "error: there is no program yet\nhint: cem init --program SLUG --name TEXT\n"
    )
    #expect(
      !FileManager.default.fileExists(atPath: cem.home.appending(path: ".local/share").path()))
  }

  @Test func profilesAreSavedAndNeverFallBack() throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    #expect(try cem("use", "work").status == 66)
    #expect(try cem("use", "work", "--database", "host=/nonexistent dbname=cem").status == 0)
    #expect(try cem("department", "list").status == 69)
    #expect(try cem("use", "work", "--forget").status == 0)
    _ = try cem("use", "a", "--database", "host=/nonexistent")
    _ = try cem("use", "b", "--database", "host=/nonexistent")
    #expect(try cem("use", "b", "--forget").status == 0)
    #expect(try cem("department", "list").status == 78)
  }

  @Test func passwordsAreRefusedAsOptions() throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    let result = try cem("department", "list", "--database", "postgresql://u:hunter2@localhost/x")
    #expect(result.status == 64)
    #expect(!result.errors.contains("hunter2"))
  }
}
