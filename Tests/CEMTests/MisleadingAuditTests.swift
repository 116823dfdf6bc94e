import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// What an auditor could be led to believe although it is not so, by somebody else or by a slip of their own.
@Suite(.database(.migrated)) struct MisleadingAuditTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for command in [
      "init --program acme --name Acme", "department register ssc --name SSC",
      "department register web --name Web",
      "gap record --department ssc --link 4 --title Wait --expected 0.9 --perceived 0.58 --unit ratio",
      "audit checkpoint keygen --out log.key > vkey",
      "audit checkpoint sign --key log.key --out 4.txt",
    ] {
      _ = try run(cem, "$CEM \(command)")
    }
    try body(cem)
  }

  /// Runs a line of shell in the home folder.
  @discardableResult
  private func run(
    _ cem: CommandProcess, _ line: String, status: Int32 = 0,
    _ location: SourceLocation = #_sourceLocation
  ) throws -> CommandProcess.Result {
    let result = try cem.shell("cd \"$HOME\" && " + line)
    #expect(
      result.status == status, "\(line)\n\(result.output)\(result.errors)",
      sourceLocation: location)
    return result
  }

  @Test("Operators that somebody made in another schema have no say in what is compared")
  func foreignOperator() throws {
    try withProgram { cem in
      let root = try TestDatabase.current.connect()
      try root.execute(
        script: """
          UPDATE cem.gap_register SET perceived = 0.89;
          CREATE FUNCTION public.m(numeric, integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE $1 WHEN 0.89 THEN 580000 ELSE $1 OPERATOR(pg_catalog.*) $2::numeric END $$;
          CREATE OPERATOR public.* (leftarg = numeric, rightarg = integer, function = public.m);
          """)
      let found = try run(cem, "$CEM audit verify", status: 1)
      #expect(found.output.contains("gap_register 1 differs in perceived"))
      // Nor does the order in which a database looks for names make `doctor` say what is not so.
      try root.execute(
        script:
          "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = cem, public', current_database()); END $$"
      )
      let doctor = try cem.shell("$CEM doctor --format csv")
      #expect(doctor.output.contains("objects"), "\(doctor.errors)")
      #expect(!doctor.output.contains("is another one"), "\(doctor.output)")
    }
  }

  @Test("That nothing kept was compared is said")
  func nothingKept() throws {
    try withProgram { cem in
      let kept = try run(cem, "$CEM audit verify")
      #expect(kept.output.contains("it keeps to 4 receipts and 1 checkpoints"))
      let none = try run(cem, "XDG_STATE_HOME=\"$HOME/none\" $CEM audit verify")
      #expect(none.output.contains("no receipt or checkpoint of it is kept here"))
      // The same program by another name of its database.
      let other = try run(
        cem, "$CEM audit verify --database \"$CEM_DATABASE_URL application_name=other\"")
      #expect(other.status == 0)
    }
  }

  @Test("A checkpoint that was kept elsewhere is held against the log")
  func keptCheckpoint() throws {
    try withProgram { cem in
      let verify = "XDG_STATE_HOME=\"$HOME/none\" $CEM audit verify --checkpoint 4.txt"
      let whole = try run(cem, "\(verify) --vkey $(cat vkey)")
      #expect(whole.output.contains("it keeps to 0 receipts and 1 checkpoints"))
      try run(cem, verify, status: 64)
      try run(
        cem, "sed s/4/5/ 4.txt > 5.txt; \(verify) --checkpoint 5.txt --vkey $(cat vkey)", status: 1)
      let root = try TestDatabase.current.connect()
      try root.execute(
        script: """
          ALTER TABLE cem.event DISABLE TRIGGER ALL;
          UPDATE cem.event SET actor = 'nobody' WHERE position = 2;
          """)
      let found = try run(cem, "\(verify) --vkey $(cat vkey)", status: 1)
      #expect(found.output.contains("a checkpoint") || found.output.contains("another root"))
    }
  }

  @Test("Nothing that somebody keeps is written over by a checkpoint or a proof")
  func writingOver() throws {
    try withProgram { cem in
      try run(cem, "cp log.key kept.key && cp vkey text")
      for out in ["log.key", "kept.key", "text"] {
        try run(cem, "$CEM audit checkpoint sign --key log.key --out \(out)", status: 65)
        try run(cem, "$CEM audit prove 3 --out \(out)", status: 65)
      }
      try run(cem, "cmp log.key kept.key && cmp vkey text")
      // A newer one of the same kind takes the place of an older one.
      try run(cem, "$CEM department register shop --name Shop")
      try run(cem, "cp 4.txt now.txt && $CEM audit checkpoint sign --key log.key --out now.txt")
      try run(cem, "$CEM audit prove 3 --out p && $CEM audit prove 4 --out p")
      // Nor is a proof written to a checkpoint of another log, which would say that this one is not whole.
      try run(cem, "$CEM init --program other --name Other")
      let prove = "$CEM audit prove 1 --program other --checkpoint 4.txt --out o"
      #expect(try run(cem, prove, status: 65).errors.contains("other is cem/"))
    }
  }

  @Test("Receipts that are of something else say nothing against the log")
  func otherReceipts() throws {
    try withProgram { cem in
      try run(cem, "$CEM init --program other --name Other --json > other.json; : > empty.json")
      let other = try run(cem, "$CEM audit verify --receipt other.json --program acme", status: 1)
      #expect(other.errors.contains("the log of acme could not be held to all receipts"))
    }
  }

  @Test("What is drawn or replayed as evidence is what was recorded")
  func alteredEvidence() throws {
    try withProgram { cem in
      try run(cem, "$CEM audit sample --size 4 --seed 1 && $CEM audit replay | cat")
      let root = try TestDatabase.current.connect()
      try root.execute(
        script: """
          ALTER TABLE cem.event DISABLE TRIGGER ALL;
          UPDATE cem.event SET private = '{"title":"All is well"}' WHERE position = 4;
          """)
      for verb in ["sample --size 4 --seed 1", "replay", "replay --stream GAP-1"] {
        let found = try run(cem, "$CEM audit \(verb)", status: 1)
        #expect(found.errors.contains("position 4 is not what was recorded"))
      }
    }
  }

  @Test("Hashes stand in CSV as they are, whatever they begin with")
  func hashesInCSV() {
    let hash = "+sbAAuDG+3VAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    #expect(CSV.line([.text(hash)]) == "\(hash)\r\n")
    #expect(CSV.line([.text("+1+1")]) == "'+1+1\r\n")
    #expect(CSV.line([.text("=\(hash.dropFirst())")]) == "'=\(hash.dropFirst())\r\n")
  }

  @Test("Erasures and restores are told of")
  func told() throws {
    try withProgram { cem in
      try run(cem, "$CEM audit erase 4 --reason asked --yes")
      try run(
        cem, "$CEM audit recover --reason moved --from 4 --yes || $CEM audit recover --reason moved"
      )
      let verified = try run(cem, "$CEM audit verify")
      #expect(verified.output.contains("the words of 1 events were erased, as the log says"))
      #expect(verified.output.contains("it was restored from a backup (cem history show 6)"))
      let object = try run(cem, "$CEM audit verify --json").json() as? [String: Any]
      #expect(object?["erased"] as? Int == 1)
      #expect(object?["restoredAt"] as? [Int] == [6])
    }
  }

  @Test("A bundle that could not be written leaves nothing behind")
  func failedExport() throws {
    try withProgram { cem in
      try run(cem, "$CEM audit export --out b --department nowhere", status: 66)
      try run(cem, "test ! -e b && mkdir b")
      try run(cem, "$CEM audit export --out b --department nowhere", status: 66)
      try run(cem, "test -z \"$(ls b)\" && $CEM audit export --out b")
      // What a bundle that does not hold discloses is not said.
      try run(cem, "sed -i 's/\"Web/\"Wob/' b/events.ndjson")
      let found = try run(cem, "$CEM audit verify --offline b --vkey $(cat vkey)", status: 1)
      #expect(!found.output.contains("complete"))
    }
  }
}
