extension Catalog {
  /// A term of a released version: its kind, its id, and what it is called in English.
  package struct Entry: Hashable, Sendable {
    /// `Level`, `Action`, or the kind of term.
    package let kind: String
    package let id: String
    package let text: String
  }

  /// All that a released version is made of, in order; `nil` for a version that was never released.
  ///
  /// What events name and its meaning: levels with their actions, links, steps, and the other closed sets of the
  /// domain. Names in other languages may be put better, for no event holds any.
  package static func entries(of version: Int) -> [Entry]? {
    guard released.contains(version) else { return nil }
    let levels = levels.flatMap { level in
      [
        Entry(
          kind: "Level", id: level.id, text: "\(level.number) \(level.name) (\(level.original))")
      ]
        + level.actions.map { Entry(kind: "Action", id: $0.id.description, text: $0.text) }
    }
    return levels
      + closedSets.filter { $0.since <= version }.flatMap { terms in
        terms.all.map { term in
          Entry(
            kind: kindName(of: term), id: term.rawValue,
            text: label(kindName(of: term), term.rawValue, in: .english) ?? term.rawValue)
        }
      }
  }

  /// The first version that has a term; 0 for one that is in no numbered set.
  static func firstVersion(of term: any Term) -> Int {
    closedSets.first { type(of: $0.all[0]) == type(of: term) }?.since ?? 0
  }

  /// The closed sets, each with the version in which it came.
  private static let closedSets: [(since: Int, all: [any Term])] =
    ofVersion1.map { (1, $0) } + [
      (2, BrandElement.allCases), (2, StandardAspect.allCases), (2, JourneyOutcome.allCases),
      (2, PeakFeeling.allCases),
    ]

  private static let ofVersion1: [[any Term]] = [
    GapLink.allCases, ChainPart.allCases, Step.allCases, AssessmentMethod.allCases,
    LevelStanding.Basis.allCases, Verdict.allCases, BenefitKind.allCases, StatusColour.allCases,
    Phase.allCases, Dimension.allCases, Attribute.allCases, ExperienceModule.allCases,
    JourneyStage.allCases, ContactType.allCases, ContactPlanItem.allCases, TouchpointGift.allCases,
    StandardAudience.allCases, SurveyAudience.allCases, DiagnosticQuestion.allCases,
    ExperientialPlane.allCases, WordOfMouthRule.allCases, SegmentMarket.allCases,
    PurchaseRole.allCases, PurchaseTurn.allCases,
  ]
}
