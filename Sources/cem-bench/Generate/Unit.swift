import CEMDomain

/// What the made-up program knows of a department.
struct Unit {
  let code: String
  /// `nil` where not assessed.
  var level: Int?
  /// The actions that are done, with the last day on which they count.
  var done: [String: Day?] = [:]
  /// The actions that are waived, with the waiver's number.
  var waived: [String: Int] = [:]
  /// Gaps that are open or accepted.
  var gaps: [KnownGap] = []
  /// The gaps closed last.
  var closed: [KnownGap] = []
  /// Initiatives that have not ended.
  var work: [KnownWork] = []
  /// The initiatives that ended last.
  var ended: [KnownWork] = []
  /// The evidence added last.
  var evidence: [Int] = []

  init(number: Int) { code = "d-\(number + 1)" }
}

struct KnownGap {
  let number: Int
  var isAccepted = false
  var isDiagnosed: Bool
  /// In hundredths; `nil` where nothing was measured.
  var expected: Int?
  var perceived = 0
  let lowerIsBetter: Bool

  var reference: JSON { .string("GAP-\(number)") }
  var isMet: Bool {
    guard let expected else { return true }
    return lowerIsBetter ? perceived <= expected : perceived >= expected
  }
}

struct KnownWork {
  let number: Int
  var stage = InitiativeLife.Stage.opened
  var isOnHold = false
  var verdict: String?
  /// In hundredths; `nil` where it has no metric.
  var target: Int?

  var reference: JSON { .string("INI-\(number)") }
}

extension Array {
  /// Adds an element and forgets the oldest beyond a limit.
  mutating func remember(_ element: Element, atMost limit: Int) {
    append(element)
    if count > limit { removeFirst() }
  }
}
