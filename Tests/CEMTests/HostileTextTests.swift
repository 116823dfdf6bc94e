import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// Whatever stands in a text is stored exactly or refused, never run, and never raw on a terminal.
@Suite("Hostile text", .database(.migrated)) struct HostileTextTests {
  /// A call with a text for each `§` in it, which ends with the place of that `§`.
  private struct Call {
    var words: [String]
    var texts: [String] = []
    let verb: VerbTree.Verb

    init(_ line: String) throws {
      words = line.split(separator: " ").map(String.init)
      verb = try #require(VerbTree.verb(of: words), "no verb of \(line)")
      if !words.contains(where: { $0.hasPrefix("--reason=") }) { words.append("--reason=§") }
      for (index, word) in words.enumerated() where word.hasSuffix("§") {
        let text = HostileText.everything + " (\(line.prefix(40)), \(index))"
        texts.append(text)
        words[index] = word.dropLast() + text
      }
    }

    /// The same with one argument that is something else; `nil` where it has a text already.
    func replacing(_ argument: VerbTree.Argument, with text: String) -> [String]? {
      let isText = { (word: String) in texts.contains { word.hasSuffix($0) } }
      if argument.kind == .option {
        let place = words.firstIndex { $0.hasPrefix(argument.name + "=") }
        guard let place else { return words + ["\(argument.name)=\(text)"] }
        guard !isText(words[place]) else { return nil }
        var changed = words
        changed[place] = "\(argument.name)=\(text)"
        return changed
      }
      let places = words.indices.dropFirst(verb.path.count).filter { !words[$0].hasPrefix("--") }
      guard let place = places.first, !isText(words[place]) else { return nil }
      var changed = words
      changed[place] = text
      return changed
    }
  }

  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let founded = try cem(
      "init", "--program", "acme", "--name", HostileText.everything, "--on", "2020-01-01")
    try #require(founded.status == 0, "\(founded.errors)")
    try body(cem)
  }

  /// The bytes of every text in the log.
  private func storedTexts(_ connection: Connection) throws -> Set<[UInt8]> {
    var texts: Set<[UInt8]> = []
    func collect(_ json: JSON) {
      switch json {
      case .string(let text): texts.insert(Array(text.utf8))
      case .array(let items): items.forEach(collect)
      case .object(let object): object.members.forEach { collect($0.value) }
      case .null, .bool, .int: break
      }
    }
    for (facts, personal) in try connection.query("SELECT facts, private FROM cem.event")
      .decode((String, String?).self)
    {
      collect(try JSON(parsing: facts))
      if let personal { collect(try JSON(parsing: personal)) }
    }
    return texts
  }

  @Test("Every verb that records is called with a text for every option that takes one")
  func nothingIsForgotten() throws {
    #expect(VerbTree.all.count > 50)
    let called = Set(
      try (RecordingCalls.all + RecordingCalls.deciding).map { try Call($0).verb.description })
    let missing = VerbTree.all.filter(\.records).map(\.description).filter { !called.contains($0) }
    #expect(missing == [], "add a call of each to RecordingCalls")
  }

  @Test(
    "Every text option of every verb stores its text exactly, and nothing raw reaches a terminal")
  func everyOption() throws {
    try withProgram { cem in
      try storesOrRefuses(cem)
      try showsNothingRaw(cem)
    }
  }

  /// Gives every option of every verb a hostile text: those that take it must store it exactly.
  private func storesOrRefuses(_ cem: CommandProcess) throws {
    let connection = try TestDatabase.current.connect()
    var tried: Set<String> = []
    var expected: [[UInt8]] = []
    for line in RecordingCalls.all {
      let call = try Call(line)
      for argument in call.verb.arguments where argument.kind != .flag {
        // What all verbs share is parsed by the same code: it is tried once.
        let isShared = ["Recording", "Options everywhere"].contains(argument.sectionTitle)
        let name = isShared ? argument.name : "\(call.verb) \(argument.name)"
        // What names a file that is made may be called anything.
        guard tried.insert(name).inserted, argument.name != "--out",
          let words = call.replacing(argument, with: HostileText.intruder)
        else { continue }
        let result = try cem.run(words + (argument.name == "--dry-run" ? [] : ["--dry-run"]))
        // 78 and 69: what names a database or a program that is not there.
        #expect(
          [64, 65, 66].contains(result.status)
            || ["--database", "--program"].contains(argument.name)
              && [66, 69, 78].contains(result.status),
          "\(call.verb) \(argument.name) takes a text, so the call needs a §: \(result)")
        #expect(!HostileText.isRaw(result.errors.utf8), "\(call.verb) \(argument.name)")
      }
      let result = try cem.run(call.words)
      try #require(result.status == 0, "cem \(line)\n\(result.errors)")
      #expect(!HostileText.isRaw(result.errors.utf8))
      guard line != RecordingCalls.doesNothing else { continue }
      expected += call.texts.map { Array($0.utf8) }
    }
    var other = cem
    other.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "approver")
    for line in RecordingCalls.deciding {
      let call = try Call(line)
      let result = try other.run(call.words)
      try #require(result.status == 0, "cem \(line)\n\(result.errors)")
      expected += call.texts.map { Array($0.utf8) }
    }
    let stored = try storedTexts(connection)
    #expect(expected.count > 100)
    #expect(
      expected.filter { !stored.contains($0) }.map { String(decoding: $0, as: UTF8.self) } == [])
  }

  private func showsNothingRaw(_ cem: CommandProcess) throws {
    let position = try TestDatabase.current.connect()
      .query("SELECT max(position) FROM cem.event").one(Int.self)
    var lines = [
      "status", "status ssc", "history --limit 0", "program show", "program list", "person list",
      "person show kim", "department list", "department show ssc", "evidence list",
      "evidence show EV-1", "evidence list --state voided", "waiver list", "waiver show WVR-1",
      "maturity list", "maturity show ssc", "gap list", "gap list --state accepted",
      "gap show GAP-1", "platform list", "platform show PLT-1", "initiative list",
      "initiative show INI-1", "initiative show INI-2", "touchpoint list", "touchpoint show TP-1",
      "standard list", "standard show STD-1", "segment list", "segment show first", "whoami",
      "gap record --department=ssc --link=1 --title='\(HostileText.intruder.dropFirst(3))' --dry-run",
      "department show '\(HostileText.intruder.dropFirst(3))'",
      "show '\(HostileText.intruder.dropFirst(3))'", "diff CY2020 CY$(date +%Y)",
    ]
    lines += stride(from: 1, through: position, by: 7).map { "history show \($0)" }
    for line in lines {
      let shown = try cem.terminal("\"$CEM\" \(line) --color never")
      #expect(!shown.isEmpty, "\(line)")
      #expect(!HostileText.isRaw(shown), "\(line)\n\(shown.prefix(2000))")
    }
  }
}
