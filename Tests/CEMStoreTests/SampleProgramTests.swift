import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Testing

/// The sample program shows each concept of the domain at least once.
@Suite("The sample program", .database(.migrated)) struct SampleProgramTests {
  /// What no sample can show: an erasure, a restored backup and an issued report concern one database, an undo names a
  /// position in one log; people, programs and what they own are seldom withdrawn.
  private static let elsewhere: Set<String> = [
    "event.data_erased", "log.restored", "report.issued",
  ]

  private func imported() throws -> TestProgram {
    let program = try TestProgram(on: "2023-04-01", fiscalYearStart: 4)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/sample/program.ndjson").standardized
    var bytes = Array(try Data(contentsOf: file))
    var reader = try RowReader(.ndjson) {
      defer { bytes = [] }
      return bytes
    }
    let outcome = try Importer(program.store, source: "sample", options: .init()).run(&reader)
    #expect(outcome.refused == 0)
    return program
  }

  @Test("Each thing that can happen has happened; corrections of some kind each") func events()
    throws
  {
    let program = try imported()
    let found = Set(
      try EventLog(program.connection, programID: program.programID)
        .events(EventLog.Filter(), limit: .max).map(\.type))
    let corrections: Set = ["amended", "voided", "restored", "handed-over", "reverted"]
    for type in Set(Event.allForms.map(\.type)).subtracting(Self.elsewhere).sorted() {
      let verb = String(type.drop { $0 != "." }.dropFirst())
      guard !corrections.contains(verb) else { continue }
      #expect(found.contains(type), "no \(type) in scripts/sample/program.ndjson")
    }
    for verb in corrections.subtracting(["reverted"]) {
      #expect(found.contains { $0.hasSuffix("." + verb) }, "nothing was \(verb)")
    }
  }

  /// The strings of all facts, by the last key on the way to them.
  private func strings(_ json: JSON, _ key: String, into found: inout [String: Set<String>]) {
    switch json {
    case .string(let text): found[key, default: []].insert(text)
    case .array(let items): for item in items { strings(item, key, into: &found) }
    case .object(let object):
      for member in object.members { strings(member.value, member.key, into: &found) }
    case .null, .bool, .int: break
    }
  }

  @Test("Each term of the catalog is used") func terms() throws {
    let program = try imported()
    var found: [String: Set<String>] = [:]
    for event in try EventLog(program.connection, programID: program.programID)
      .events(EventLog.Filter(), limit: .max)
    {
      strings(try event.data().merged, "", into: &found)
    }
    let kinds: [(keys: [String], terms: [any Term])] = [
      (["link"], GapLink.allCases), (["step"], CEMDomain.Step.allCases),
      (["phase"], Phase.allCases),
      (["dimension"], Dimension.allCases), (["attribute"], Attribute.allCases),
      (["module", "modules"], ExperienceModule.allCases), (["method"], AssessmentMethod.allCases),
      (["rag"], StatusColour.allCases), (["verdict"], Verdict.allCases),
      (["benefitKind"], BenefitKind.allCases), (["womRule"], WordOfMouthRule.allCases),
      (["type"], ContactType.allCases), (["stage"], JourneyStage.allCases),
      (["item"], ContactPlanItem.allCases), (["gives"], TouchpointGift.allCases),
      (["for"], StandardAudience.allCases), (["market"], SegmentMarket.allCases),
      (["role"], PurchaseRole.allCases), (["purchase"], PurchaseTurn.allCases),
      (["audience"], SurveyAudience.allCases), (["question"], DiagnosticQuestion.allCases),
      (["plane"], ExperientialPlane.allCases), (["rule"], WaiverDetails.Subject.allCases),
    ]
    for (keys, terms) in kinds {
      let used = keys.reduce(into: Set<String>()) { $0.formUnion(found[$1] ?? []) }
      for term in terms {
        #expect(used.contains(term.rawValue), "\(Catalog.kindName(of: term)) \(term.rawValue)")
      }
    }
    let reader = try LiveReader(program.connection, programID: program.programID)
    let verdicts = Set(
      try reader.rows(of: StandardMeasurements.self, RowQuery()).map { $0["verdict"] })
    #expect(verdicts == Set(StandardVerdict.allCases.map { .text($0.rawValue) }))
    let levels = Set(try reader.departments(on: Day("2026-06-30")!).map { $0.standing?.level })
    #expect(levels == [nil, 0, 1, 2, 3, 4])
    let bases = Set(
      try reader.departments(on: Day("2026-06-30")!).compactMap { $0.standing?.basis })
    // A level is inherited where departments merge or split.
    #expect(bases == Set(LevelStanding.Basis.allCases).subtracting([.inherited]))
  }

  @Test("§0: totals stay per currency") func currencies() throws {
    let program = try imported()
    let reader = try LiveReader(program.connection, programID: program.programID)
    let day = Day("2026-06-30")!
    let overview = try reader.overview(reader.departments(on: day), on: day)
    #expect(overview.pilots.map(\.currency) == ["CAD", "USD"])
    #expect(overview.pilots.map(\.count) == [5, 1])
    #expect(overview.pilots.map(\.cost.description) == ["845000", "20000"])
    let cic = try DepartmentCode(scalar: "cic")
    let own = try reader.overview(
      reader.departments(only: cic, on: day), of: cic, on: day)
    #expect(own.gaps.allSatisfy { $0["department"] == .text("cic") })
    #expect(!own.initiatives.isEmpty)
    #expect(own.agenda.items.allSatisfy { $0.record.entity.state.departments.contains(cic) })
  }
}
