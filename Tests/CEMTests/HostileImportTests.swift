import CEMDomain
import CEMTestSupport
import Foundation
import Testing

/// Texts that no argument can hold, in an import; and what is more than a text may be.
@Suite("Hostile import", .database(.migrated)) struct HostileImportTests {
  /// The commands of a program in which every text is there, a line each.
  private func withCommands(_ body: (CommandProcess, [String]) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(
      try cem("init", "--program", "acme", "--name", "§0§", "--on", "2020-01-01").status == 0)
    var number = 0
    for line in RecordingCalls.all {
      var words = (line + " --reason=§").split(separator: " ").map(String.init)
      for (index, word) in words.enumerated() where word.hasSuffix("§") {
        number += 1
        words[index] = word.dropLast() + "§\(number)§"
      }
      let result = try cem.run(words)
      try #require(result.status == 0, "cem \(line)\n\(result.errors)")
    }
    let lines = try cem("export").output.split(separator: "\n").map(String.init)
    // That a report was issued is said of the log, and belongs to no other program.
    // Nor is anything recorded where there was nothing to do.
    let exported = RecordingCalls.all.count {
      !$0.hasPrefix("report ") && $0 != RecordingCalls.doesNothing
    }
    #expect(lines.count == exported + 1)
    try body(cem, lines)
  }

  /// Each line once for each text in it, with that text replaced by what stands for it in JSON.
  private func variants(_ lines: [String], _ json: [UInt8]) -> [[UInt8]] {
    lines.flatMap { line in
      line.matches(of: /"§[0-9]+§"/).map { match in
        Array(line[..<match.range.lowerBound].utf8) + json
          + Array(line[match.range.upperBound...].utf8)
      }
    }
  }

  private static func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }

  @Test("Wherever an import has a text, it is stored byte by byte, or refused")
  func everyText() throws {
    try withCommands { cem, lines in
      try refuses(cem, lines)
      try keeps(cem, lines)
    }
  }

  /// NUL, invalid UTF-8, halves of surrogates, and too much text.
  private func refuses(_ cem: CommandProcess, _ lines: [String]) throws {
    let cases: [(name: String, json: [UInt8], codes: Set<String>)] = [
      ("an escaped NUL", Array(#""a\u0000b""#.utf8), ["input.invalid", "import.not-json"]),
      ("a NUL", Self.quoted([0x61, 0]), ["import.not-json"]),
      ("a control character", Self.quoted([0x61, 0x1b]), ["import.not-json"]),
      ("invalid UTF-8", Self.quoted([0x61, 0xff, 0xfe]), ["import.not-utf-8"]),
      ("overlong UTF-8", Self.quoted([0xc0, 0xaf]), ["import.not-utf-8"]),
      ("a surrogate in UTF-8", Self.quoted([0xed, 0xa0, 0x80]), ["import.not-utf-8"]),
      ("half a surrogate", Array(#""\ud800""#.utf8), ["import.not-json"]),
      ("more than 64 KiB", Self.quoted(.init(repeating: 0x78, count: 65_537)), ["input.invalid"]),
      ("1 MiB", Self.quoted(.init(repeating: 0x78, count: 1 << 20)), ["import.too-long"]),
      ("nothing but blanks", Array(#"" \t\u00a0""#.utf8), ["input.invalid"]),
    ]
    for (name, json, codes) in cases {
      let variants = variants(lines, json)
      #expect(variants.count > 100)
      let file = cem.home.appending(path: "rows.ndjson")
      try Data(variants.joined(separator: [0x0a])).write(to: file)
      let result = try cem(
        "import", file.path(), "--keep-going", "--dry-run", "--json", "--source", name)
      #expect(result.status == 65)
      let outcome = try #require(try result.json() as? [String: Any], "\(result.errors)")
      #expect(outcome["refused"] as? Int == variants.count, "\(name)")
      let given = result.refusedRows.compactMap { $0["code"] as? String }
      #expect(given.count == variants.count)
      #expect(Set(given).isSubset(of: codes), "\(name)")
      #expect(!HostileText.isRaw(result.errors.utf8))
    }
  }

  /// What an import is given in every text comes out of an export as it was.
  private func keeps(_ cem: CommandProcess, _ lines: [String]) throws {
    // A text that a field may have: 500 bytes at most.
    let hostile = JSON.string(HostileText.everything).canonicalText.dropFirst().dropLast()
    func filled(_ line: String) -> String {
      line.replacing(/§[0-9]+§/) { hostile + " " + $0.output.filter(\.isNumber) }
    }
    func withoutKey(_ line: String) throws -> String {
      var object = try #require(try JSON(parsing: line).object)
      object["key"] = nil
      return JSON.object(object).canonicalText
    }
    // The copy has been founded under a slug of its own.
    let rows = lines.dropFirst().map(filled)
    let file = cem.home.appending(path: "rows.ndjson")
    try rows.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
    try #require(
      try cem("init", "--program", "copy", "--name", "Copy", "--on", "2020-01-01").status == 0)
    let imported = try cem("import", file.path(), "--program", "copy")
    try #require(imported.status == 0, "\(imported.errors)")
    let exported = try cem("export", "--program", "copy").output.split(separator: "\n")
    #expect(exported.count == rows.count + 1)
    for (given, stored) in zip(rows, exported.dropFirst()) {
      #expect(
        try Array(withoutKey(given).utf8) == Array(withoutKey(String(stored)).utf8), "\(given)")
    }
  }

  @Test("Arguments that are not UTF-8 are refused; a long one is stored whole or refused")
  func arguments() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    for bytes in [#"\xff"#, #"a\xc3"#, #"\xed\xa0\x80"#, #"\xc0\xaf"#] {
      let result = try cem.shell("\"$CEM\" person add kim --name \"$(printf '\(bytes)')\"")
      #expect(result.status == 65, "\(result)")
      #expect(result.errors.hasPrefix("error: an argument is not valid UTF-8\n"))
    }
    #expect(try cem("person", "list", "--json").output == "[]\n")
    let whole = String(repeating: "é", count: 32_768)
    #expect(try cem("evidence", "add", whole, "--title", "Long").status == 0)
    let shown = try #require(try cem("evidence", "show", "EV-1", "--json").json() as? [String: Any])
    #expect((shown["text"] as? String)?.utf8.elementsEqual(whole.utf8) == true)
    #expect(try cem("evidence", "add", whole + "x", "--title", "Long").status == 65)
    #expect(
      try cem("person", "add", "kim", "--name", String(repeating: "x", count: 501)).status == 65)
    // Two texts, although Swift takes them for equal.
    for external in ["crm:caf\u{e9}", "crm:cafe\u{301}"] {
      let result = try cem("evidence", "add", external, "--title", "T", "--external", external)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test("Descriptors that are closed are no other file's") func closedDescriptors() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    let unread = try cem.shell(#""$CEM" import - <&-"#)
    #expect(unread.status == 66 && unread.errors.contains("Bad file descriptor"), "\(unread)")
    let unwritten = try cem.shell(#""$CEM" program list >&-"#)
    #expect(
      unwritten.status == 74 && unwritten.errors.contains("Bad file descriptor"), "\(unwritten)")
    #expect(try cem.shell(#""$CEM" person add a --name A <&- >/dev/null 2>&-"#).status == 0)
    #expect(try cem("person", "list", "--json=id").output == "[{\"id\":\"a\"}]\n")
  }
}
