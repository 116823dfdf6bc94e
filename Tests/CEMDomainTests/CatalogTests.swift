import CEMDomain
import Testing

/// The stable ids of the domain, as its description lists them: the catalog has these and no others.
@Suite("The catalog's ids (domain §1 to §7)") struct CatalogTests {
  private func ids<T: Term>(_: T.Type) -> [String] { T.allCases.map(\.rawValue) }

  @Test("§1: levels and their actions") func levels() {
    #expect(
      Catalog.levels.map(\.id) == [
        "nonexistent", "initial", "voice-heard", "defined", "managed", "optimizing",
      ])
    #expect(
      Catalog.levels.flatMap(\.actions).map(\.id.description) == [
        "0.1", "0.2", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "4.1", "4.2", "4.3",
        "5.1", "5.2", "5.3",
      ])
    #expect(ids(AssessmentMethod.self) == ["self", "office", "independent"])
    #expect(ids(LevelStanding.Basis.self) == ["baseline", "advanced", "waived", "inherited"])
  }

  @Test("§2: the five links and the place of what is not diagnosed") func links() {
    #expect(
      ids(GapLink.self) == [
        "promise-expectation", "expectation-standard", "standard-training", "training-execution",
        "execution-reward", "undiagnosed",
      ])
    // Each link but the last place joins two neighbours of the chain: the wanted side is what the link before ends in.
    let sides = GapLink.allCases.compactMap(\.sides)
    #expect(sides.count == 5)
    #expect(GapLink.undiagnosed.sides == nil)
    #expect(sides.map(\.wanted) + [sides[4].actual] == ChainPart.allCases)
    #expect(sides.dropFirst().map(\.wanted) == sides.dropLast().map(\.actual))
  }

  @Test("§3: the five steps; verdicts, colours, planes, segments") func steps() {
    #expect(
      ids(CEMDomain.Step.self) == [
        "experiential-world", "experiential-platform", "brand-experience", "customer-interface",
        "continuous-innovation",
      ])
    #expect(ids(Verdict.self) == ["scale", "repeat", "stop"])
    #expect(ids(BenefitKind.self) == ["measured", "estimated"])
    #expect(ids(StatusColour.self) == ["green", "amber", "red"])
    #expect(ids(ExperientialPlane.self) == ["product", "category", "usage", "sociocultural"])
    #expect(ids(SegmentMarket.self) == ["consumer", "business"])
    #expect(ids(PurchaseRole.self) == ["buyer", "user", "influencer"])
    #expect(ids(PurchaseTurn.self) == ["first", "repeat"])
    #expect(
      ids(BrandElement.self) == [
        "name", "logo", "packaging", "slogan", "look-and-feel", "campaign",
      ])
    #expect(
      ids(StandardAspect.self) == ["style", "substance", "service-time", "customer-time"])
  }

  @Test("§4: how customers experience") func experience() {
    #expect(ids(Phase.self) == ["expectation", "interaction", "reflection"])
    #expect(ids(Dimension.self) == ["functional", "emotional"])
    #expect(ids(Attribute.self) == ["integrity", "reliability", "efficiency", "convenience"])
    #expect(ids(ExperienceModule.self) == ["sense", "feel", "think", "act", "relate"])
    #expect(ids(JourneyStage.self) == ["learn", "evaluate", "enquire", "buy", "use"])
  }

  @Test("§5: contact management") func contacts() {
    #expect(
      ids(ContactType.self) == [
        "advertising", "public-relations", "personnel", "meeting", "delegated", "medium",
        "alliance", "random",
      ])
    #expect(
      ids(ContactPlanItem.self) == [
        "plan", "goal", "audience", "design", "mode", "channel", "norms", "incentive", "archive",
        "analysis", "digestion", "tracking",
      ])
    #expect(
      ids(TouchpointGift.self) == [
        "recognition", "service", "convenience", "benefit", "information", "identity",
      ])
    #expect(ids(StandardAudience.self) == ["external", "internal"])
    #expect(ids(StandardVerdict.self) == ["met", "missed", "unknown"])
  }

  @Test("§6: the voice of the customer") func voice() {
    #expect(ids(SurveyAudience.self) == ["customers", "employees"])
    #expect(
      ids(DiagnosticQuestion.self) == [
        "perception", "emotions", "reactions", "environment", "interaction", "proposition",
        "value-change", "competitors", "return-rate", "positioning", "functions",
        "segment-differences",
      ])
  }

  @Test("§7: the rules of word of mouth, and what is attested") func wordOfMouth() {
    #expect(
      ids(WordOfMouthRule.self) == [
        "listen", "customer-relations", "grassroots", "promoters", "earned-media",
      ])
    for word in ["stealth", "undisclosed paid buzz", "fake identities", "lies", "spam"] {
      #expect(Catalog.ethicsText.contains("no \(word)"))
    }
  }

  @Test("§9: the catalog is numbered, and what was released of it never changes") func released() {
    // The ids and the English texts since version 1; another wording takes another number.
    #expect(Catalog.version == 2)
    let texts = Catalog.levels.flatMap { level in
      ["\(level.number) \(level.id) \(level.name)"] + level.actions.map { "\($0.id) \($0.text)" }
    }
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in (texts + [Catalog.ethicsText]).joined(separator: "\n").utf8 {
      sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    #expect(sum == Self.releasedSum)
  }

  @Test("§9: what the released version holds never changes", arguments: releases)
  func content(version: Int, count: Int, content: UInt64) throws {
    let entries = try #require(Catalog.entries(of: version))
    // Every id and its English text, in order; what is changed here takes another number.
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in entries.map({ "\($0.kind) \($0.id) \($0.text)" }).joined(separator: "\n").utf8 {
      sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    #expect(entries.count == count)
    #expect(sum == content)
    #expect(Set(entries.map { "\($0.kind) \($0.id)" }).count == entries.count)
  }

  @Test("§9: a newer version has all that the one before it has, and more") func growth() throws {
    #expect(Catalog.released == Self.releases.map(\.0))
    #expect(Catalog.entries(of: Catalog.version + 1) == nil)
    let (old, new) = (
      try #require(Catalog.entries(of: 1)), try #require(Catalog.entries(of: 2))
    )
    #expect(new.starts(with: old))
    #expect(
      Set(new.dropFirst(old.count).map(\.kind)) == [
        "BrandElement", "StandardAspect", "JourneyOutcome", "PeakFeeling",
      ])
  }

  @Test("§1, §9: what the actions say in English is what the catalog says") func actionLabels() {
    for action in Catalog.levels.flatMap(\.actions) {
      let labels = Catalog.labels["Level.Action"]?[action.id.description]
      #expect(labels?[.english] == action.text)
      #expect(labels?.count == Language.allCases.count, "\(action.id)")
    }
  }

  /// Each released version, with how many entries it has and what they add up to.
  static let releases: [(Int, Int, UInt64)] = [
    (1, 131, 12_139_404_980_678_782_173), (2, 145, 9_069_587_992_629_802_503),
  ]
  private static let releasedSum: UInt64 = 0xd4009d2ee9888acf
}
