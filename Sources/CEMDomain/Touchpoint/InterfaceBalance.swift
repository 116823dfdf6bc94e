/// How many service standards a touchpoint has for each aspect of the customer interface, those that are retired
/// left out (domain §3).
package struct InterfaceBalance: Hashable, Sendable {
  /// Aspects without standards are not among them.
  package var counts: [StandardAspect: Int]

  package init(_ counts: [StandardAspect: Int]) { self.counts = counts.filter { $0.value > 0 } }

  package func has(_ aspect: StandardAspect) -> Bool { counts[aspect] != nil }

  /// What is missing for balance: substance beside style or style beside substance, and what says how much time
  /// customers spend. It is a fact to know, and forbids nothing.
  package var missing: [StandardAspect] {
    var missing: [StandardAspect] = []
    if has(.substance), !has(.style) { missing.append(.style) }
    if has(.style), !has(.substance) { missing.append(.substance) }
    if !has(.customerTime) { missing.append(.customerTime) }
    return missing
  }
}
