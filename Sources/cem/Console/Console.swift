import Postgres
import Synchronization

/// Where output goes: standard output for results, standard error for everything else.
final class Console: Sendable {
  /// The process's own.
  static let standard = Console()

  /// What is known of the two ends, so that tests can say otherwise.
  struct Terminal: Sendable {
    /// The columns of standard output's terminal; `nil` where it is none.
    var width: Int?
    /// Its lines; `nil` where it is none.
    var height: Int?
    /// Whether standard error is a terminal.
    var errorIsTerminal: Bool
    var usesColor: Bool
    var errorUsesColor: Bool
  }

  private struct State {
    var terminal: Terminal
    var pending: [UInt8] = []
    var hasProgress = false
    /// Standard output's reader has gone: what is still written is dropped.
    var isClosed = false
    /// Where a result goes that may not fit the screen; `nil` where it goes straight out.
    var paging: Paging?
  }

  private let state: Mutex<State>

  private init() {
    let isTerminal = System.isTerminal(System.standardOutput)
    let errorIsTerminal = System.isTerminal(System.standardError)
    let columns = System.environment("COLUMNS").flatMap { Int($0) }
    let size = System.terminalSize(System.standardOutput)
    let width = isTerminal ? size?.columns ?? columns ?? 80 : nil
    state = Mutex(
      State(
        terminal: Terminal(
          width: width, height: isTerminal ? size?.lines ?? 24 : nil,
          errorIsTerminal: errorIsTerminal,
          usesColor: Console.usesColor(.auto, isTerminal: isTerminal),
          errorUsesColor: Console.usesColor(.auto, isTerminal: errorIsTerminal))))
  }

  /// What is at the ends.
  var terminal: Terminal { state.withLock { $0.terminal } }

  /// Looks at the size of standard output's terminal again.
  /// - Returns: whether it has another one.
  func measure() -> Bool {
    guard let size = System.terminalSize(System.standardOutput) else { return false }
    return state.withLock { state in
      guard state.terminal.width != nil else { return false }
      let isOther = state.terminal.width != size.columns || state.terminal.height != size.lines
      (state.terminal.width, state.terminal.height) = (size.columns, size.lines)
      return isOther
    }
  }

  /// Follows `--color`.
  func configure(color: ColorChoice) {
    state.withLock {
      $0.terminal.usesColor = Console.usesColor(color, isTerminal: $0.terminal.width != nil)
      $0.terminal.errorUsesColor = Console.usesColor(color, isTerminal: $0.terminal.errorIsTerminal)
    }
  }

  /// Whether to use colour: the option, then `NO_COLOR` and `CLICOLOR_FORCE`, then the terminal.
  static func usesColor(
    _ choice: ColorChoice, isTerminal: Bool,
    environment: (String) -> String? = System.environment
  ) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      if environment("NO_COLOR") != nil { return false }
      if let force = environment("CLICOLOR_FORCE"), force != "0" { return true }
      return isTerminal && environment("TERM") != "dumb"
    }
  }

  /// Writes a file to standard output as it is, without a pager.
  /// - Throws: `SystemError` where standard output takes no more, except that its reader went away.
  func write(_ file: [UInt8]) throws(SystemError) {
    try flush()
    try write(file, to: System.standardOutput)
  }

  /// Writes a piece of the result. It is on its way for sure after `flush`.
  /// - Throws: `SystemError` where standard output takes no more, except that its reader went away.
  func write(_ text: String) throws(SystemError) {
    let isFull = state.withLock { state -> Bool in
      guard !state.isClosed else { return false }
      state.pending.append(contentsOf: text.utf8)
      if state.paging?.take(text) == true { return true }
      return state.paging?.isWaiting != true && state.pending.count >= 1 << 16
    }
    if isFull { try flush() }
  }

  /// Whether standard output's reader has gone, so that a long result may end early.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Writes out what is pending.
  /// - Throws: `SystemError`.
  func flush() throws(SystemError) {
    clearProgress()
    let (pending, output) = state.withLock { state -> ([UInt8], Int32) in
      defer { state.pending.removeAll(keepingCapacity: true) }
      return (state.pending, state.paging?.output ?? System.standardOutput)
    }
    guard !pending.isEmpty else { return }
    try write(pending, to: output)
  }

  private func write(_ bytes: [UInt8], to output: Int32) throws(SystemError) {
    do {
      try System.write(bytes, to: output)
    } catch {
      guard error.isBrokenPipe else { throw error }
      state.withLock { $0.isClosed = true }
    }
  }

  /// Shows what the closure writes in a pager where it is longer than the terminal; elsewhere it
  /// changes nothing.
  func paged(_ body: () throws -> Void) throws {
    guard let command = Paging.command(), let width = terminal.width, let height = terminal.height
    else { return try body() }
    state.withLock { $0.paging = Paging(command: command, width: width, height: height) }
    let result = Result { try body() }
    // What was written belongs before an error message.
    try flush()
    state.withLock { $0.paging.take() }?.finish()
    try result.get()
  }

  /// Says something beside the result. What comes from data must be `printable`.
  func note(_ text: String) {
    clearProgress()
    // Nobody is left to tell where standard error itself is closed.
    try? System.write((text + "\n").utf8, to: System.standardError)
  }

  /// A warning on standard error.
  func warn(_ text: String) {
    let label = terminal.errorUsesColor ? "\u{1b}[33mwarning:\u{1b}[0m" : "warning:"
    note("\(label) \(text.printable())")
  }

  /// Shows how far a long task is, in one line that is overwritten; only on a terminal.
  func progress(_ text: String) {
    guard terminal.errorIsTerminal else { return }
    state.withLock { $0.hasProgress = true }
    let width = System.terminalSize(System.standardError)?.columns ?? 80
    let line = text.printable().fitted(to: width - 1)
    try? System.write(("\r\u{1b}[K" + line).utf8, to: System.standardError)
  }

  /// Asks a person at the terminal for a yes; `nil` where nobody is there to ask.
  /// - Throws: `CancellationError` on Ctrl-C.
  func confirm(_ question: String) throws -> Bool? {
    guard terminal.errorIsTerminal, System.isTerminal(System.standardInput) else { return nil }
    try flush()
    try? System.write("\(question.printable()) Type yes: ".utf8, to: System.standardError)
    return try answer()?.lowercased() == "yes"
  }

  /// Asks a person at the terminal for a line; `nil` at the end of the input.
  /// - Throws: `CancellationError` on Ctrl-C.
  func ask(_ prompt: String) throws -> String? {
    try flush()
    Interrupts.install()
    guard Interrupts.process.count == 0 else { throw CancellationError() }
    try? System.write(prompt.printable().utf8, to: System.standardError)
    return try answer()
  }

  /// The line that is typed; `nil` at the end of the input.
  private func answer() throws(CancellationError) -> String? {
    var line: String?
    // Where none came, what comes next belongs on a line of its own.
    defer { if line == nil { try? System.write("\n".utf8, to: System.standardError) } }
    line = try System.readLine()
    return line
  }

  private func clearProgress() {
    let wasShown = state.withLock { state -> Bool in
      defer { state.hasProgress = false }
      return state.hasProgress
    }
    if wasShown { try? System.write("\r\u{1b}[K".utf8, to: System.standardError) }
  }
}
