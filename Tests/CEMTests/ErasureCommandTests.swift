import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing
import TransparencyLog

@testable import cem

/// `cem audit erase` and `recover` by the built program.
@Suite(.database(.migrated)) struct ErasureCommandTests {
  private func withProgram(_ body: (CommandProcess, CommandProcess) throws -> Void) throws {
    let office = try CommandProcess(database: TestDatabase.current.conninfo(user: "approver"))
    defer { office.remove() }
    var owner = office
    owner.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "owner")
    try office.script([
      "init --program acme --name Acme", "person add ada --name 'Ada Byron'",
      "department register ssc --name SSC --lead ada",
      "gap record --department ssc --link 1 --title 'Ada Byron waits'",
    ])
    try body(office, owner)
  }

  @Test("§0: a person's name can be erased, wherever it stands") func aPersonIsErased() throws {
    try withProgram { (office, owner) throws in
      let dry = try office(
        "audit", "erase", "--person", "ada", "--dry-run", "--json=position,cause")
      #expect(
        dry.output
          == "[{\"position\":2,\"cause\":\"person\"},{\"position\":4,\"cause\":\"mentioned\"}]\n")
      #expect(dry.errors.contains("Out of reach"))
      #expect(dry.errors.contains("free space in the tables' files until it is written over"))
      #expect(
        try office("audit", "erase", "--person", "ada", "--reason", "r", "--yes").status == 77)
      // Nobody at a terminal, and no --yes.
      #expect(try owner("audit", "erase", "--person", "ada", "--reason", "r").status == 64)
      #expect(try office("person", "show", "ada", "--json=name").output.contains("Ada Byron"))

      let done = try owner("audit", "erase", "--person", "ada", "--reason", "asked", "--yes")
      #expect(done.status == 0, "\(done.errors)")
      #expect(done.output.contains("erased the private data of 2 events"))
      #expect(done.errors.contains("Ada Byron") && done.errors.contains("Out of reach"))
      #expect(try office("person", "list", "--format", "table").output.contains("(erased)"))
      #expect(try office("gap", "show", "1", "--json=title").output == "{\"title\":null}\n")
      let event = try #require(
        try office("history", "show", "2", "--json").json() as? [String: Any])
      #expect((event["data"] as? [String: Any])?["erased"] as? Bool == true)
      let dump = try TestDatabase.current.connect().query(
        """
        SELECT concat((SELECT json_agg(e) FROM cem.event e), (SELECT json_agg(e) FROM cem.entity_v3 e),
          (SELECT json_agg(g) FROM cem.gap_register g))
        """
      ).one(String.self)
      #expect(!dump.contains("Byron"))
      let again = try owner("audit", "erase", "--person", "ada", "--reason", "asked", "--yes")
      #expect(again.status == 0 && again.output.contains("nothing is left to erase"))
      // What a correction takes the place of was there.
      let amended = try office("gap", "amend", "GAP-1", "--title", "Waits", "--reason", "r")
      #expect(amended.output.contains("  title  (erased) → Waits\n"), "\(amended)")
      let verified = try office("audit", "verify")
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }
  }

  /// Somebody at a terminal sees what goes and is asked; only a whole yes erases.
  @Test(
    arguments: [
      ("no\\n", false, 0), ("\\n", false, 0), ("y\\n", false, 0), ("\\004", false, 0),
      ("\\003", false, 130), ("YES\\n", true, 0), ("yes\\n", true, 0),
    ] as [(String, Bool, Int32)])
  func somebodyIsAsked(keys: String, erases: Bool, status: Int32) throws {
    try withProgram { (office, owner) throws in
      var person = owner
      person.environment["LINE"] =
        "stty cols 100; \"$CEM\" audit erase --person ada --reason asked --color never"
      person.environment["TERM"] = "xterm"
      // What is typed comes once the question is there.
      let typed = try person.shell(
        #"""
        mkfifo keys; (exec 3>keys; until grep -q 'Type yes' shown; do sleep 0.05; done; printf '\#(keys)' >&3; sleep 0.5) &
        script -qefc "$LINE" shown <keys >/dev/null; echo $?
        """#.replacingOccurrences(of: "keys;", with: "\"$HOME\"/keys;")
          .replacingOccurrences(of: "3>keys", with: "3>\"$HOME\"/keys")
          .replacingOccurrences(of: "<keys", with: "<\"$HOME\"/keys")
          .replacingOccurrences(of: "shown", with: "\"$HOME\"/shown"))
      let shown = try String(contentsOf: owner.home.appending(path: "shown"), encoding: .utf8)
      #expect(typed.output == "\(status)\n", "\(shown)")
      #expect(shown.contains("this would be erased for good:"), "\(shown)")
      #expect(shown.contains("Ada Byron") && shown.contains("mentioned"), "\(shown)")
      #expect(shown.contains("Out of reach"))
      #expect(shown.contains("Erase the private data of these 2 events? Type yes:"))
      #expect(shown.contains("nothing was erased") == !erases, "\(shown)")
      #expect(shown.contains("erased the private data of 2 events") == erases, "\(shown)")
      let title = try office("gap", "show", "1", "--json=title").output
      #expect(title == (erases ? "{\"title\":null}\n" : "{\"title\":\"Ada Byron waits\"}\n"))
    }
  }

  @Test func nobodyIsAsked() throws {
    try withProgram { (office, owner) throws in
      for line in [
        "\"$CEM\" audit erase --person ada --reason r </dev/null",
        "echo yes | \"$CEM\" audit erase --person ada --reason r",
        "echo yes | \"$CEM\" audit erase --person ada --reason r --json | cat; exit ${PIPESTATUS[1]}",
      ] {
        let refused = try owner.shell(line)
        #expect(refused.status == 64, "\(line)")
        #expect(refused.errors.hasPrefix("this would be erased for good:\n"))
        #expect(refused.errors.contains("nobody is at the terminal to confirm it"))
        #expect(refused.errors.contains("add --yes, after a look at --dry-run"))
        #expect(refused.output.isEmpty)
      }
      #expect(try office("gap", "show", "1", "--json=title").output.contains("Byron"))
    }
  }

  @Test func refusals() throws {
    try withProgram { (office, owner) throws in
      #expect(try owner("audit", "erase").status == 64)
      #expect(try owner("audit", "erase", "2", "--person", "ada", "--reason", "r").status == 64)
      #expect(try owner("audit", "erase", "2").status == 64)
      #expect(try owner("audit", "erase", "99", "--reason", "r", "--yes").status == 66)
      #expect(try owner("audit", "erase", "--person", "bob", "--reason", "r").status == 66)
      #expect(try office("audit", "recover", "--reason", "r").status == 77)
      #expect(try owner("audit", "recover", "--from", "99", "--reason", "r").status == 66)
    }
  }

  @Test func afterARestoreNoOldKeySigns() throws {
    try withProgram { (office, owner) throws in
      let key = office.home.appending(path: "key").path()
      let made = try office("audit", "checkpoint", "keygen", "--out", key)
      #expect(made.status == 0, "\(made.errors)")
      #expect(try office("audit", "checkpoint", "sign", "--key", key).status == 0)
      let recovered = try owner("audit", "recover", "--reason", "disk lost")
      #expect(recovered.status == 0 && recovered.errors.contains("/restored-1"))
      let refused = try office("audit", "checkpoint", "sign", "--key", key, "--json")
      #expect(refused.status == 65)
      #expect(try refused.error()["code"] as? String == "key.other-origin")
      let fresh = office.home.appending(path: "fresh").path()
      #expect(try office("audit", "checkpoint", "keygen", "--out", fresh).status == 0)
      let signed = try office("audit", "checkpoint", "sign", "--key", fresh)
      #expect(signed.status == 0 && signed.output.contains("/restored-1\n"), "\(signed.errors)")

      // What was signed of more events before they were lost says nothing of the log as it is now.
      let shelf = try office.shell("dirname ~/.local/state/cem/checkpoints/*/*/*.txt | sort -u")
        .output
      let old = try SignerKey.generate(
        name: KeyName("cem/" + String(shelf.trimmed.suffix(36))), algorithm: .ed25519)
      let lost = try SignedCheckpoint(
        Checkpoint(
          origin: old.verifier.name.description, size: 1_000, root: MerkleTree.emptyRoot),
        signedBy: old)
      try "\(old.verifier)\n\n\(String(decoding: lost.encoded, as: UTF8.self))".write(
        toFile: shelf.trimmed + "/000000001000-0.txt", atomically: false, encoding: .utf8)
      for arguments in [
        ["audit", "export", "--out", office.home.appending(path: "bundle").path()],
        ["audit", "prove", "1", "--out", office.home.appending(path: "proof").path()],
      ] {
        let result = try office.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
      }
    }
  }

  @Test("What a vacuum could not remove is said, with who is in the way, until it is done")
  func olderSnapshots() throws {
    try withProgram { (office, owner) throws in
      let erase = ["audit", "erase", "--person", "ada", "--reason", "asked", "--yes"]
      let remains = "the erased text is still on the disk"
      let reader = try TestDatabase.current.connect()
      try reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
      let process = try reader.query("SELECT pg_backend_pid() FROM cem.head").one(Int.self)

      let done = try owner(erase)
      #expect(done.status == 0 && done.errors.contains(remains), "\(done)")
      #expect(done.errors.contains("postgres (process \(process))"), "\(done.errors)")
      let again = try owner(erase)
      #expect(again.output.contains("nothing is left to erase"))
      #expect(again.errors.contains("postgres (process \(process))"), "\(again.errors)")

      try reader.execute("ROLLBACK")
      // As after a kill between the commit and the vacuum.
      func dead() throws -> Int {
        try reader.query("SELECT pg_stat_get_dead_tuples('cem.event'::regclass)").one(Int.self)
      }
      #expect(try dead() > 0)
      #expect(try !owner(erase).errors.contains("warning"))
      #expect(try dead() == 0)
    }
  }

  @Test("The owner's right is taken from a role of any name") func ownershipOfOddNames() throws {
    let root = try TestDatabase.current.connect()
    let role = "Ada O'Brien \(TestDatabase.current.name)"
    try root.execute("CREATE ROLE \(identifier: role)")
    defer { _ = try? root.execute("DROP ROLE \(identifier: role)") }
    try root.execute("GRANT cem_owner TO \(identifier: role)")
    try PrivateDatabase.takeOwnership(root, from: role)
    let isOwner = try root.query("SELECT pg_has_role(\(role), 'cem_owner', 'MEMBER')")
    #expect(try !isOwner.one(Bool.self))
  }

  /// A program with one person in a private database, which is to be uninstalled.
  private func privateProgram() throws -> CommandProcess {
    let cem = try CommandProcess(database: nil)
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    try #require(try cem("person", "add", "ada", "--name", "Ada Byron").status == 0)
    return cem
  }

  @Test(
    "The owner's right goes with an erasure that is ended, and with the next command after one that was killed"
  )
  func ownershipEnds() throws {
    let cem = try privateProgram()
    defer {
      _ = try? cem("db", "uninstall-local", "--yes")
      cem.remove()
    }
    let status = try #require(try cem("db", "status", "--json").json() as? [String: Any])
    let socket = try #require(status["socket"] as? String)
    let folder = String(socket[..<(socket.range(of: "/.s.PGSQL")?.lowerBound ?? socket.endIndex)])
    let administrator = try Connection.open("host=\(folder) user=cem_admin dbname=cem")
    func owners() throws -> [String] {
      try administrator.query(
        "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'cem_owner'::regrole"
      ).decode(String.self)
    }
    #expect(try owners() == [])
    try administrator.execute("BEGIN")
    _ = try administrator.query("SELECT FROM cem.head FOR UPDATE")
    let erasing = try cem.start(["audit", "erase", "2", "--reason", "a test", "--yes"])
    usleep(700_000)
    erasing.terminate()
    erasing.waitUntilExit()
    #expect(erasing.terminationStatus == 130)
    try administrator.execute("ROLLBACK")
    #expect(try owners() == [])

    let worker = try administrator.query(
      """
      SELECT rolname::text FROM pg_roles WHERE pg_has_role(oid, 'cem_approver', 'MEMBER') \
      AND NOT rolsuper AND rolcanlogin
      """
    ).one(String.self)
    try administrator.execute("GRANT cem_owner TO \(identifier: worker)")
    #expect(try cem("person", "list").status == 0)
    #expect(try owners() == [])

    // Two at once take turns.
    try #require(try cem("person", "add", "bob", "--name", "Bob").status == 0)
    let both = try cem.shell(
      """
      for position in 2 3; do
        "$CEM" audit erase $position --reason r --yes >/dev/null 2>"$HOME/$position" & ids="$ids $!"
      done
      for id in $ids; do wait "$id"; echo $?; done; grep -hE 'warning|error' "$HOME/2" "$HOME/3"
      """)
    #expect(both.output == "0\n0\n")
    #expect(try owners() == [])
  }

  @Test func aPrivateDatabaseIsHealthyAndErases() throws {
    let cem = try privateProgram()
    defer {
      _ = try? cem("db", "uninstall-local", "--yes")
      cem.remove()
    }
    let doctor = try cem("doctor", "--json=check,state,message")
    #expect(doctor.status == 0)
    let findings = try #require(try doctor.json() as? [[String: Any]])
    #expect(findings.filter { $0["state"] as? String != "ok" }.isEmpty, "\(doctor.output)")
    #expect(findings.count > 15)
    let erased = try cem("audit", "erase", "2", "--reason", "a test", "--yes")
    #expect(erased.status == 0, "\(erased.errors)")
    #expect(try cem("person", "list").output.contains("(erased)"))
    // The right is gone again with the erasure.
    let roles = try cem("db", "roles", "--json=login,roles")
    #expect(roles.output.contains("cem_owner") == false || roles.output.contains("cem_admin"))
    #expect(try cem("doctor").status == 0)
  }
}
