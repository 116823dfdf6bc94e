/// The five links of the gap chain (domain §2), in order, and the place of gaps whose cause is unknown.
package enum GapLink: String, NumberedTerm {
  case promiseExpectation = "promise-expectation"
  case expectationStandard = "expectation-standard"
  case standardTraining = "standard-training"
  case trainingExecution = "training-execution"
  case executionReward = "execution-reward"
  case undiagnosed
}

/// What the links of the gap chain join (domain §2), in order.
package enum ChainPart: String, Term {
  case promise = "brand-communication"
  case expectation = "customer-expectation"
  case standard = "service-standard"
  case training = "staff-training"
  case execution
  case reward = "pay-and-reward"
}

extension GapLink {
  /// What the wanted value of a gap speaks about and what the actual one does; `nil` until the cause is known.
  package var sides: (wanted: ChainPart, actual: ChainPart)? {
    switch self {
    case .promiseExpectation: (.promise, .expectation)
    case .expectationStandard: (.expectation, .standard)
    case .standardTraining: (.standard, .training)
    case .trainingExecution: (.training, .execution)
    case .executionReward: (.execution, .reward)
    case .undiagnosed: nil
    }
  }
}

/// The five steps of experience management (domain §3).
package enum Step: String, NumberedTerm {
  case experientialWorld = "experiential-world"
  case experientialPlatform = "experiential-platform"
  case brandExperience = "brand-experience"
  case customerInterface = "customer-interface"
  case continuousInnovation = "continuous-innovation"

  /// Whether it is a foundation on which the others build (steps 1 and 2).
  package var isFoundation: Bool {
    switch self {
    case .experientialWorld, .experientialPlatform: true
    case .brandExperience, .customerInterface, .continuousInnovation: false
    }
  }
}

/// What is designed of a brand (domain §3, the step brand-experience).
package enum BrandElement: String, Term {
  case name, logo, packaging, slogan
  case lookAndFeel = "look-and-feel"
  case campaign
}

/// The phases of an experience (domain §4).
package enum Phase: String, Term {
  case expectation, interaction, reflection
}

/// The dimensions of an experience (domain §4).
package enum Dimension: String, Term {
  case functional, emotional
}

/// The attributes that bind customers (domain §4).
package enum Attribute: String, Term {
  case integrity, reliability, efficiency, convenience
}

/// The experience modules (domain §4).
package enum ExperienceModule: String, Term {
  case sense, feel, think, act, relate
}

/// Who assessed a level (domain §1).
package enum AssessmentMethod: String, Term {
  case selfAssessed = "self"
  case office, independent
}

/// The colour of a status update (domain §3).
package enum StatusColour: String, Term {
  case green, amber, red
}

/// What a concluded pilot says (domain §3).
package enum Verdict: String, Term {
  case scale, `repeat`, stop
}

/// Whether a benefit was measured or estimated (domain §3).
package enum BenefitKind: String, Term {
  case measured, estimated
}

/// The rules of word of mouth (domain §7).
package enum WordOfMouthRule: String, Term {
  case listen
  case customerRelations = "customer-relations"
  case grassroots
  case promoters
  case earnedMedia = "earned-media"
}
