import CEMDomain
import Testing

@Suite("Terms in four languages (domain §9)") struct LabelTests {
  private static let kinds: [[any Term]] = [
    GapLink.allCases, CEMDomain.Step.allCases, Phase.allCases, Dimension.allCases,
    Attribute.allCases, ExperienceModule.allCases, AssessmentMethod.allCases,
    StatusColour.allCases, Verdict.allCases, BenefitKind.allCases, WordOfMouthRule.allCases,
    ContactType.allCases, JourneyStage.allCases, ContactPlanItem.allCases,
    TouchpointGift.allCases, StandardAudience.allCases, StandardVerdict.allCases,
    SegmentMarket.allCases, PurchaseRole.allCases, PurchaseTurn.allCases,
    SurveyAudience.allCases, DiagnosticQuestion.allCases, ExperientialPlane.allCases,
    GapLife.Stage.allCases, InitiativeLife.Stage.allCases, LevelStanding.Basis.allCases,
    WaiverDetails.Subject.allCases,
  ]

  @Test("§9: every term has a name in every language, and no name belongs to no term")
  func complete() {
    for terms in Self.kinds {
      let kind = Catalog.kindName(of: terms[0])
      for term in terms {
        for language in Language.allCases {
          #expect(
            Catalog.label(kind, term.rawValue, in: language)?.isEmpty == false,
            "\(kind) \(term.rawValue) \(language)")
        }
      }
      #expect(
        Set(Catalog.labels[kind, default: [:]].keys) == Set(terms.map { $0.rawValue }), "\(kind)")
    }
    for level in Catalog.levels {
      #expect(Catalog.labels["Level"]?[String(level.number)]?.count == 4)
    }
  }

  @Test(
    "§2, §4, §5: the originals of the sources are the names in their languages",
    arguments: [
      (GapLink.promiseExpectation as any Term, Language.chinese, "品牌沟通活动/客户期望"),
      (CEMDomain.Step.continuousInnovation, .ukrainian, "постійні інновації"),
      (Attribute.convenience, .russian, "удобство"), (Phase.reflection, .russian, "рефлексия"),
      (ExperienceModule.relate, .chinese, "关联"), (ContactType.delegated, .chinese, "委托"),
      (ContactPlanItem.digestion, .chinese, "消化"),
    ])
  func originals(term: any Term, language: Language, name: String) {
    #expect(Catalog.label(term, in: language) == name)
  }

  @Test("§9: a locale names its language") func locales() {
    #expect(Language(locale: "uk_UA.UTF-8") == .ukrainian)
    #expect(Language(locale: "zh_CN") == .chinese)
    #expect(Language(locale: "RU") == .russian)
    #expect(Language(locale: "C.UTF-8") == nil)
    #expect(Language(locale: "") == nil)
  }
}
