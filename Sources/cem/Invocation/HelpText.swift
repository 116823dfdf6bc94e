/// The order of a help text's sections.
enum HelpText {
  /// Sections of options that many commands share; a command's own come before them.
  private static let shared = ["RECORDING:", "WHICH:", "WHEN:", "OPTIONS EVERYWHERE:"]

  /// The help with the command's own options first; the parser puts untitled ones last.
  static func ordered(_ help: String) -> String {
    var sections = help.split(separator: "\n\n", omittingEmptySubsequences: false)
    guard let own = sections.firstIndex(where: { $0.hasPrefix("OPTIONS:") }),
      let place = sections.firstIndex(where: { section in
        shared.contains { section.hasPrefix($0) }
      }), place < own
    else { return help }
    // A command without options of its own has these two all the same.
    let names = sections[own].split(separator: "\n").filter { $0.hasPrefix("  -") }
    guard names.contains(where: { !$0.hasPrefix("  --version") && !$0.hasPrefix("  -h,") }) else {
      return help
    }
    let section = sections.remove(at: own)
    sections.insert(section.last == "\n" ? section.dropLast() : section, at: place)
    return sections.joined(separator: "\n\n")
  }
}
