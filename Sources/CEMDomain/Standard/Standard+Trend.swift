/// How what was measured last of a standard compares with what was measured before, in its direction.
package enum StandardTrend: String, CaseIterable, Sendable {
  case better, worse, same
}

extension Standard {
  /// The judgement before the one that stands: of the period that ended last, of those with a value, before that
  /// one's began. A year that holds a quarter is not compared with it.
  package var standingBefore: Judgement? {
    guard let standing, standing.measurement.value != nil else { return nil }
    return life.measurements.last {
      $0.value != nil && $0.last < standing.measurement.first
    }.map { judge($0) }
  }

  /// `nil` where only one period has a value.
  package var trend: StandardTrend? {
    guard let now = standing?.measurement.value, let before = standingBefore?.measurement.value
    else { return nil }
    if now == before { return .same }
    return (now > before) == (details.lowerIsBetter != true) ? .better : .worse
  }

  /// By how much the measurement that stands falls short of its target, relative to that one's magnitude:
  /// positive where it is missed; `nil` where either is unknown or the target is zero.
  package var shortfall: Exact? {
    guard let standing, let value = standing.measurement.value,
      let target = standing.version?.target,
      let size = details.lowerIsBetter == true ? value - target : target - value
    else { return nil }
    return size.divided(by: target.magnitude)
  }
}
