import CEMDomain

extension Figures {
  /// The figures that the departments' states add up to.
  static let ofProgram: [Figure] =
    levels + [
      Figure(ofProgram: "notAssessed", from: .level, "How many departments have no level.") {
        reports, _ in .number(reports.notAssessed)
      },
      Figure(
        ofProgram: "unsupportedDepartments", from: .support,
        "How many departments stand on a level that something no longer supports."
      ) { reports, _ in .number(reports.count(where: \.isUnsupported)) },
      Figure(
        ofProgram: "readyDepartments", from: .actions, "How many departments are ready to advance."
      ) { reports, _ in .number(reports.count(where: \.isReadyToAdvance)) },
      Figure(
        ofProgram: "totalOpenGaps", from: .gaps(nil), "How many gaps are open in all departments."
      ) { reports, _ in .number(reports.totalOpenGaps) },
      Figure(
        ofProgram: "departmentsWithOpenGaps", from: .gaps(nil),
        "How many departments have at least one open gap."
      ) { reports, _ in .number(reports.withOpenGaps) },
      Figure(
        ofProgram: "initiativesUnderWay", from: .initiativesUnderWay,
        "How many initiatives are neither completed nor cancelled; those on hold count."
      ) { reports, _ in .number(reports.initiativesUnderWay) },
    ] + states + chain

  private static let levels: [Figure] =
    [
      Figure(
        ofProgram: "departments", from: .department,
        "How many departments are registered, voided ones left out."
      ) { reports, _ in .number(reports.count) },
      Figure(
        ofProgram: "lowestLevel", from: .level,
        "The lowest level of the departments that are assessed; null where none is."
      ) { reports, _ in .number(reports.levels.first) },
      Figure(
        ofProgram: "medianLevel", from: .level,
        "The middle level of the departments that are assessed, the lower one of two; null where none is."
      ) { reports, _ in .number(reports.medianLevel) },
    ]
    + (0...Catalog.highestLevel).map { level in
      Figure(
        ofProgram: "departmentsAtLevel.\(level)", from: .level,
        "How many departments stand on level \(level)."
      ) { reports, _ in .number(reports.levels.count { $0 == level }) }
    }

  private static let states: [Figure] =
    zip(InitiativeLife.Status.allCases, DepartmentStatus.stages).map { status, stage in
      Figure(
        ofProgram: "totalInitiatives.\(status.rawValue)", from: .initiatives(status),
        "How many initiatives of all departments have the status \(status.rawValue)."
      ) { reports, _ in .number(reports.reduce(0) { $0 + $1.initiatives(in: stage) }) }
    }

  private static let chain: [Figure] = GapLink.allCases.map { link in
    Figure(
      ofProgram: "totalGapsByLink.\(link.rawValue)", from: .gaps(link),
      "How many gaps on the link \(link.rawValue) are open in all departments."
    ) { reports, _ in .number(reports.reduce(0) { $0 + $1.openGaps(on: link) }) }
  }

  /// The figures that the departments' states do not tell.
  static let ofOverview: [Figure] = [
    Figure(
      ofProgram: "programLevel", from: .programLevel,
      "The level of the program itself, as it was last assessed, advanced, regressed or corrected; null where it was never assessed.",
      hasParts: false,
      overview: { reader, _, _ in .number(try reader.programStanding()?.level) }),
    Figure(
      ofProgram: "momentsAtRisk", from: .momentsAtRisk,
      "How many moments of truth in use have an open gap, or a service standard that was missed when it was last measured.",
      overview: { reader, department, _ in
        .number(try reader.momentsAtRisk(of: department).count)
      }),
    Figure(
      ofProgram: "initiativesByColour", from: .board,
      "The initiatives that are neither completed nor cancelled, by the colour of their last status update, and how many have none.",
      overview: { reader, department, _ in
        let colours = try reader.underWay(of: department).map { $0["colour"] }
        var counts = JSONObject()
        for colour in StatusColour.allCases {
          counts[colour.rawValue] = .number(colours.count { $0 == .text(colour.rawValue) })
        }
        counts["none"] = .number(colours.count { $0 == .null })
        return .object(counts)
      }),
    Figure(
      ofProgram: "overdueInitiatives", from: .board,
      "How many initiatives that are neither completed nor cancelled were due before the day of the question.",
      overview: { reader, department, day in
        .number(
          try reader.underWay(of: department).count { row in
            row.day("due_on").map { $0 < day } ?? false
          })
      }),
    Figure(
      ofProgram: "standardResults", from: .standards,
      "The service standards in use that were measured: how many were met and how many missed by the measurement that stands, how many could not be judged for want of a target or a value; and against the period before it, how many became better, worse or stayed the same.",
      overview: { reader, department, _ in
        StandardResult.counts(try reader.standardResults(of: department))
      }),
    Figure(
      ofProgram: "pilotReturns", from: .pilots,
      "What the last concluded pilot of each initiative cost and brought, added up per currency, those whose benefit was measured apart from those whose benefit was estimated, and the return: benefit less cost, relative to the cost.",
      decimals: ["cost", "benefit", "return"],
      overview: { reader, department, _ in
        var currencies = JSONObject()
        for sum in try reader.pilotSums(of: department) {
          var kinds = currencies[sum.currency]?.object ?? JSONObject()
          kinds[sum.kind.rawValue] = [
            "pilots": .number(sum.count), "cost": .text(sum.cost), "benefit": .text(sum.benefit),
            "return": .text(sum.returnOnInvestment),
          ]
          currencies[sum.currency] = .object(kinds)
        }
        return .object(currencies)
      }),
    Figure(
      ofProgram: "budgetsUnderWay", from: .budgets,
      "The budgets of the initiatives that are neither completed nor cancelled, added up per currency.",
      decimals: ["budget"],
      overview: { reader, department, _ in
        var sums = JSONObject()
        for sum in try reader.money(of: department).budgets {
          sums[sum.currency] = ["initiatives": .number(sum.count), "budget": .text(sum.budget)]
        }
        return .object(sums)
      }),
    Figure(
      ofProgram: "brandElements", from: .brand,
      "By element of the brand: how many initiatives that design it are neither completed nor cancelled, and how many are completed; null without an initiative of the step brand-experience.",
      overview: { reader, department, _ in
        let sums = try reader.brandSums(of: department)
        guard !sums.isEmpty else { return .null }
        var counts = JSONObject()
        for sum in sums {
          counts[sum.element.rawValue] = [
            "open": .number(sum.open), "completed": .number(sum.completed),
          ]
        }
        return .object(counts)
      }),
    Figure(
      ofProgram: "convertedTotals", from: .converted,
      "What pilots cost and brought, with the return, those whose benefit was measured apart from those whose benefit was estimated, and the budgets under way, in the program's currency by the recorded rates; null where no rate was recorded or all is in that currency. A sum for which a rate is missing is null, with the currencies that miss one.",
      decimals: ["total", "return"],
      overview: { reader, department, _ in
        guard let converted = try reader.money(of: department).converted else { return .null }
        func sum(_ sum: ConvertedSum) -> JSON {
          [
            "total": .text(sum.known), "rates": .texts(sum.rates),
            "missing": .texts(sum.missing.map(\.currency)),
          ]
        }
        var value = JSONObject()
        value["currency"] = .text(converted.budget.currency)
        for pilots in converted.pilots {
          value[pilots.kind.rawValue] = [
            "cost": sum(pilots.cost), "benefit": sum(pilots.benefit),
            "return": .text(pilots.returnOnInvestment),
          ]
        }
        value["budget"] = sum(converted.budget)
        return .object(value)
      }),
    Figure(
      ofProgram: "totalApprovals", from: .allApprovals,
      "How much of what is in force in the program and takes an approver was approved by another login than the one that asked, and how much by none.",
      hasParts: false,
      overview: { reader, _, day in ApprovalCount(try reader.approvals(on: day)).json }),
    Figure(
      ofProgram: "deliveryGaps", from: .surveys,
      "By department, touchpoint, segment and period: the share of our own people who believe that we deliver a superior experience, the share of customers who agree, and the first less the second. Nothing is added up across them: others were asked, or about something else.",
      decimals: ["believing", "agreeing", "gap"],
      overview: { reader, department, _ in
        .array(
          try reader.deliveryGaps(of: department).map { delivery in
            [
              "department": .text(delivery.group.department),
              "touchpoint": .text(delivery.group.touchpoint),
              "segment": .text(delivery.group.segment),
              "period": .text(delivery.period), "believing": .text(delivery.gap.employees.share),
              "agreeing": .text(delivery.gap.customers.share), "gap": .text(delivery.gap.size),
            ]
          })
      }),
    Figure(
      ofProgram: "journey", from: .journey,
      "By stage of the customer's journey, null for what has no stage: the touchpoints in use, the moments of truth among them, how much of their contact plans is filled in, their service standards and those missed when last measured, the open gaps that name them; and the insights, how many say that customers leave or stay, the largest share that leaves, good and bad peak feelings. An insight without a stage belongs to that of its touchpoint.",
      decimals: ["planShare", "leavingShare"],
      overview: { reader, department, _ in
        .array(try reader.journey(of: department).map(\.json))
      }),
  ]
}

extension JourneyRow {
  fileprivate var json: JSON {
    [
      "stage": .text(stage?.rawValue), "touchpoints": .number(touchpoints),
      "momentsOfTruth": .number(momentsOfTruth), "planItems": .number(planItems),
      "planShare": .text(planShare), "standards": .number(standards),
      "standardsMissed": .number(standardsMissed), "openGaps": .number(openGaps),
      "insights": .number(insights), "leaves": .number(leaves),
      "leavingShare": .text(leavingShare), "stays": .number(stays),
      "goodPeaks": .number(goodPeaks), "badPeaks": .number(badPeaks),
    ]
  }
}
