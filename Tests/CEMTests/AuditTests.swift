import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing
import TransparencyLog

@testable import cem

/// `cem audit` as an auditor uses it: the built program against a real server.
@Suite(.database(.migrated)) struct AuditTests {
  func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme", "department register ssc --name SSC",
        "department register web --name Web", "gap record --department ssc --link 4 --title Wait",
      ], body)
  }

  /// Runs a line of shell in the home folder.
  @discardableResult
  func run(
    _ cem: CommandProcess, _ line: String, status: Int32 = 0,
    _ location: SourceLocation = #_sourceLocation
  ) throws -> CommandProcess.Result {
    let result = try cem.shell("cd \"$HOME\" && " + line)
    #expect(
      result.status == status, "\(line)\n\(result.output)\(result.errors)",
      sourceLocation: location)
    return result
  }

  private func receiptsFile(_ cem: CommandProcess) throws -> URL {
    let found = try cem.shell("find \"$HOME\" -path '*receipts*' -name '*.ndjson'").output
    return URL(filePath: String(try #require(found.split(separator: "\n").first)))
  }

  @Test func everyReceiptIsKeptAndTheLogIsHeldToIt() throws {
    try withProgram { cem in
      let listed = try #require(try run(cem, "$CEM audit receipts --json").json() as? [Any])
      #expect(listed.count == 4)
      for (limit, count) in [("1", 1), ("0", 4), ("9", 4)] {
        let some = try run(cem, "$CEM audit receipts --limit \(limit) --json=treeSize").json()
        let sizes = (some as? [[String: Any]])?.compactMap { $0["treeSize"] as? Int }
        #expect(sizes == Array([1, 2, 3, 4].suffix(count)))
      }
      let verified = try run(cem, "$CEM audit verify --json").json() as? [String: Any]
      #expect(verified?["ok"] as? Bool == true)
      #expect(verified?["receipts"] as? Int == 4)
      #expect(verified?["treeSize"] as? Int == 4)
      // One receipt as a pipe gets it, checked by itself.
      _ = try run(cem, "$CEM gap record --department ssc --link 4 --title Two --json > one.json")
      _ = try run(cem, "$CEM audit verify --receipt one.json")
      _ = try run(cem, "sed -i 's/treeSize\":5/treeSize\":4/' one.json")
      _ = try run(cem, "$CEM audit verify --receipt one.json", status: 1)
      _ = try run(cem, "$CEM audit verify --receipt missing.json", status: 66)
    }
  }

  @Test(
    "The receipts of commands whose client was killed after the commit are kept by the next one")
  func receiptsOfAKilledClient() throws {
    try withProgram { cem in
      let file = try receiptsFile(cem)
      let all = try String(contentsOf: file, encoding: .utf8)
      let kept = KeptReceipt.read(Array(all.utf8)).receipts
      let (first, second) = (kept[2], kept[3])
      let (id, other) = (first.commandID.uuidString.lowercased(), second.commandID.uuidString)
      _ = try run(
        cem, "head -n 2 '\(file.path())' >two && rm '\(file.path())' && mkdir '\(file.path())'")
      try """
      {"command":"\(first.command)","commandId":"\(id)","program":"\(first.programID)",\
      "database":"\(first.database)","others":[{"command":"\(second.command)","commandId":"\(other)"}]}
      """.write(
        to: cem.home.appending(path: ".local/state/cem/journal/\(id)"), atomically: false,
        encoding: .utf8)
      // Until it can be kept it is not forgotten.
      for _ in 0..<2 {
        let failed = try cem("person", "list").errors
        #expect(failed.contains("was recorded at position 3"), "\(failed)")
        #expect(failed.contains("the receipt was not kept"), "\(failed)")
      }
      _ = try run(cem, "rmdir '\(file.path())' && mv two '\(file.path())'")
      #expect(try cem("person", "list").errors.contains("was recorded at position 3"))
      #expect(try cem("person", "list").errors == "")
      let found = try KeptReceipt.read(Array(Data(contentsOf: file)))
      #expect(found.problems.isEmpty && found.receipts.count == 4)
      #expect(found.receipts.map(\.rootHash) == kept.map(\.rootHash))
      #expect(found.receipts.map(\.commandID) == kept.map(\.commandID))
      _ = try run(cem, "$CEM audit verify")
    }
  }

  @Test("A log that ends before what a kept receipt covers is told of by the next write, once")
  func lostTail() throws {
    try withProgram { cem in
      let file = try receiptsFile(cem)
      let last = try #require(KeptReceipt.read(Array(Data(contentsOf: file))).receipts.last)
      var receipt = try Receipt.standing(
        TestDatabase.current.connect(), programID: last.programID, command: "import",
        reference: nil)
      receipt.treeSize = 9
      try #require(try cem("person", "add", "a", "--name", "A").errors == "")
      let line = IssuedReceipt(receipt: receipt, program: "acme", database: last.database).line
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(line.utf8))
      let warned = try cem("person", "add", "b", "--name", "B")
      #expect(warned.status == 0)
      #expect(
        warned.errors.contains(
          "the log ended before position 6, and your receipts cover it up to 9"))
      #expect(warned.errors.contains("cem audit verify"))
      #expect(try cem("person", "add", "c", "--name", "C").errors == "")
    }
  }

  @Test func everyFieldOfAReceiptThatTheLogHasIsCompared() throws {
    try withProgram { cem in
      _ = try run(
        cem, "$CEM gap record --department ssc --link 4 --title Two --json > \"$HOME/one.json\"")
      let line = try String(contentsOf: cem.home.appending(path: "one.json"), encoding: .utf8)
      let end = try #require(line.range(of: ",\"receiptHash\""))
      let stated = String(line[..<end.lowerBound])
      for (old, new) in [
        ("", ""), ("\"command\":\"gap.record\"", "\"command\":\"gap.close\""),
        ("\"ref\":\"GAP-", "\"ref\":\"GAP-9"), ("\"recordedAt\":\"20", "\"recordedAt\":\"19"),
        ("\"dryRun\":false", "\"dryRun\":true"),
      ] {
        let text = old.isEmpty ? stated : stated.replacingOccurrences(of: old, with: new)
        #expect(old.isEmpty || text != stated, "\(old)")
        try "\(text),\"receiptHash\":\"\(Hash.sha256(utf8: text).base64)\"}\n"
          .write(to: cem.home.appending(path: "r.json"), atomically: false, encoding: .utf8)
        _ = try run(cem, "$CEM audit verify --receipt r.json", status: old.isEmpty ? 0 : 1)
      }
    }
  }

  @Test func receiptsOfAnotherProgramOfTheSlugAreSaid() throws {
    try withProgram { cem in
      let file = try receiptsFile(cem)
      let text = try String(contentsOf: file, encoding: .utf8)
      let id = file.deletingPathExtension().lastPathComponent
      let other = UUID().uuidString.lowercased()
      // As if the program had been replaced after these were given.
      let lines = text.split(separator: "\n").map { line in
        let empty = line.replacing(id, with: other)
          .replacing(
            /"events":\[.*\],"recordedAt":"[^"]*"/, with: "\"events\":[],\"recordedAt\":null")
        let stated = empty[..<(empty.range(of: ",\"receiptHash\"")?.lowerBound ?? empty.endIndex)]
        return "\(stated),\"receiptHash\":\"\(Hash.sha256(utf8: String(stated)).base64)\"}\n"
      }
      try lines.joined().write(
        to: file.deletingLastPathComponent().appending(path: "\(other).ndjson"),
        atomically: false, encoding: .utf8)
      // Receipts of the new one do not make the old ones good.
      let both = try run(cem, "$CEM audit verify", status: 1)
      #expect(both.output.contains("\(other).ndjson away"))
      try FileManager.default.removeItem(at: file)
      let found = try run(cem, "$CEM audit verify --json", status: 1)
      #expect(found.output.contains("the whole program may have been replaced"))
    }
  }

  @Test func anImportLeavesOneReceipt() throws {
    try withProgram { cem in
      try
        "{\"command\":\"gap.record\",\"key\":\"1\",\"department\":\"ssc\",\"link\":4,\"title\":\"T\"}\n"
        .write(to: cem.home.appending(path: "i.ndjson"), atomically: false, encoding: .utf8)
      _ = try run(cem, "$CEM import i.ndjson")
      let listed = try run(cem, "$CEM audit receipts --json=command,treeSize").output
      #expect(listed.contains("{\"command\":\"import\",\"treeSize\":5}"))
      // Again it records nothing, and there is nothing to keep.
      _ = try run(cem, "$CEM import i.ndjson")
      #expect(try run(cem, "$CEM audit receipts").output.split(separator: "\n").count == 5)
    }
  }

  @Test func aTornReceiptIsCutOffAndADamagedOneReported() throws {
    try withProgram { cem in
      let file = try receiptsFile(cem)
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("{\"command\":\"gap.rec".utf8))
      try handle.close()
      _ = try run(cem, "$CEM audit verify", status: 1)
      _ = try run(cem, "$CEM gap record --department ssc --link 4 --title Next")
      _ = try run(cem, "$CEM audit verify")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.split(separator: "\n").count == 5)
      try text.replacingOccurrences(of: "\"acme\"", with: "\"acmf\"")
        .write(to: file, atomically: false, encoding: .utf8)
      let bad = try run(cem, "$CEM audit verify --json", status: 1).json() as? [String: Any]
      #expect((bad?["problems"] as? [Any])?.count == 5)
      _ = try run(cem, "$CEM audit receipts", status: 1)
    }
  }

  @Test func aLogThatWasCutOffOrRewrittenDoesNotKeepToItsReceipts() throws {
    try withProgram { cem in
      let connection = try TestDatabase.current.connect()
      for table in ["event", "tree_node"] {
        try connection.execute("ALTER TABLE cem.\(identifier: table) DISABLE TRIGGER ALL")
      }
      // The last event, and the head as it was before it: whole by itself.
      try connection.execute("DELETE FROM cem.event WHERE position = 4")
      try connection.execute(
        """
        UPDATE cem.head SET position = 3, \
        recorded_at = (SELECT recorded_at FROM cem.event WHERE position = 3), frontier = (SELECT sha256('\\x01'::bytea || a.leaf_hash || b.leaf_hash) \
        || c.leaf_hash FROM cem.event a, cem.event b, cem.event c \
        WHERE a.position = 1 AND b.position = 2 AND c.position = 3)
        """)
      let cut = try run(cem, "$CEM audit verify --json", status: 1).json() as? [String: Any]
      let problems = try #require(cut?["problems"] as? [[String: Any]])
      // The projections still hold what was cut off.
      #expect(problems.map { $0["kind"] as? String }.first == "receipt")
      #expect(problems.dropFirst().allSatisfy { $0["kind"] as? String == "projection" })
      #expect(problems.first?["after"] as? Int == 3)
      #expect(problems.first?["upTo"] as? Int == 4)
      #expect(cut?["firstBadPosition"] as? Int == 4)
    }
  }

  @Test func keysAreForTheirOwnerAndSignOneHistory() throws {
    try withProgram { cem in
      let made = try run(cem, "$CEM audit checkpoint keygen --out log.key | tee vkey")
      #expect(made.output.hasPrefix("cem/"))
      #expect(!(made.output + made.errors).contains("PRIVATE"))
      #expect(try run(cem, "stat -c %a log.key log.key.state").output == "600\n600\n")
      #expect(try run(cem, "sed -n 2p log.key.state").output == "0\n")
      _ = try run(cem, "$CEM audit checkpoint keygen --out log.key", status: 65)

      let sign = "$CEM audit checkpoint sign --key log.key"
      _ = try run(cem, "\(sign) --out 1.txt && \(sign) > again.txt && cmp 1.txt again.txt")
      _ = try run(cem, "$CEM audit checkpoint verify 1.txt --vkey $(cat vkey)")
      _ = try run(
        cem, "sed s/4/5/ 1.txt > bad.txt; $CEM audit checkpoint verify bad.txt --vkey $(cat vkey)",
        status: 1)
      _ = try run(cem, "$CEM audit checkpoint verify 1.txt", status: 64)
      _ = try run(cem, "mv log.key.state kept; \(sign)", status: 78)
      _ = try run(cem, "mv kept log.key.state; chmod 644 log.key; \(sign)", status: 78)
      _ = try run(cem, "chmod 600 log.key; \(sign)")
      // A state that knows of more than the log has, or of another history.
      _ = try run(cem, "cp log.key.state kept; sed -i 2s/4/9/ log.key.state; \(sign)", status: 1)
      _ = try run(cem, "sed 3s/^./x/ kept > log.key.state; \(sign)", status: 1)
      _ = try run(cem, "sed 1s/cem/cen/ kept > log.key.state; \(sign)", status: 65)
      _ = try run(cem, "cp kept log.key.state; \(sign)")
      // Another program.
      _ = try run(cem, "$CEM init --program other --name Other")
      _ = try run(cem, "\(sign) --program other", status: 65)
    }
  }

  @Test func aWitnessSignsWhatGoesOnFromWhatItSaw() throws {
    try withProgram { cem in
      _ = try run(
        cem,
        """
        $CEM audit checkpoint keygen --out log.key > vkey && $CEM audit checkpoint sign --key log.key --out 1.txt
        $CEM audit checkpoint keygen --out w.key --witness --name witness.example.com > wkey
        $CEM audit checkpoint cosign 1.txt --key w.key --vkey $(cat vkey) --out 1w.txt
        $CEM audit checkpoint verify 1w.txt --vkey $(cat vkey) --vkey $(cat wkey)
        """)
      _ = try run(
        cem, "$CEM audit checkpoint verify 1.txt --vkey $(cat vkey) --vkey $(cat wkey)", status: 1)
      _ = try run(cem, "$CEM audit checkpoint verify 1w.txt --vkey $(cat wkey)", status: 64)
      _ = try run(cem, "$CEM audit checkpoint sign --key w.key", status: 65)
      _ = try run(
        cem,
        """
        $CEM gap record --department ssc --link 4 --title More
        $CEM audit checkpoint sign --key log.key --out 2.txt
        $CEM audit prove --since 1.txt --checkpoint 2.txt --out 12.proof
        CEM_DATABASE_URL= $CEM audit checkpoint verify 2.txt --vkey $(cat vkey) --since 1.txt --proof 12.proof
        CEM_DATABASE_URL= $CEM audit checkpoint cosign 2.txt --key w.key --vkey $(cat vkey) --proof 12.proof --out 2w.txt
        $CEM audit checkpoint verify 2.txt --vkey $(cat vkey) --since 1.txt
        """)
      // It never goes back.
      _ = try run(
        cem, "$CEM audit checkpoint cosign 1.txt --key w.key --vkey $(cat vkey)", status: 1)
      _ = try run(
        cem,
        "sed -i '2{s/^X/Y/;t;s/^./X/}' 12.proof; $CEM audit checkpoint verify 2.txt --vkey $(cat vkey) --since 1.txt --proof 12.proof",
        status: 1)
    }
  }

  @Test func bundlesAndProofsAreCheckedWithoutADatabase() throws {
    try withProgram { cem in
      _ = try run(cem, "$CEM audit export --out b", status: 66)
      _ = try run(cem, "$CEM audit prove 3 --out 3.proof", status: 66)
      _ = try run(
        cem,
        """
        $CEM audit checkpoint keygen --out log.key > vkey && $CEM audit checkpoint sign --key log.key > 1.txt
        $CEM audit export --out b && $CEM audit export --out h --department web
        $CEM audit export --out i --department web --inclusion-only && $CEM audit prove 3 --out 3.proof
        cp $(find . -path '*receipts*' -name '*.ndjson') r.ndjson
        """)
      _ = try run(cem, "$CEM audit export --out b", status: 65)
      _ = try run(cem, "$CEM audit prove 5 --out 5.proof", status: 66)
      let script = PythonVerifier.isAvailable ? ["python3 \(PythonVerifier.script.path())"] : []
      func expect(
        _ offline: String, _ python: String, status: Int32,
        _ location: SourceLocation = #_sourceLocation
      ) throws {
        let offline = "CEM_DATABASE_URL= $CEM audit verify " + offline
        for line in [offline] + script.map({ "\($0) \(python)" }) {
          _ = try run(cem, line, status: status, location)
        }
      }
      let key = "--vkey $(cat vkey)"
      for folder in ["b", "h", "i"] {
        try expect("--offline \(folder) \(key)", "\(folder) \(key)", status: 0)
      }
      try expect("--offline b --receipt r.ndjson \(key)", "b --receipt r.ndjson \(key)", status: 0)
      try expect("--offline missing \(key)", "missing \(key)", status: 66)
      try expect("--offline b --vkey x", "b --vkey x", status: 64)
      try expect("--offline b", "b", status: 64)
      try expect("--proof 3.proof \(key)", "--proof 3.proof \(key)", status: 0)
      try expect("--proof missing \(key)", "--proof missing \(key)", status: 66)
      _ = try run(
        cem, "sed -i 's/\"Web\\\\\"/\"Wob\\\\\"/' b/events.ndjson; sed -i 2s/c/d/ 3.proof")
      try expect("--offline b \(key)", "b \(key)", status: 1)
      try expect("--proof 3.proof \(key)", "--proof 3.proof \(key)", status: 1)
    }
  }

  @Test func foldersOfDatabasesAreDistinct() {
    #expect(
      ReceiptFile.folder(ofDatabase: "cem on db.example.com").hasPrefix("cem-on-db-example-com-"))
    #expect(
      ReceiptFile.folder(ofDatabase: "cem on db.example.com")
        != ReceiptFile.folder(ofDatabase: "cem on db-example.com"))
    #expect(!ReceiptFile.folder(ofDatabase: "../../etc").contains("/"))
  }
}
