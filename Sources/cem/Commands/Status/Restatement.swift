import CEMDomain
import CEMStore

/// A department's figures of a closed period as they were closed, beside those that are known now.
struct Restatement: Sendable {
  /// A figure that differs.
  struct Figure: Sendable {
    var name: String
    var closed: Datum
    var restated: Datum

    /// What differs by itself: of a figure that has parts, those that do.
    var parts: [Figure] {
      guard case .object(let before) = closed, case .object(let after) = restated else {
        return [self]
      }
      return zip(before, after).filter { $0.value != $1.value }.map { before, after in
        Figure(name: "\(name).\(before.key)", closed: before.value, restated: after.value)
      }
    }
  }

  var department: DepartmentCode
  /// At least one.
  var figures: [Figure]

  /// - Returns: `nil` where nothing differs.
  private init?(_ closed: DepartmentReport, _ restated: DepartmentReport) {
    department = closed.department
    figures = zip(Restatement.figures(closed), Restatement.figures(restated))
      .filter { $0.1 != $1.1 }
      .map { Figure(name: $0.0, closed: $0.1, restated: $1.1) }
    if figures.isEmpty { return nil }
  }

  /// Those of the departments of which anything differs, in the order of their codes: also of one that is there
  /// by what is known now alone, or that is not there by that.
  /// - Parameter known: what is known now.
  static func all(
    _ closed: any ProgramReader, _ known: any ProgramReader, on day: Day
  ) throws -> [Restatement] {
    try closed.departments(beside: known, on: day).compactMap { Restatement($0, $1) }
  }

  private static func figures(_ report: DepartmentReport) -> [(String, Datum)] {
    let fields = Set(Figures.restatable)
    let row = StatusRow(
      report: report, point: ReadPoint(position: 0, recordedAt: nil, isHead: true))
    // Of the departments that status lists there is no need to say that they are there.
    return [("present", .bool(report.isThere))]
      + StatusRow.fields.filter { fields.contains($0.key) }.map { ($0.key, $0.value(row)) }
  }

  /// The figures as they are known now, as scripts read them.
  var datum: Datum {
    .object(figures.map { Datum.Member(key: $0.name, value: $0.restated) })
  }

  /// The figures that differ, for a terminal; none where none does.
  static func lines(_ restatements: [Restatement], width: Int) -> [String] {
    guard !restatements.isEmpty else { return [] }
    let lines = restatements.flatMap { restatement in
      restatement.figures.flatMap(\.parts).map { figure in
        "\(restatement.department): \(Words.figure(figure.name)) "
          + "\(figure.closed.reading) → \(figure.restated.reading)"
      }
    }
    return ["", Words.say("RESTATED SINCE ITS CLOSE")] + lines.flatMap { $0.wrapped(to: width) }
  }
}
