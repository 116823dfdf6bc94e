import CEMDomain
import Testing

@Suite("Terms in four languages (domain §9)") struct LabelTests {
  private static let kinds: [[any Term]] = [
    GapLink.allCases, ChainPart.allCases, CEMDomain.Step.allCases, Phase.allCases,
    Dimension.allCases,
    Attribute.allCases, ExperienceModule.allCases, AssessmentMethod.allCases,
    StatusColour.allCases, Verdict.allCases, BenefitKind.allCases, WordOfMouthRule.allCases,
    ContactType.allCases, JourneyStage.allCases, JourneyOutcome.allCases, PeakFeeling.allCases,
    ContactPlanItem.allCases,
    TouchpointGift.allCases, StandardAudience.allCases, StandardVerdict.allCases,
    SegmentMarket.allCases, PurchaseRole.allCases, PurchaseTurn.allCases,
    BrandElement.allCases, StandardAspect.allCases,
    SurveyAudience.allCases, DiagnosticQuestion.allCases, ExperientialPlane.allCases,
    GapLife.Stage.allCases, InitiativeLife.Stage.allCases, LevelStanding.Basis.allCases,
    WaiverDetails.Subject.allCases, RequestLife.Stage.allCases, ApprovedMatter.Kind.allCases,
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
    "§1 to §5, §9: the originals of the sources are the names in their languages",
    arguments: Originals.all)
  func originals(language: Language, terms: [any Term], names: [String]) {
    #expect(terms.map { Catalog.label($0, in: language) } == names)
  }

  @Test("§1, §9: so are those of the levels") func levels() {
    for level in Catalog.levels {
      #expect(
        Catalog.labels["Level"]?[String(level.number)]?[.russian]?.lowercased()
          == level.original.lowercased())
    }
  }

  @Test("§9: a locale names its language") func locales() {
    #expect(Language(locale: "uk_UA.UTF-8") == .ukrainian)
    #expect(Language(locale: "zh_CN") == .chinese)
    #expect(Language(locale: "RU") == .russian)
    #expect(Language(locale: "C.UTF-8") == nil)
    #expect(Language(locale: "") == nil)
  }
}

/// Where the sources give words of their own.
private enum Originals {
  static let all: [(Language, [any Term], [String])] = [
    (
      .chinese, Array(GapLink.allCases.prefix(5)),
      [
        "品牌沟通活动/客户期望", "客户期望/服务标准", "服务标准/员工培训", "员工培训/执行力", "执行力/薪酬奖励管理制度",
      ]
    ),
    (
      .ukrainian, Array(CEMDomain.Step.allCases),
      [
        "аналіз емпіричного світу клієнта", "побудова емпіричної платформи", "дизайн бренду",
        "розробка клієнтського інтерфейсу", "постійні інновації",
      ]
    ),
    (.russian, Array(Phase.allCases), ["ожидание", "взаимодействие", "рефлексия"]),
    (
      .russian, Array(Attribute.allCases),
      ["целостность", "надежность", "эффективность", "удобство"]
    ),
    (.chinese, Array(ExperienceModule.allCases), ["感官", "情感", "思考", "行动", "关联"]),
    (
      .chinese, Array(ContactType.allCases),
      ["广告", "公关", "人员", "会议", "委托", "介质", "联盟", "随机"]
    ),
    (
      .chinese, Array(ContactPlanItem.allCases),
      ["计划", "目标", "受众", "设计", "模式", "渠道", "规范", "激励", "档案", "分析", "消化", "跟踪"]
    ),
  ]
}
