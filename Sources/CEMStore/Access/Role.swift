/// A part that a login can have.
package enum Role: String, CaseIterable, Sendable {
  case office
  /// Has all that the office has, by being a member of it.
  case approver
  case auditor
  case reader
  /// Owns all objects.
  case owner

  /// Those that get rights; the owner has them by itself.
  package static let granted = allCases.filter { $0 != .owner }

  /// The role in the database.
  package var name: String { "cem_" + rawValue }
}
