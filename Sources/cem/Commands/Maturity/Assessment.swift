import CEMDomain
import CEMStore

/// How a level was assessed the last time, from the events that say so.
struct Assessment: Sendable {
  var on: Day
  var method: AssessmentMethod
  /// `nil` where nobody was named.
  var assessor: PersonID?
  var rationale: Text

  /// The last one in a stream's events; one that was taken back, or corrected to the level before it, no longer
  /// holds.
  fileprivate static func last(in events: [RecordedEvent]) -> Assessment? {
    var found: [(assessment: Assessment, before: Int?, position: Int64)] = []
    var isLatest = false
    for event in events {
      if case .correction(_, .reverted(let reversion)) = event.event {
        found.removeAll { $0.position == reversion.position }
      }
      guard case .maturity(let change) = event.event else { continue }
      switch change {
      case .assessed(let assessed):
        found.append((Assessment(event, assessed), assessed.from, event.position))
        isLatest = true
      case .corrected(let corrected):
        if isLatest, corrected.to == found.last?.before { found.removeLast() }
        isLatest = false
      case .advanced, .regressed, .inherited: isLatest = false
      case .actionCompleted, .actionReopened, .actionWaived: break
      }
    }
    return found.last?.assessment
  }

  private init(_ event: RecordedEvent, _ assessed: MaturityAssessed) {
    on = event.occurredOn
    method = assessed.method
    assessor = assessed.assessor
    rationale = assessed.rationale
  }
}

extension Session {
  /// The last assessments that are known at a position.
  /// - Parameters:
  ///   - streams: of departments' levels, or of the program's.
  ///   - day: what happened later does not count; `nil` counts all.
  func assessments(
    of streams: [StreamID], upTo position: Int64, through day: Day?
  ) throws -> [StreamID: Assessment] {
    let events = try log.events(of: streams, upTo: position).map { try $0.readable() }
      .filter { event in
        // What was taken back never was, whenever that was said.
        if case .correction(_, .reverted) = event.event { return true }
        return day.map { event.occurredOn <= $0 } ?? true
      }
    return Dictionary(grouping: events, by: \.stream).compactMapValues(Assessment.last)
  }
}
