/// What can happen to a service standard, beside corrections.
package enum StandardEvent: StoredEvents {
  case set(StandardDetails)
  case revised(StandardRevised)
  case versionCorrected(StandardVersionCorrected)
  case measured(StandardMeasured)
  case breachRecorded(BreachRecorded)
  case retired(StandardRetired)
  case reinstated(StandardReinstated)

  package static let forms: [StoredForm<StandardEvent>] = [
    StoredForm("standard.set", 1, command: "standard.set") { .set($0) },
    StoredForm("standard.revised", 1, command: "standard.revise", subject: "standard") {
      .revised($0)
    },
    StoredForm(
      "standard.version-corrected", 1, command: "standard.correct-version", subject: "standard"
    ) { .versionCorrected($0) },
    StoredForm("standard.measured", 1, command: "standard.measure", subject: "standard") {
      .measured($0)
    },
    // Accompanies the gap that is recorded from the breach.
    StoredForm("standard.breach-recorded", 1, command: nil) { .breachRecorded($0) },
    StoredForm("standard.retired", 1, command: "standard.retire", subject: "standard") {
      .retired($0)
    },
    StoredForm("standard.reinstated", 1, command: "standard.reinstate", subject: "standard") {
      .reinstated($0)
    },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .set(let payload): ("standard.set", 1, payload)
    case .revised(let payload): ("standard.revised", 1, payload)
    case .versionCorrected(let payload): ("standard.version-corrected", 1, payload)
    case .measured(let payload): ("standard.measured", 1, payload)
    case .breachRecorded(let payload): ("standard.breach-recorded", 1, payload)
    case .retired(let payload): ("standard.retired", 1, payload)
    case .reinstated(let payload): ("standard.reinstated", 1, payload)
    }
  }
}

/// A new version is in force from a day.
package struct StandardRevised: Codable, Hashable, Sendable {
  package var target: Exact
  package var from: Day
  package var before: Exact?
  package var fromBefore: Day?
}

/// A version was recorded wrongly: it has another target or begins on another day, or never was one.
package struct StandardVersionCorrected: Codable, Hashable, Sendable {
  /// The day from which the version was said to be in force.
  package var version: Day
  /// Whether there never was such a version; absent where it stays.
  package var drop: Bool?
  /// Absent where it stays.
  package var target: Exact?
  /// Absent where it stays.
  package var from: Day?
  package var before: Exact?
}

/// A period was measured, or measured again; `noData` says that there is nothing to go by.
package struct StandardMeasured: Codable, Hashable, Sendable {
  package var period: Period
  package var first: Day
  package var last: Day
  package var value: Exact?
  package var noData: Bool?
  package var volume: Exact?
  package var note: Text?
  /// Whether another measurement of the period is corrected.
  package var replaces: Bool?
  package var valueBefore: Exact?
  package var volumeBefore: Exact?
}

/// A breach was recorded as a gap.
package struct BreachRecorded: Codable, Hashable, Sendable {
  package var period: Period
  package var gap: GapRef
}

/// It is promised no more; the reason is the command's.
package struct StandardRetired: Codable, Hashable, Sendable {}

/// It is promised again.
package struct StandardReinstated: Codable, Hashable, Sendable {
  package var retiredOn: Day
}

extension [StandardVersion] {
  /// The versions after a correction of one of them.
  func corrected(by event: StandardVersionCorrected) -> [StandardVersion] {
    compactMap { version in
      guard version.from == event.version else { return version }
      return event.drop == true
        ? nil
        : StandardVersion(from: event.from ?? version.from, target: event.target ?? version.target)
    }
  }
}

extension Standard {
  mutating func evolve(with event: StandardEvent, on day: Day, by approval: Approval?) {
    let before = Snapshot(target: details.target, from: details.from, life: life)
    switch event {
    case .set: return
    case .revised(let event):
      if let from = details.from {
        life.earlier.append(StandardVersion(from: from, target: details.target))
      }
      details.target = event.target
      details.from = event.from
    case .versionCorrected(let event): versions = versions.corrected(by: event)
    case .measured(let event):
      let gap = measurement(of: event.period)?.gap
      life.measurements.removeAll { $0.period == event.period }
      life.measurements.append(
        Measurement(
          period: event.period, first: event.first, last: event.last, value: event.value,
          volume: event.volume, note: event.note, on: day, gap: gap))
      life.measurements.sort { a, b in
        a.last != b.last
          ? a.last < b.last : a.period.description.precedesByBytes(b.period.description)
      }
    case .breachRecorded(let event):
      for index in life.measurements.indices
      where life.measurements[index].period == event.period {
        life.measurements[index].gap = event.gap
      }
    case .retired:
      life.retiredOn = day
      life.retirement = approval
    case .reinstated:
      life.retiredOn = nil
      life.retirement = nil
    }
    previous = [before]
  }
}
