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
    // Another login decides; and a new program has the newest version of the catalog.
    "request.approved", "request.rejected", "program.catalog-adopted",
  ]

  private func imported() throws -> TestProgram {
    let program = try TestProgram(on: "2023-04-01", fiscalYearStart: 4, currency: "CAD")
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
    let undos: Set = ["reverted", "retirement-reverted", "verdict-reverted"]
    let some: Set = ["amended", "voided", "restored", "handed-over"]
    let corrections = some.union(undos).union(["version-corrected", "pilot-corrected"])
    for type in Set(Event.allForms.map(\.type)).subtracting(Self.elsewhere).sorted() {
      let verb = String(type.drop { $0 != "." }.dropFirst())
      guard !corrections.contains(verb) else { continue }
      #expect(found.contains(type), "no \(type) in scripts/sample/program.ndjson")
    }
    for verb in some {
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
      (["for"], StandardAudience.allCases), (["aspect"], StandardAspect.allCases),
      (["brandElements"], BrandElement.allCases), (["market"], SegmentMarket.allCases),
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
    #expect(bases == Set(LevelStanding.Basis.allCases))
  }

  /// Fields that the sample does without: a variant of what it shows for one place or for all of them, and
  /// what commands fill in by themselves.
  private static let spared: Set<String> = [
    "department.reinstate.levels", "department.reinstate.further", "department.retire.again",
    "gap.record.breach",
    "maturity.action.reopen.all", "maturity.action.waive.all",
    "maturity.advance.programLevel", "maturity.correct.programLevel",
    "maturity.regress.programLevel", "person.handover.department", "person.handover.sponsorships",
    "request.make.restates",
  ]

  @Test("Each field of each command is given, but for corrections") func fields() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/sample/program.ndjson").standardized
    var given: Set<String> = []
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let row = try #require(try JSON(parsing: String(line)).object)
      let command = try #require(row["command"]?.string)
      for key in row.keys { given.insert("\(command).\(key)") }
    }
    let corrections: Set = ["amend", "void", "restore", "correct-version"]
    let elsewhere: Set = [
      "program.found", "undo", "audit.erase", "audit.recover", "report.issue",
      "initiative.pilot.correct",
      "request.approve", "request.reject", "catalog.adopt",
    ]
    for command in Commands.all where !elsewhere.contains(command.name) {
      guard !corrections.contains(String(command.name.split(separator: ".").last ?? "")) else {
        continue
      }
      for field in command.fieldNames where !Self.spared.contains("\(command.name).\(field)") {
        let isGiven = given.contains("\(command.name).\(field)")
        #expect(isGiven, "\(command.name) \(field)")
      }
    }
    #expect(Self.spared.isDisjoint(with: given))
    for envelope in ["on", "reason", "external", "onBehalfOf"] {
      let isGiven = given.contains { $0.hasSuffix(".\(envelope)") }
      #expect(isGiven, "\(envelope)")
    }
  }

  /// What the domain's description speaks of beyond terms, events and fields: each stands for a state that the
  /// sample must come to.
  @Test("§0 to §7: each state that the rules lead to is there once") func states() throws {
    let program = try imported()
    let reader = try LiveReader(program.connection, programID: program.programID)
    let day = Day("2026-06-30")!
    let departments = try reader.departments(on: day)
    #expect(departments.contains { $0.isUnsupported }, "§1: an unsupported level")
    #expect(departments.contains { $0.isReadyToAdvance }, "§1: one ready to advance")
    #expect(departments.contains { !$0.waivers.isEmpty }, "§0: a waiver that holds")
    func states<State: EntityState>(_: State.Type) throws -> [State] {
      try reader.records(of: State.kind).filter { !$0.isVoided }.compactMap {
        $0.entity.state as? State
      }
    }
    let gaps = try states(Gap.self)
    #expect(gaps.contains { $0.life.unmetReason != nil }, "§2: closed although unmet")
    #expect(gaps.contains { $0.life.stage == .accepted }, "§2: accepted")
    #expect(gaps.contains { $0.life.reopenings > 0 }, "§2: reopened")
    #expect(gaps.contains { $0.details.breach != nil }, "§5: a gap from a breach")
    #expect(
      gaps.contains { $0.details.lowerIsBetter == true && ($0.details.size ?? .zero) > .zero })
    let initiatives = try states(Initiative.self)
    #expect(initiatives.contains { $0.life.pilotWaiver != nil }, "§3: scaled under a waiver")
    #expect(
      initiatives.contains { $0.life.lastPilot?.result.verdict == .stop }, "§3: a stopped pilot")
    #expect(initiatives.contains { $0.life.isOnHold }, "§3: on hold")
    #expect(
      initiatives.contains { $0.life.stage == .completed && $0.life.pilots == 0 },
      "§3: completed without scaling")
    let touchpoints = try states(Touchpoint.self)
    #expect(touchpoints.contains { $0.openItems.isEmpty }, "§5: a whole contact plan")
    #expect(touchpoints.contains { !$0.missingForEffect.isEmpty }, "§5: an ineffective contact")
    #expect(touchpoints.contains { $0.details.firstExperience != nil }, "§4: a first experience")
    #expect(
      touchpoints.contains { $0.details.rules != nil && $0.details.flexibility != nil },
      "§3: rules beside flexibility")
    let balances = try reader.rows(of: TouchpointScorecard.self, RowQuery())
      .map { InterfaceBalance($0).missing }
    #expect(balances.contains { $0.contains(.substance) }, "§3: style without substance")
    #expect(balances.contains { $0.contains(.style) }, "§3: substance without style")
    let judgements = try states(Standard.self).flatMap(\.judgements)
    #expect(judgements.contains { $0.changedWithin }, "§5: a version changed within a period")
    #expect(judgements.contains { $0.measurement.value == nil }, "§5: no data")
    let platforms = try states(Platform.self)
    #expect(platforms.contains { $0.details.insights != nil }, "§3: a platform on insights")
    #expect(platforms.contains { $0.details.restsOn != nil }, "§3: one on analyses")
    #expect(
      platforms.contains { $0.details.theme != nil && $0.details.mementos != nil },
      "§4: a theme design")
    #expect(platforms.contains { $0.details.hook != nil }, "§7: a hook")
    let journey = try reader.journey()
    #expect(journey.contains { $0.leaves > 0 && $0.leavingShare != nil }, "§4: customers leave")
    #expect(journey.contains { $0.stays > 0 }, "§4: or stay")
    #expect(journey.contains { $0.goodPeaks > 0 } && journey.contains { $0.badPeaks > 0 }, "§4")
    let overview = try reader.overview(departments, on: day)
    #expect(overview.standing != nil, "§1: the program's own level")
    #expect(overview.brand.count == BrandElement.allCases.count, "§3: the brand")
    #expect(!overview.atRisk.isEmpty, "§4: a moment of truth at risk")
    #expect(overview.delivery.contains { ($0.gap.size ?? .zero) > .zero }, "§6: a delivery gap")
    let kinds = Set(overview.agenda.items.map(\.kind))
    #expect(
      kinds.isSuperset(of: [.unsupported, .overdue, .toApprove, .toReview, .stuck]), "\(kinds)")
  }

  @Test("§0: totals stay per currency") func currencies() throws {
    let program = try imported()
    let reader = try LiveReader(program.connection, programID: program.programID)
    let day = Day("2026-06-30")!
    let overview = try reader.overview(reader.departments(on: day), on: day)
    // A benefit that was measured is not added to one that was estimated.
    #expect(overview.pilots.map(\.currency) == ["CAD", "CAD", "USD"])
    #expect(overview.pilots.map(\.kind) == [.measured, .estimated, .estimated])
    #expect(overview.pilots.map(\.count) == [2, 3, 1])
    #expect(overview.pilots.map(\.cost.description) == ["500000", "345000", "20000"])
    #expect(overview.pilots.map(\.benefit.description) == ["560000", "820000", "26000"])
    // By the rate of the sample, which is of the day on which the pilot ended.
    let converted = try #require(overview.converted)
    #expect(converted.pilots.map(\.kind) == [.measured, .estimated])
    #expect(converted.pilots.map(\.cost.known?.description) == ["500000", "372200"])
    #expect(converted.pilots.map(\.benefit.known?.description) == ["560000", "855360"])
    #expect(converted.pilots.map { $0.cost.rates.map(\.description) } == [[], ["RATE-1"]])
    let cic = try DepartmentCode(scalar: "cic")
    let own = try reader.overview(
      reader.departments(only: cic, on: day), of: cic, on: day)
    #expect(own.gaps.allSatisfy { $0["department"] == .text("cic") })
    #expect(!own.initiatives.isEmpty)
    #expect(own.agenda.items.allSatisfy { $0.record.entity.state.departments.contains(cic) })
  }
}
