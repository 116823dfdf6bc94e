extension Rejection {
  static func platformMissing(
    step: Step, because reason: String = "none is named", hint: String
  ) -> Rejection {
    Rejection(
      "initiative.platform-missing",
      "the step \(step.rawValue) builds on an experiential platform, and \(reason)",
      hint: hint, details: ["step": .string(step.rawValue)])
  }

  /// A correction leaves it without a platform.
  static func platformUnnamed(_ ref: InitiativeRef, step: Step) -> Rejection {
    let missing = input(
      FieldError(path: "platform", "is missing: the step \(step.rawValue) builds on one"))
    return Rejection(
      missing.kind, missing.code, missing.message,
      hint: "add --platform REF, or waive it first: cem initiative waive \(ref) --reason TEXT",
      details: missing.details)
  }

  /// Nothing that it builds on holds: its platform was voided, or its waiver is over.
  static func notFounded(
    _ state: Initiative, _ ref: InitiativeRef, in situation: Situation
  ) throws(Rejection) -> Rejection {
    let reason =
      if let platform = state.details.platform {
        "\(platform), which \(ref) names, was voided"
      } else if let waiver = state.platformWaiver {
        "\(waiver), by which \(ref) builds on none, no longer holds"
      } else {
        "none is named"
      }
    let platform = try situation.state.all(.platform).first { situation.on >= $0.since }
    return platformMissing(
      step: state.details.step, because: reason,
      hint: (platform.map {
        "cem initiative amend \(ref) --platform \($0.stream.reference) --reason TEXT"
      } ?? "cem platform state --title TEXT --promise TEXT")
        + ", or cem initiative waive \(ref) --reason TEXT")
  }

  static func waiverNotNeeded(
    _ state: Initiative, _ ref: InitiativeRef, in situation: Situation
  ) throws(Rejection) -> Rejection {
    if let platform = state.details.platform, try situation.find(platform.stream)?.isVoided == false
    {
      return Rejection(
        "initiative.platform-named", "\(ref) builds on \(platform), so there is nothing to waive",
        hint: "cem initiative show \(ref)")
    }
    let waiver = state.platformWaiver.map { "\($0)" } ?? "a waiver"
    return Rejection(
      "initiative.platform-waived", "\(waiver), by which \(ref) builds on no platform, holds",
      hint: "cem waiver amend \(waiver) --until DATE --reason TEXT")
  }

  static func brandElsewhere(_ elements: [BrandElement], step: Step, hint: String) -> Rejection {
    let names = elements.map(\.rawValue)
    return Rejection(
      "initiative.brand-elements",
      "elements of the brand (\(names.joined(separator: ", "))) are designed in the step \(Step.brandExperience.rawValue), and this initiative is of \(step.rawValue)",
      hint: hint,
      details: ["step": .string(step.rawValue), "brandElements": .array(names.map(JSON.string))])
  }

  static func approverWithoutWaiver(_ field: String) -> Rejection {
    .input(FieldError(path: "approver", "approves a waiver: give \(field) too"))
  }

  static func ethicsMissing(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.ethics-missing",
      "\(ref) is about word of mouth and its ethics are not attested: \(Catalog.ethicsText)",
      hint: "cem initiative attest \(ref)")
  }

  static func notWordOfMouth(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.not-word-of-mouth", "\(ref) is not about word of mouth",
      hint: "cem initiative amend \(ref) --wom-rule RULE --reason TEXT")
  }

  static func initiativeHasEnded(
    _ ref: InitiativeRef, _ stage: InitiativeLife.Stage
  ) -> Rejection {
    Rejection(
      "initiative.\(stage.rawValue)", "\(ref) is \(stage.rawValue)",
      hint: "cem initiative reopen \(ref) --reason TEXT")
  }

  static func initiativeIsOnHold(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.on-hold", "\(ref) is on hold", hint: "cem initiative resume \(ref)")
  }

  static func initiativeNotStarted(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.not-started", "\(ref) was not started", hint: "cem initiative start \(ref)")
  }

  static func initiativeIsPiloting(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.piloting", "the pilot of \(ref) is not concluded",
      hint: "cem initiative pilot conclude \(ref) --cost N --benefit N --verdict VERDICT")
  }

  static func notPiloting(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.not-piloting", "no pilot of \(ref) is running",
      hint: "cem initiative pilot start \(ref)")
  }

  static func noPilotConcluded(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.no-pilot", "no pilot of \(ref) was concluded",
      hint: "cem initiative show \(ref)")
  }

  static func verdictWasFollowed(_ ref: InitiativeRef, _ verdict: Verdict) -> Rejection {
    Rejection(
      "initiative.verdict-followed",
      "\(ref) went on from the verdict \(verdict.rawValue), which stays what it was",
      hint: "undo what followed first: cem history --stream \(ref.stream)")
  }

  static func initiativeWasStopped(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.stopped", "the pilot of \(ref) ended with the verdict stop",
      hint:
        "cem initiative cancel \(ref) --reason TEXT, or cem initiative pilot start \(ref) --reason TEXT"
    )
  }

  static func pilotNotNeeded(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.pilot-concluded", "the pilot of \(ref) ended with the verdict scale",
      hint: "cem initiative scale \(ref)")
  }

  static func pilotTooLate(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.scaling", "\(ref) is being scaled already",
      hint: "cem initiative complete \(ref)")
  }

  static func pilotMissing(_ ref: InitiativeRef, verdict: Verdict?) -> Rejection {
    Rejection(
      "initiative.pilot-missing",
      verdict.map { "the pilot of \(ref) ended with the verdict \($0.rawValue), not scale" }
        ?? "\(ref) has no concluded pilot that says it may be scaled",
      hint: "cem initiative pilot start \(ref), or use --waive-pilot REASON")
  }

  static func measuredMissing(_ ref: InitiativeRef, details: InitiativeDetails) -> Rejection {
    let target = details.target?.description ?? "unknown"
    return Rejection(
      "initiative.measured-missing",
      "\(ref) has a target of \(target) for its metric, and what was measured is not given",
      hint: "add --measured N", details: ["target": .string(target)])
  }

  static func metricMissing(_ ref: InitiativeRef) -> Rejection {
    Rejection(
      "initiative.metric-missing", "\(ref) has no metric, so a measured value says nothing",
      hint: "cem initiative amend \(ref) --metric TEXT --reason TEXT")
  }
}
