/// That a period is closed: what was known of it by then is what it is reported as.
package struct PeriodClose: Codable, Hashable, Sendable {
  /// As it was named.
  package var period: Period
  package var first: Day
  package var last: Day
  /// The business date of the close.
  package var on: Day
  /// The position of the close, the last that counts for what was known.
  package var position: Int64
  /// How many commands were recorded in it since.
  package var restatements: Int?

  package var days: ClosedRange<Day> { first...max(first, last) }
}

/// The period takes no more facts.
package struct PeriodClosed: Codable, Hashable, Sendable {
  package var period: Period
  package var first: Day
  package var last: Day
}

/// The period takes facts again; the reason is the command's.
package struct PeriodReopened: Codable, Hashable, Sendable {
  package var period: Period
  /// The position at which it was closed.
  package var closedAt: Int64
}

/// A fact was recorded in periods that are closed; the reason is the command's.
///
/// It is what an approver alone may append, so that no command of the office can be dated there.
package struct PeriodRestated: Codable, Hashable, Sendable {
  /// Those that hold the command's date.
  package var periods: [Period]
}

extension Program {
  mutating func evolve(with event: ProgramEvent, on day: Day, at position: Int64) {
    switch event {
    case .founded: break
    case .periodClosed(let event):
      var closes = (closes ?? []).filter { $0.period != event.period }
      let close = PeriodClose(
        period: event.period, first: event.first, last: event.last, on: day, position: position)
      closes.insert(close, at: closes.firstIndex { close.first < $0.first } ?? closes.endIndex)
      self.closes = closes
    case .periodReopened(let event):
      let open = closes?.filter { $0.period != event.period } ?? []
      closes = open.isEmpty ? nil : open
    case .restated(let event):
      for index in closes?.indices ?? 0..<0 where event.periods.contains(closes![index].period) {
        closes![index].restatements = (closes![index].restatements ?? 0) &+ 1
      }
    case .catalogAdopted(let event): details.catalogVersion = event.version
    }
  }
}

/// Closes a period: nothing more is dated in it, but for restatements.
package struct ClosePeriod: Command {
  package static let name = "period.close"
  package var period: Period

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let program = try situation.program()
    let days = period.days(fiscalYearStart: program.details.fiscalYearStart)
    if program.close(of: days) != nil { return [] }
    guard days.upperBound < situation.on else {
      throw Rejection(
        "period.not-over",
        "\(period) ends on \(days.upperBound), not before the command's date \(situation.on)",
        hint: "close it when it is over")
    }
    return [
      Change(
        .program,
        .program(
          .periodClosed(
            PeriodClosed(period: period, first: days.lowerBound, last: days.upperBound))))
    ]
  }
}

/// Opens a closed period again.
package struct ReopenPeriod: Command {
  package static let name = "period.reopen"
  package var period: Period

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let program = try situation.program()
    let days = period.days(fiscalYearStart: program.details.fiscalYearStart)
    guard let close = program.close(of: days) else {
      throw Rejection(
        .notFound, "period.not-closed", "\(period) is not closed", hint: "cem period list")
    }
    try situation.requireReason("reopening a period")
    return [
      Change(
        .program,
        .program(.periodReopened(PeriodReopened(period: close.period, closedAt: close.position))))
    ]
  }
}

extension Rejection {
  /// The business date lies in a period that is closed.
  static func periodClosed(_ day: Day, _ close: PeriodClose) -> Rejection {
    Rejection(
      "period.closed", "\(day) lies in \(close.period), which was closed on \(close.on)",
      hint:
        "an approver may record it as a restatement, with --restate --reason TEXT, or: cem period reopen \(close.period) --reason TEXT",
      details: [
        "period": .string(close.period.description), "closedAt": .int(close.position),
      ])
  }

  /// A restatement where there is nothing to restate.
  static func nothingToRestate(_ day: Day) -> Rejection {
    Rejection(
      .input, "period.open", "\(day) lies in no closed period: there is nothing to restate",
      hint: "leave out --restate; cem period list names the closed periods")
  }
}
