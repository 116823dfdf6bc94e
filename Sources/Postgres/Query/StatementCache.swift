/// Names of statements that a session has prepared, by their text.
struct StatementCache {
  private var names: [String: String] = [:]
  private var last = 0

  /// The name under which the text was prepared, nil where it was not.
  func name(for text: String) -> String? { names[text] }

  /// A name that was not used before in this session.
  mutating func newName() -> String {
    last += 1
    return "cem_\(last)"
  }

  /// Remembers that the server has accepted the statement.
  mutating func insert(_ name: String, for text: String) {
    names[text] = name
  }

  /// Forgets a statement, so that the next use prepares it again.
  mutating func remove(_ text: String) {
    names[text] = nil
  }
}
