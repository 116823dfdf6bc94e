/// The discussion of a command's help: examples, one a line, after what there is to say.
func examples(_ lines: String..., about text: String = "") -> String {
  (text.isEmpty ? "" : text + "\n\n") + "Examples:\n"
    + lines.map { "  " + $0 }.joined(separator: "\n")
}
