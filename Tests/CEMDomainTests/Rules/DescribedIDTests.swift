import CEMDomain
import Foundation
import Testing

/// The ids of the domain's description, where it lies beside the folder of test data, against the catalog:
/// all of them, both ways.
@Suite(
  "The ids of the domain's description",
  .enabled(if: Described.text != nil, "no domain.md beside CEM_TEST_DATA"))
struct DescribedIDTests {
  /// What the description sets as code although it is no id of the catalog.
  private static let others: Set<String> = [
    "cem", "code", "occurredOn", "--as-of", "--period 2026-Q3", "expiresOn", "dueOn", "reviewOn",
    "amend", "void", "source:id", "expected", "perceived", "expected − perceived", "PLT-1", "STD-9",
    "REQ-5", "cem_office", "cem_approver", "--lang en|uk|ru|zh",
  ]

  /// The terms whose ids the description gives.
  private static let terms: [[any Term]] = [
    AssessmentMethod.allCases, LevelStanding.Basis.allCases, GapLink.allCases,
    CEMDomain.Step.allCases, Verdict.allCases, BenefitKind.allCases, StatusColour.allCases,
    Phase.allCases, Dimension.allCases, Attribute.allCases, ExperienceModule.allCases,
    JourneyStage.allCases, ContactType.allCases, ContactPlanItem.allCases,
    StandardAudience.allCases, SurveyAudience.allCases,
    // Those of the company; those of the brand are described without ids.
    Array(DiagnosticQuestion.allCases.prefix(5)), WordOfMouthRule.allCases,
  ]

  @Test(
    "§1 to §7: every id of the description is the catalog's, and every one of these terms is described"
  )
  func ids() throws {
    let text = try #require(Described.text)
    let spans = Set(text.matches(of: /`([^`\n]+)`/).map { String($0.1) })
    let levels = Catalog.levels.flatMap { [$0.id] + $0.actions.map(\.id.description) }
    let catalog = Set(levels + Self.terms.flatMap { terms in terms.map { $0.rawValue } })
    #expect(spans.subtracting(catalog) == Self.others)
    #expect(catalog.subtracting(spans).isEmpty)
    #expect(catalog.count > 90)
  }

  @Test("§1: the levels' original names are the description's") func originals() throws {
    let text = try #require(Described.text)
    for level in Catalog.levels {
      #expect(text.contains("(\(level.original))"), "\(level.original)")
    }
  }
}

/// The domain's description, where it lies beside the folder of test data.
private enum Described {
  static let text: String? = ProcessInfo.processInfo.environment["CEM_TEST_DATA"].flatMap {
    folder in
    let file = URL(filePath: folder).deletingLastPathComponent().appending(path: "domain.md")
    return try? String(contentsOf: file, encoding: .utf8)
  }
}
