/// What is done to the arguments before they are parsed.
enum Arguments {
  /// Marks a value like `-10d`, which would be taken for an option. No argument can hold a NUL.
  private static let mark: Character = "\0"

  /// Gives `--json` without a value one that stands for all fields, and joins values that begin with a hyphen and a
  /// digit to the option before them.
  static func normalized(_ arguments: [String]) -> [String] {
    // The shell's completion scripts call with three hyphens and words of their own.
    if arguments.first?.hasPrefix("---") == true { return arguments }
    var result: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" { return result + arguments[index...] }
      if argument == "--json" {
        result.append("--json=*")
      } else if isNegative(argument) {
        if let option = result.last, option.hasPrefix("--"), !option.contains("="),
          index > 0, arguments[index - 1] == option
        {
          result[result.count - 1] = option + "=" + argument
        } else {
          result.append(String(mark) + argument)
        }
      } else {
        result.append(argument)
      }
      index += 1
    }
    return result
  }

  /// The argument as it was given.
  static func restored(_ argument: String) -> String {
    argument.first == mark ? String(argument.dropFirst()) : argument
  }

  /// A message of the parser without the marks of what it quotes.
  static func unmarked(_ message: String) -> String { message.filter { $0 != mark } }

  /// The value of an option; `nil` where it was not given.
  static func value(of option: String, in arguments: [String]) -> String? {
    for (index, word) in arguments.enumerated() {
      if word.hasPrefix(option + "=") { return String(word.dropFirst(option.utf8.count + 1)) }
      if word == option { return arguments.dropFirst(index + 1).first }
    }
    return nil
  }

  /// Whether errors are to be JSON. The arguments may be ones that cannot be parsed.
  static func wantJSON(_ arguments: [String]) -> Bool {
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return false }
      if argument == "--json" || argument.hasPrefix("--json=") { return true }
      if argument == "--format=json" || argument == "--format=ndjson" { return true }
      if argument == "--format", arguments.dropFirst(index + 1).first?.hasSuffix("json") == true {
        return true
      }
    }
    return false
  }

  private static func isNegative(_ argument: String) -> Bool {
    let bytes = Array(argument.utf8.prefix(2))
    return bytes.count == 2 && bytes[0] == UInt8(ascii: "-")
      && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[1])
  }
}
