import CEMDomain
import CEMStore

extension RowApplier.Row {
  /// What a person would type to do the same.
  var commandLine: String {
    var words = ["cem"] + command.split(separator: ".").map(String.init)
    let subjects: [String]
    switch command {
    case "maturity.action.complete": subjects = ["department", "action"]
    case "gap.record", "initiative.open": subjects = []
    default: subjects = [String(command.prefix { $0 != "." })]
    }
    words += subjects.compactMap { fields[$0]?.string }
    let names = type.fieldNames + fields.keys
    let others = fields.members.filter { !subjects.contains($0.key) }
      .sorted { names.firstIndex(of: $0.key)! < names.firstIndex(of: $1.key)! }
    for member in others { words += Self.option(member.key, member.value) }
    return words.map(\.shellQuoted).joined(separator: " ")
  }

  private var type: any Command.Type { Commands.byName[command]! }

  private static func option(_ key: String, _ value: JSON) -> [String] {
    let name = key.reduce(into: "--") { name, letter in
      if letter.isUppercase { name += "-" }
      name += letter.lowercased()
    }
    switch value {
    case .null: return ["--clear", String(name.dropFirst(2))]
    case .bool: return [name]
    case .array(let items): return items.flatMap { option(String(key.dropLast()), $0) }
    case .string(let text):
      // What begins with a hyphen would be read as an option.
      return text.hasPrefix("-") ? ["\(name)=\(text)"] : [name, text]
    case .int(let number): return [name, String(number)]
    case .object: return []
    }
  }
}
