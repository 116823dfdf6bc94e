import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import CEMStore

extension FourEyesTests {
  @Test("§8: a whole program goes into another by two logins, a round each") func imported() throws
  {
    let (program, other) = try program()
    _ = try other.execute([try issued("request.approve", ["request": 1])])
    try program.run("gap.reopen", ["gap": 1, "reason": "worse"])
    var rows: [JSONObject] = []
    try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: Int64(try program.events().count)) { rows.append($0) }
    let copy = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
    let second = ProgramStore(
      try TestDatabase.current.connect(user: "approver2"), programID: copy.programID)
    var options = Importer.Options()
    options.keepsGoing = true
    try copy.run("program.found", ["slug": "copy", "name": "Copy", "on": "2024-01-01"])
    rows.removeFirst()
    var refused: [Int] = []
    for store in [copy.store, second, copy.store] {
      var bytes = Array(
        rows.map { JSON.object($0).canonicalText + "\n" }.joined().utf8)
      var reader = try RowReader(.ndjson) {
        defer { bytes = [] }
        return bytes
      }
      refused.append(try Importer(store, source: "copy", options: options).run(&reader).refused)
    }
    // The first login cannot approve what it asked for; what comes after rests on the approval.
    #expect(refused.last == 0, "\(refused)")
    #expect(refused.first! > 0)
    let gaps = try LiveReader(copy.connection, programID: copy.programID).records(of: .gap)
    #expect(gaps.map(\.entity.state.isOpen) == [true])
  }

  /// The exported rows of a program, without its founding.
  private func exported(_ program: TestProgram) throws -> [JSONObject] {
    var rows: [JSONObject] = []
    try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: Int64(try program.events().count)) { rows.append($0) }
    return Array(rows.dropFirst())
  }

  /// Imports rows by two logins in turn, and tells the codes of what was refused each time.
  private func importing(
    _ rows: [JSONObject], rounds: Int = 3
  ) throws -> (copy: TestProgram, refused: [[String]]) {
    let copy = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
    let second = ProgramStore(
      try TestDatabase.current.connect(user: "approver2"), programID: copy.programID)
    try copy.run("program.found", ["slug": "copy", "name": "Copy", "on": "2024-01-01"])
    var options = Importer.Options()
    options.keepsGoing = true
    let bytes = Array(rows.map { JSON.object($0).canonicalText + "\n" }.joined().utf8)
    var refused: [[String]] = []
    for round in 0..<rounds {
      let importer = Importer(
        round % 2 == 0 ? copy.store : second, source: "copy", options: options)
      var codes: [String] = []
      importer.onRefusal = { codes.append($0.rejection.code) }
      var reader = try RowReader(.ndjson, read: chunks(bytes))
      _ = try importer.run(&reader)
      refused.append(codes)
    }
    return (copy, refused)
  }

  private func stages(_ program: TestProgram) throws -> [String] {
    try LiveReader(program.connection, programID: program.programID).records(of: .gap)
      .compactMap { record in
        if case .gap(let gap) = record.entity { gap.life.stage.rawValue } else { nil }
      }
  }

  @Test("§0, §8: an undo takes back the same in another program, wherever it stands there")
  func undoneElsewhere() throws {
    let (program, other) = try program()
    _ = try other.execute([try issued("request.approve", ["request": 1])])
    let gap: JSONObject = ["department": "ssc", "link": 4, "title": "Other"]
    func close(_ gap: Int64) throws -> Int64 {
      try program.run(
        "gap.close", ["gap": .int(gap), "resolution": "done", "unmetReason": "u"]
      ).events[0].position
    }
    try program.run("gap.record", gap)
    let first = try close(2)
    try program.run("gap.record", gap)
    _ = try close(3)
    try program.run("undo", ["position": .int(first), "reason": "not done yet"])
    // One that is asked for, too.
    try program.run("touchpoint.map", ["department": "ssc", "name": "Hotline"])
    try program.run("touchpoint.retire", ["touchpoint": 1, "reason": "r", "request": true])
    let approved = try other.execute([try issued("request.approve", ["request": 2])])[0]
    try program.run(
      "undo",
      [
        "position": .int(approved.events[1].position), "reason": "it is used", "request": true,
      ])
    _ = try other.execute([try issued("request.approve", ["request": 3])])

    let rows = try exported(program)
    let undo = try #require(rows.first { $0["command"] == "undo" })
    #expect(undo["event"] == "gap/2@2" && undo["type"] == "gap.closed")
    let (copy, refused) = try importing(rows, rounds: 5)
    #expect(refused.last == [], "\(refused)")
    #expect(try stages(program) == ["accepted", "open", "closed"])
    #expect(try stages(copy) == stages(program))
    let place = try LiveReader(copy.connection, programID: copy.programID)
      .record(TouchpointRef(1).stream)
    #expect(place.entity.state.isOpen)
    #expect(try report(copy).problems == [])
  }

  @Test("§0: an undo that comes too late, or not in its turn, is refused and not left out")
  func undoneTooLate() throws {
    let (program, other) = try program()
    _ = try other.execute([try issued("request.approve", ["request": 1])])
    let accepted = Int64(try program.events().count)
    try program.run("undo", ["position": .int(accepted), "reason": "too soon"])
    try program.run("gap.reassess", ["gap": 1, "perceived": "0.7"])
    // In the first round nothing is accepted, and the gap is reassessed all the same.
    let (copy, refused) = try importing(try exported(program))
    #expect(refused.allSatisfy { $0.contains("import.undone-missing") }, "\(refused)")
    // The approval is decided anew, whatever came meanwhile.
    #expect(try stages(copy) == ["accepted"])
  }
}
