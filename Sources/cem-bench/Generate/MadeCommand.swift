import CEMDomain
import FoundationEssentials

/// A command of a made-up program.
struct MadeCommand {
  var id: UUID
  var name: String
  /// As an import row has them.
  var fields: JSONObject

  /// The command as the store takes it.
  func issued() throws -> IssuedCommand { try IssuedCommand(name: name, fields: fields) }

  /// The command as a line of an import file.
  var line: String {
    var object = fields
    object["command"] = .string(name)
    object["key"] = .string(id.uuidString.lowercased())
    return JSON.object(object).canonicalText
  }
}

/// A value with two places, counted in hundredths so that it can be reckoned with.
func hundredths(_ number: Int) -> JSON {
  let (whole, rest) = (abs(number) / 100, abs(number) % 100)
  let sign = number < 0 ? "-" : ""
  if rest == 0 { return .string("\(sign)\(whole)") }
  let places = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
  return .string("\(sign)\(whole).\(places)")
}
