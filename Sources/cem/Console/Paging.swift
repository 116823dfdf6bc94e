#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A result on its way to a terminal that it may not fit: it waits until it is longer than the screen, and
/// goes to a pager from there on.
struct Paging {
  let command: String
  private let width: Int
  /// The lines that are still free; the prompt takes one.
  private var room: Int
  private var pager: Pager?

  init(command: String, width: Int, height: Int) {
    self.command = command
    self.width = width
    room = height - 1
  }

  /// Whether the result still fits, so that nothing goes out.
  var isWaiting: Bool { pager == nil && room >= 0 }

  /// Where the result goes.
  var output: Int32 { pager?.input ?? System.standardOutput }

  /// Counts a piece, and starts the pager when it is one too many.
  /// - Returns: whether the pager was started by it.
  mutating func take(_ text: String) -> Bool {
    guard isWaiting else { return false }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      room -= max(1, (line.utf8.count + width - 1) / width)
    }
    guard room < 0 else { return false }
    pager = Pager(command)
    return true
  }

  /// Waits until the person is done reading.
  func finish() { pager?.finish() }

  /// The pager: `CEM_PAGER`, else `PAGER`, else `less`, else `more`; `nil` where the one named is empty or
  /// `cat`, or where none is installed.
  static func command() -> String? {
    for name in ["CEM_PAGER", "PAGER"] {
      guard let value = getenv(name) else { continue }
      let command = String(cString: value)
      return command.isEmpty || command == "cat" ? nil : command
    }
    return ["less", "more"].first { System.program($0) != nil }
  }
}

/// A pager that runs.
private struct Pager: @unchecked Sendable {
  private let stream: UnsafeMutablePointer<FILE>
  let input: Int32

  /// - Returns: `nil` where it cannot be started.
  init?(_ command: String) {
    // As git does: leave at once what fits, show colours, do not clear the screen.
    setenv("LESS", "FRX", 0)
    setenv("LV", "-c", 0)
    guard let stream = popen(command, "w") else { return nil }
    self.stream = stream
    input = fileno(stream)
    // Ctrl-C is for the pager; it ends, and so do we.
    _ = signal(SIGINT, SIG_IGN)
  }

  func finish() { pclose(stream) }
}
