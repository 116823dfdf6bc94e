import Foundation

/// A figure for people: three digits that count, thousands divided.
func format(_ value: Double) -> String {
  guard value.isFinite else { return "–" }
  if abs(value) >= 1000 {
    var digits = String(Int(value.rounded()))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
  // Counts and bounds are whole; what is measured hardly ever is.
  if value == value.rounded() { return "\(Int(value))" }
  let places = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
  return String(format: "%.\(places)f", value)
}
