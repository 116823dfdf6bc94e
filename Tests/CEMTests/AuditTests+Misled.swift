import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// What an auditor could be led to believe although it is not so, by somebody else or by a slip of their own.
extension AuditTests {
  /// A program of five events with a checkpoint of them, `5.txt`.
  private func withCheckpoint(_ body: (CommandProcess) throws -> Void) throws {
    try withProgram { cem in
      try run(
        cem,
        """
        $CEM gap record --department ssc --link 4 --title Late --expected 0.9 --perceived 0.58 --unit ratio \\
          && $CEM audit checkpoint keygen --out log.key > vkey \\
          && $CEM audit checkpoint sign --key log.key --out 5.txt
        """)
      try body(cem)
    }
  }

  @Test("Operators that somebody made in another schema have no say in what is compared")
  func foreignOperator() throws {
    try withCheckpoint { cem in
      let root = try TestDatabase.current.connect()
      try root.execute(
        script: """
          UPDATE cem.gap_register SET perceived = 0.89 WHERE gap = 2;
          CREATE FUNCTION public.m(numeric, integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE $1 WHEN 0.89 THEN 580000 ELSE $1 OPERATOR(pg_catalog.*) $2::numeric END $$;
          CREATE OPERATOR public.* (leftarg = numeric, rightarg = integer, function = public.m);
          """)
      let found = try run(cem, "$CEM audit verify", status: 1)
      #expect(found.output.contains("gap_register 2 differs in perceived"))
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
    try withCheckpoint { cem in
      let kept = try run(cem, "$CEM audit verify")
      #expect(kept.output.contains("it keeps to 5 receipts and 1 checkpoint\n"))
      let none = try run(cem, "XDG_STATE_HOME=\"$HOME/none\" $CEM audit verify")
      #expect(none.output.contains("no receipt or checkpoint of it is kept here"))
      // The same program by another name of its database's place.
      let socket = try cem.shell(
        "ln -s \"$(echo \"$CEM_DATABASE_URL\" | grep -o 'host=[^ ]*' | cut -d= -f2 | tr -d \"'\")\" \"$HOME/s\""
      )
      #expect(socket.status == 0, "\(socket.errors)")
      let other = try run(
        cem, "$CEM audit verify --database \"$CEM_DATABASE_URL host=$HOME/s\"")
      #expect(other.errors.contains("in another database are kept here: --receipt /"))
    }
  }

  @Test("A checkpoint that was kept elsewhere is held against the log")
  func keptCheckpoint() throws {
    try withCheckpoint { cem in
      let verify = "XDG_STATE_HOME=\"$HOME/none\" $CEM audit verify --checkpoint 5.txt"
      let whole = try run(cem, "\(verify) --vkey $(cat vkey)")
      #expect(whole.output.contains("it keeps to 0 receipts and 1 checkpoint\n"))
      try run(cem, verify, status: 64)
      try run(
        cem, "sed 2s/5/6/ 5.txt > 6.txt; \(verify) --checkpoint 6.txt --vkey $(cat vkey)", status: 1
      )
      let root = try TestDatabase.current.connect()
      try root.execute(
        script: """
          ALTER TABLE cem.event DISABLE TRIGGER ALL;
          UPDATE cem.event SET actor = 'nobody' WHERE position = 2;
          """)
      let found = try run(cem, "\(verify) --vkey $(cat vkey)", status: 1)
      #expect(found.output.contains("has another root [checkpoint]"))
    }
  }

  @Test("Nothing that somebody keeps is written over by a checkpoint or a proof")
  func writingOver() throws {
    try withCheckpoint { cem in
      try run(cem, "cp log.key kept.key && cp vkey text")
      for out in ["log.key", "kept.key", "text"] {
        try run(cem, "$CEM audit checkpoint sign --key log.key --out \(out)", status: 65)
        try run(cem, "$CEM audit prove 3 --out \(out)", status: 65)
      }
      try run(cem, "cmp log.key kept.key && cmp vkey text")
      // Nor is a file that lies beside it, or one that a link beside it leads to.
      try run(cem, "echo mine | tee p.new victim && cp 5.txt q && ln -s victim q.new")
      try run(cem, "$CEM audit prove 3 --out p && $CEM audit checkpoint sign --key log.key --out q")
      try run(cem, "test $(cat p.new) = mine && test $(cat victim) = mine && test ! -L q")
      // A newer one of the same kind takes the place of an older one.
      try run(cem, "$CEM department register shop --name Shop")
      try run(cem, "cp 5.txt now.txt && $CEM audit checkpoint sign --key log.key --out now.txt")
      try run(cem, "$CEM audit prove 3 --out p && $CEM audit prove 4 --out p")
      // Nor is a proof written to a checkpoint of another log, which would say that this one is not whole.
      try run(cem, "$CEM init --program other --name Other")
      let prove = "$CEM audit prove 1 --program other --checkpoint 5.txt --out o"
      #expect(try run(cem, prove, status: 65).errors.contains("other is cem/"))
    }
  }

  @Test("Receipts that are of something else say nothing against the log")
  func otherReceipts() throws {
    try withCheckpoint { cem in
      try run(cem, "$CEM init --program other --name Other --json > other.json; : > empty.json")
      let other = try run(cem, "$CEM audit verify --receipt other.json --program acme", status: 1)
      #expect(other.errors.contains("the log of acme could not be held to all receipts"))
    }
  }

  @Test("What is drawn or replayed as evidence is what was recorded")
  func alteredEvidence() throws {
    try withCheckpoint { cem in
      try run(cem, "$CEM audit sample --size 5 --seed 1 && $CEM audit replay | cat")
      let root = try TestDatabase.current.connect()
      try root.execute(
        script: """
          ALTER TABLE cem.event DISABLE TRIGGER ALL;
          UPDATE cem.event SET private = '{"title":"All is well"}' WHERE position = 4;
          """)
      for verb in ["sample --size 5 --seed 1", "replay", "replay --stream GAP-1"] {
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
    try withCheckpoint { cem in
      try run(cem, "$CEM audit erase 4 --reason asked --yes")
      try run(
        cem, "$CEM audit recover --reason moved --from 4 --yes || $CEM audit recover --reason moved"
      )
      let verified = try run(cem, "$CEM audit verify")
      #expect(verified.output.contains("the words of 1 event were erased, as the log says"))
      #expect(verified.output.contains("it was restored from a backup (cem history show 7)"))
      let object = try run(cem, "$CEM audit verify --json").json() as? [String: Any]
      #expect(object?["erased"] as? Int == 1)
      #expect(object?["restoredAt"] as? [Int] == [7])
      // What is kept and no longer fits may be of what the restore took away, and is reported all the same.
      try TestDatabase.current.connect().execute(
        script: """
          ALTER TABLE cem.event DISABLE TRIGGER ALL;
          UPDATE cem.event SET actor = 'nobody' WHERE position = 2
          """)
      let found = try run(cem, "$CEM audit verify", status: 1)
      #expect(found.output.contains("has another root [checkpoint]"))
      #expect(found.output.contains("the log says that it was restored from a backup"))
    }
  }

  @Test("Of two bundles that are written into one folder at once one is there in the end")
  func exportsAtOnce() throws {
    try withCheckpoint { cem in
      let both = """
        rm -rf b; export() { "$CEM" audit export --out b >/dev/null 2>&1 && echo done; }
        (export & export & wait) | grep -c done
        """
      for _ in 1...5 {
        #expect(try run(cem, both).output == "1\n")
        try run(cem, "$CEM audit verify --offline b --vkey $(cat vkey)")
      }
    }
  }

  @Test("Receipts of a copy are named whatever is kept here, and what cannot be read is not none")
  func receiptsElsewhere() throws {
    try withCheckpoint { cem in
      #expect(!(try run(cem, "$CEM audit verify").errors.contains("another database")))
      try run(cem, "cd ~/.local/state/cem/receipts && cp -r * moved-12345678")
      let verified = try run(cem, "$CEM audit verify")
      #expect(
        verified.errors.contains("receipts of this program in another database are kept here"))
      // A folder that leads to itself: even root cannot read it.
      try run(
        cem,
        "cd ~/.local/state/cem/receipts && rm -r moved-12345678 && own=$(echo *) && rm -r $own && ln -s $own $own"
      )
      let unread = try run(cem, "$CEM audit verify", status: 1)
      #expect(unread.output.contains("the kept receipts cannot be read"), "\(unread)")
    }
  }

  @Test("Numbers that no event led to end a command with an error, and a lost head is called one")
  func damagedTables() throws {
    try withCheckpoint { cem in
      let root = try TestDatabase.current.connect()
      let record = "$CEM gap record --department ssc --link 4 --title Again"
      let entity = EntityTable.table.relation
      for (change, command) in [
        ("number = 2147483647", record),
        ("version = 2147483647", "$CEM gap reassess GAP-2 --perceived 0.2"),
      ] {
        try root.execute(
          "UPDATE \(entity) SET \(unsafeSQL: change) WHERE kind = 'gap' AND number = 2")
        let refused = try run(cem, command, status: 65)
        #expect(refused.errors.contains("that no event led to"), "\(refused.errors)")
        #expect(refused.errors.contains("hint: cem projection rebuild"))
        try run(cem, "$CEM projection rebuild && \(command) --dry-run")
      }
      try root.execute("DELETE FROM cem.head")
      for command in ["$CEM audit verify", record] {
        #expect(try run(cem, command, status: 78).errors.contains("the program's head is gone"))
      }
    }
  }

  @Test("Settings of a database have no say in how texts are read and written")
  func settings() throws {
    try withCheckpoint { cem in
      let database = TestDatabase.current
      try database.connect().execute(
        script: """
          ALTER DATABASE "\(database.name)" SET standard_conforming_strings = off;
          ALTER DATABASE "\(database.name)" SET quote_all_identifiers = on
          """)
      try run(cem, "$CEM gap record --department ssc --link 4 --title Again && $CEM audit verify")
      let doctor = try run(cem, "$CEM doctor --json=check,state || true")
      let findings = try #require(try doctor.json() as? [[String: Any]])
      for check in ["triggers", "definitions"] {
        #expect(findings.first { $0["check"] as? String == check }?["state"] as? String == "ok")
      }
    }
  }

  @Test("A bundle that could not be written leaves nothing behind")
  func failedExport() throws {
    try withCheckpoint { cem in
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
