import Postgres

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system calls that a command line needs, with Swift types.
enum System {
  static let standardInput: Int32 = 0
  static let standardOutput: Int32 = 1
  static let standardError: Int32 = 2

  /// What the program was called with, without its name.
  ///
  /// Swift repairs arguments that are not UTF-8, and so would store another text than was given.
  /// - Throws: `CommandError` for such an argument.
  static func arguments() throws(CommandError) -> [String] {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index] else { continue }
      guard let argument = String(validatingCString: bytes) else {
        throw CommandError(
          "input.not-utf-8", "an argument is not valid UTF-8",
          cause: "it is number \(index): \(String(cString: bytes))",
          hint: "use a terminal in UTF-8, or import the text from a file", exit: .input)
      }
      arguments.append(argument)
    }
    return arguments
  }

  /// The value of an environment variable; an empty one counts as not set.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Where a program of this name is installed; `nil` where none is on `PATH`.
  static func program(_ name: String) -> String? {
    (environment("PATH") ?? "/usr/bin:/bin").split(separator: ":").lazy.map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The size of the terminal behind a descriptor; `nil` where there is none.
  static func terminalSize(_ descriptor: Int32) -> (columns: Int, lines: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes all bytes.
  /// - Throws: `SystemError`.
  static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws(SystemError) {
    let bytes = Array(bytes)
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes {
        #if canImport(Glibc)
          Glibc.write(descriptor, $0.baseAddress, $0.count)
        #elseif canImport(Musl)
          Musl.write(descriptor, $0.baseAddress, $0.count)
        #else
          Darwin.write(descriptor, $0.baseAddress, $0.count)
        #endif
      }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw SystemError(code: errno)
      }
      offset += written
    }
  }

  /// A line from standard input without its end; `nil` at the end of the input.
  /// - Throws: `CancellationError` where a signal came instead.
  static func readLine() throws(CancellationError) -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      guard Interrupts.process.waitToRead(standardInput) else { throw CancellationError() }
      let count = withUnsafeMutableBytes(of: &byte) { readChunk(standardInput, $0) }
      if count < 0, errno == EINTR { throw CancellationError() }
      guard count == 1 else { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }

  /// What the process needs before anything else: `wcwidth` for UTF-8, and errors instead of SIGPIPE.
  static func prepare() {
    // A descriptor that whoever called has closed would go to the next thing opened, such as a connection. In its
    // place comes one that can as little be read or written.
    for descriptor in standardInput...standardError where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == standardInput ? O_WRONLY : O_RDONLY)
    }
    // libpq sends these to the server, which refuses the session for a value that it does not know; cem sets its
    // own, and asks nothing that the third would matter for.
    for name in ["PGTZ", "PGDATESTYLE", "PGGEQO"] { unsetenv(name) }
    _ = setlocale(LC_CTYPE, "C.UTF-8") ?? setlocale(LC_CTYPE, "")
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Shows times in another zone from here on.
  /// - Returns: whether the system knows the zone.
  static func useTimeZone(_ name: String) -> Bool {
    if name != "UTC" {
      let isPlain = name.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: "+") || Character(Unicode.Scalar(byte)).isLetter
          || Character(Unicode.Scalar(byte)).isNumber
      }
      guard isPlain, !name.hasPrefix("/"), access("/usr/share/zoneinfo/\(name)", R_OK) == 0 else {
        return false
      }
    }
    setenv("TZ", name, 1)
    tzset()
    return true
  }

  /// The local time of a moment: `2026-06-30 17:04:05`.
  static func localTime(secondsSinceEpoch seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    localtime_r(&time, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + " \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  /// The system's clock.
  static var secondsSinceEpoch: Int { time(nil) }

  /// Waits, unless standard output's reader goes away or a signal comes.
  /// - Returns: whether somebody still reads.
  static func waitWhileRead(milliseconds: Int) -> Bool {
    var output = pollfd(fd: standardOutput, events: 0, revents: 0)
    guard poll(&output, 1, Int32(milliseconds)) > 0 else { return true }
    return output.revents & Int16(POLLERR | POLLHUP | POLLNVAL) == 0
  }

  static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }
}

/// A system call that failed.
struct SystemError: Error {
  let code: Int32

  /// Whether the reader of a pipe is gone.
  var isBrokenPipe: Bool { code == EPIPE }

  /// Whether the disk, or what the user may have of it, is full.
  var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

  /// What helps against not being able to write in a folder.
  func remedy(for folder: String) -> String {
    isDiskFull ? "free space on the disk of \(folder)" : "make \(folder) writable"
  }

  /// The system's words.
  var reason: String { String(cString: strerror(code)) }
}

extension System {
  /// Ends the process.
  static func exit(_ status: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(status)
    #elseif canImport(Musl)
      Musl.exit(status)
    #else
      Darwin.exit(status)
    #endif
  }
}
