package import CEMDomain

/// A service standard in use with what was measured of it last.
package struct StandardResult: Sendable {
  package var record: EntityRecord
  package var standard: Standard
  /// The judgement that stands.
  package var standing: Judgement

  /// Whether it comes before another one in a list of what hurts: what is missed, by its shortfall, then what
  /// became worse.
  package func hurtsMore(than other: StandardResult) -> Bool {
    if standing.isBreach != other.standing.isBreach { return standing.isBreach }
    let (own, others) = (standard.shortfall, other.standard.shortfall)
    // Where the target is zero, any miss is beyond measure.
    if standing.isBreach, own != others {
      guard let own else { return true }
      return others.map { own > $0 } ?? false
    }
    let isWorse = standard.trend == .worse
    if isWorse != (other.standard.trend == .worse) { return isWorse }
    return record.stream < other.record.stream
  }

  /// How many there are of each verdict and of each trend.
  static func counts(_ results: [StandardResult]) -> JSON {
    var counts = JSONObject()
    for verdict in StandardVerdict.allCases {
      counts[verdict.rawValue] = .number(results.count { $0.standing.verdict == verdict })
    }
    for trend in StandardTrend.allCases {
      counts[trend.rawValue] = .number(results.count { $0.standard.trend == trend })
    }
    return .object(counts)
  }
}

extension ProgramReader {
  /// The service standards in use that were measured, of one department or of all, in the order of their numbers.
  package func standardResults(of department: DepartmentCode?) throws -> [StandardResult] {
    try records(of: .standard, concerning: department).compactMap { record in
      guard !record.isVoided, case .standard(let standard) = record.entity, standard.isOpen,
        let standing = standard.standing
      else { return nil }
      return StandardResult(record: record, standard: standard, standing: standing)
    }
  }
}
