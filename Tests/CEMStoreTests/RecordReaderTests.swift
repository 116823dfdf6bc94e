import CEMDomain
import Testing

@testable import CEMStore

@Suite struct RecordReaderTests {
  private func records(_ text: String, _ form: RecordReader.Form) throws -> [(Int, [String]?)] {
    try records(Array(text.utf8), form)
  }

  private func records(_ bytes: [UInt8], _ form: RecordReader.Form) throws -> [(Int, [String]?)] {
    var reader = try RecordReader(form, read: chunks(bytes))
    var found: [(Int, [String]?)] = []
    while let record = try reader.next() { found.append((record.line, try? record.fields.get())) }
    return found
  }

  @Test func linesWithAnyEndAndBlanks() throws {
    let found = try records("\u{feff}a\r\n\n  \nb", .lines)
    #expect(found.map(\.0) == [1, 4])
    #expect(found.map(\.1) == [["a"], ["b"]])
  }

  @Test("What Excel writes: a line that names the separator, and rows without a value")
  func spreadsheetHabits() throws {
    let found = try records(
      "\u{feff}sep=|\r\na|b,c;d,e\r\n||\r\n1|\"2,;\"\r\n\"\"| |\r\n\"\"\"\"|\r\n|\r\n", .csv)
    #expect(found.map(\.0) == [2, 4, 6])
    #expect(found.map(\.1) == [["a", "b,c;d,e"], ["1", "2,;"], ["\"", ""]])
    let tailed = try records(";;\na;b;c\n1;2;3\n;;;;;\n;;", .csv)
    #expect(tailed.map(\.1) == [["a", "b", "c"], ["1", "2", "3"]])
    // Only the first line names a separator, and only that.
    #expect(try records("a,b\nsep=;\n", .csv).count == 2)
    #expect(try records("sep=;,b\n", .csv).map(\.1) == [["sep=;", "b"]])
  }

  @Test("The apostrophe that keeps a text from being run is taken off, and no other")
  func formulaGuard() {
    for text in ["-5 %", "'-5 %", "''-5 %", "''=1", "'quoted'", "+", "\tx", "'", "''", "", "é-"] {
      #expect(text.guardedFromFormulas.withoutFormulaGuard == text)
    }
    #expect("'-5".guardedFromFormulas == "''-5")
    #expect("'quoted'".guardedFromFormulas == "'quoted'")
    #expect("'quoted'".withoutFormulaGuard == "'quoted'")
  }

  @Test(arguments: [",", ";", "\t"]) func delimiterComesFromTheHeader(_ mark: String) throws {
    let found = try records("a\(mark)b\n1\(mark)\"x,;\ty\"\n", .csv)
    #expect(found.map(\.1) == [["a", "b"], ["1", "x,;\ty"]])
  }

  @Test func quotedFieldsHoldLineBreaksAndQuotes() throws {
    let found = try records("a,b\n\"one\ntwo\",\"say \"\"hi\"\"\"\n5\" pipe,\"\"\n", .csv)
    #expect(found.map(\.0) == [1, 2, 4])
    #expect(found[1].1 == ["one\ntwo", "say \"hi\""])
    #expect(found[2].1 == ["5\" pipe", ""])
  }

  @Test func badUTF8ConcernsItsLineAlone() throws {
    let found = try records([0x61, 0x0a, 0xff, 0x0a, 0x62], .lines)
    #expect(found.map(\.1) == [["a"], nil, ["b"]])
  }

  @Test func aLineMayHaveAMebibyte() throws {
    let most = String(repeating: "x", count: 1 << 20)
    var reader = try RecordReader(
      .lines, read: chunks(Array("\(most)\n\(most)x\nb".utf8), of: 1 << 16))
    #expect(try reader.next()?.fields.get() == [most])
    #expect(throws: Rejection.self) { try reader.next()?.fields.get() }
    #expect(try reader.next()?.fields.get() == ["b"])
    #expect(try reader.next() == nil)
  }

  @Test func aLastLineThatIsTooLongIsNotLost() throws {
    let most = String(repeating: "x", count: 1 << 20)
    var reader = try RecordReader(.lines, read: chunks(Array("a\n\(most)x".utf8), of: 1 << 16))
    #expect(try reader.next()?.fields.get() == ["a"])
    let last = try #require(try reader.next())
    #expect(last.line == 2)
    #expect(throws: Rejection.self) { try last.fields.get() }
    #expect(try reader.next() == nil)
  }

  @Test func unclosedQuotesAndUTF16AreRefused() throws {
    #expect(try records("a,b\n1,\"2", .csv).last?.1 == nil)
    #expect(throws: Rejection.self) { try records([0xff, 0xfe, 0x61, 0x00], .lines) }
  }

  @Test func templatesNameTheFieldsInOrder() throws {
    let gap = try #require(Commands.byName["gap.reassess"]).fieldNames
    #expect(gap == ["gap", "perceived", "measuredOn"])
    // There is but one program, so nothing has to name it.
    for type in Commands.all where type.name != "program.restore" {
      #expect(!type.fieldNames.isEmpty, "\(type.name)")
    }
    #expect(try #require(Commands.byName["initiative.amend"]).fieldNames.contains("due"))
  }
}
