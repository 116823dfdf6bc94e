package import CEMDomain

/// A figure that a reader is shown, with what it means and where it comes from.
///
/// All of them are in `Figures`, once; help, `explain` and whatever shows figures take them from there.
package struct Figure: Sendable {
  /// What a figure is computed from.
  package enum Value: Sendable {
    /// Each department has its own.
    case department(@Sendable (DepartmentReport, ReadPoint) -> JSON)
    /// The program has one.
    case program(@Sendable ([DepartmentReport], ReadPoint) -> JSON)
    /// The program has one, and not from its departments' states; each department may be asked for its part of it.
    case overview(@Sendable (any ProgramReader, DepartmentCode?, Day) throws -> JSON)
    /// Each department has its own: of other figures of a closed period, what is known of them now, where
    /// that is not what it was closed with.
    case restatement(of: [String])
  }

  /// The name, as the key in `status --json` or, of the program's figures, by itself.
  package let id: String
  /// Other names under which people meet it.
  package let aliases: [String]
  /// What it means, in a sentence or two.
  package let definition: String
  /// The events that it comes from.
  package let source: FigureSource
  package let value: Value
  /// The members whose texts are decimals: a JSON value of the log has no numbers but whole ones.
  package let decimals: Set<String>
  /// Whether a department has its part of what is the program's.
  package private(set) var hasParts = false

  /// A department's figure.
  init(
    _ id: String, _ aliases: String..., from source: FigureSource, _ definition: String,
    value: @escaping @Sendable (DepartmentReport, ReadPoint) -> JSON
  ) {
    self.id = id
    self.aliases = aliases
    self.definition = definition
    self.source = source
    self.value = .department(value)
    decimals = []
  }

  /// The program's figure.
  init(
    ofProgram id: String, from source: FigureSource, _ definition: String,
    value: @escaping @Sendable ([DepartmentReport], ReadPoint) -> JSON
  ) {
    self.id = id
    aliases = []
    self.definition = definition
    self.source = source
    self.value = .program(value)
    decimals = []
  }

  /// The program's figure that its departments' states do not tell, with the part of a department named.
  init(
    ofProgram id: String, from source: FigureSource, _ definition: String,
    decimals: Set<String> = [],
    hasParts: Bool = true,
    overview value: @escaping @Sendable (any ProgramReader, DepartmentCode?, Day) throws -> JSON
  ) {
    self.id = id
    aliases = []
    self.definition = definition
    self.source = source
    self.value = .overview(value)
    self.decimals = decimals
    self.hasParts = hasParts
  }

  /// What is known now of a closed period, of the figures that have not stayed what it was closed with.
  init(_ id: String, restating figures: [String], _ definition: String) {
    self.id = id
    aliases = []
    self.definition = definition
    source = .department
    value = .restatement(of: figures)
    decimals = []
  }

  /// Whether each department has one of its own.
  package var isOfDepartment: Bool {
    switch value {
    case .department, .restatement: true
    case .program, .overview: false
    }
  }
}

/// Which events a figure comes from.
package enum FigureSource: Hashable, Sendable {
  /// What was recorded of the department itself.
  case department
  /// Assessments, advances, regressions and corrections of the level.
  case level
  /// The level, and what was recorded of the actions that it asks for.
  case actions
  /// The level, and what was recorded of the actions that it rests on.
  case support
  /// The waivers that hold.
  case waivers
  /// What is in force and takes an approver, of departments or of all and of the program itself.
  case approvals
  case allApprovals
  /// The open gaps, all or those on a link.
  case gaps(GapLink?)
  /// The initiatives, all or those with a status.
  case initiatives(InitiativeLife.Status?)
  /// The initiatives that are neither completed nor cancelled.
  case initiativesUnderWay
  /// The same, be their department there or not.
  case board
  /// The service standards in use that were measured.
  case standards
  /// Assessments, advances, regressions and corrections of the program's own level.
  case programLevel
  /// The moments of truth that are at risk, with their open gaps and their standards.
  case momentsAtRisk
  /// The initiatives of which a pilot was concluded.
  case pilots
  /// The initiatives under way that have a budget.
  case budgets
  /// The initiatives of the step that designs the brand.
  case brand
  /// The initiatives with a pilot that was concluded or with a budget, and the rates of exchange.
  case converted
  /// The perception surveys.
  case surveys
  /// The touchpoints with what is at them, and the insights.
  case journey
  /// The last event.
  case lastEvent
}

extension JSON {
  static func number(_ value: Int?) -> JSON { value.map { .int(Int64($0)) } ?? .null }
  static func text(_ value: (any CustomStringConvertible)?) -> JSON {
    value.map { .string($0.description) } ?? .null
  }
  static func texts(_ values: [some CustomStringConvertible]) -> JSON {
    .array(values.map { .string($0.description) })
  }
}
