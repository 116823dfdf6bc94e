import CEMTestSupport
import Foundation
import Testing

/// Runs the built `cem`, which lies beside the tests.
struct CommandProcess {
  /// What a call printed, and its exit code.
  struct Result {
    var output: String
    var errors: String
    var status: Int32

    /// Standard output as JSON.
    func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
    /// The rows that an import refused, one JSON object a line in standard error.
    var refusedRows: [[String: Any]] {
      errors.split(separator: "\n").compactMap { line in
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return object?["line"] == nil ? nil : object
      }
    }
    /// The object in standard error.
    func error() throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(errors.utf8)) as? [String: Any]
      return try #require(object?["error"] as? [String: Any])
    }
  }

  static var executable: URL { built("cem") }

  /// A built program: beside the tests, or in the folder that `CEM_BIN` names, as for a release build.
  static func built(_ name: String) -> URL {
    let folder =
      ProcessInfo.processInfo.environment["CEM_BIN"].map { URL(filePath: $0) }
      ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    return folder.appending(path: name)
  }

  let home: URL
  var environment: [String: String]

  /// - Parameter database: what `CEM_DATABASE_URL` says; `nil` leaves it unset.
  init(database: String?) throws {
    home = URL(filePath: "/tmp").appending(path: "cem-cli-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    environment = [
      "HOME": home.path(), "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "TZ": "UTC",
    ]
    environment["CEM_DATABASE_URL"] = database
  }

  func remove() { try? FileManager.default.removeItem(at: home) }

  /// Runs `cem` with these arguments.
  func callAsFunction(_ arguments: String...) throws -> Result {
    try run(CommandProcess.executable.path(), arguments)
  }

  func callAsFunction(_ arguments: [String]) throws -> Result {
    try run(CommandProcess.executable.path(), arguments)
  }

  /// Runs a line of shell on a terminal and gives the bytes that reached it.
  func terminal(_ line: String) throws -> [UInt8] {
    var copy = self
    copy.environment["LINE"] = line
    copy.environment["TERM"] = "xterm-256color"
    // A pager would wait for somebody to press a key.
    copy.environment["CEM_PAGER"] = "cat"
    let shown = home.appending(path: "\(UUID().uuidString).tty")
    _ = try copy.shell(#"script -qec "$LINE" /dev/null >'\#(shown.path())' </dev/null"#)
    return Array(try Data(contentsOf: shown))
  }

  /// Runs a line of shell in which `$CEM` is the program.
  func shell(_ line: String) throws -> Result { try run("/bin/bash", ["-c", line]) }

  /// Runs `cem` with arguments that a test put together.
  func run(_ arguments: [String]) throws -> Result {
    try run(CommandProcess.executable.path(), arguments)
  }

  /// Starts `cem` and lets it run; what it prints is lost.
  func start(_ arguments: [String]) throws -> Process {
    let process = process(CommandProcess.executable.path(), arguments)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func process(_ program: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = environment.merging(["CEM": CommandProcess.executable.path()]) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Result {
    let process = process(program, arguments)
    let name = UUID().uuidString
    let files = ["out", "err"].map { home.appending(path: "\(name).\($0)") }
    for file in files { _ = FileManager.default.createFile(atPath: file.path(), contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return Result(output: texts[0], errors: texts[1], status: process.terminationStatus)
  }
}

/// The objects that a call printed.
func list(_ result: CommandProcess.Result) throws -> [[String: Any]] {
  try #require(try result.json() as? [[String: Any]], "\(result.errors)")
}

/// The object that a call printed.
func object(_ result: CommandProcess.Result) throws -> [String: Any] {
  try #require(try result.json() as? [String: Any], "\(result.errors)")
}

extension CommandProcess {
  /// The commands of the sample program.
  static let sample = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "scripts/sample/program.ndjson")

  /// Runs a test on the program that these lines make in the test's database, where a login runs them.
  static func with(
    user: String? = nil, _ lines: [String], _ body: (CommandProcess) throws -> Void
  ) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo(user: user))
    defer { cem.remove() }
    try cem.script(lines)
    try body(cem)
  }

  /// Runs `cem` with each of these lines of shell in the home folder; all must succeed.
  func script(_ lines: [String]) throws {
    for line in lines {
      let result = try shell("cd \"$HOME\" && \"$CEM\" \(line)")
      try #require(result.status == 0, "\(line): \(result.errors)")
    }
  }

  /// Runs a test on the sample program in the test's database, founded as the quick start founds it.
  static func withSample(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let founded = try cem(
      "init", "--program", "sample", "--name", "Sample", "--timezone", "America/Toronto",
      "--currency", "CAD", "--fiscal-year-start", "4", "--on", "2023-04-01")
    try #require(founded.status == 0, "\(founded.errors)")
    let imported = try cem("import", sample.path())
    try #require(imported.status == 0, "\(imported.errors)")
    try body(cem)
  }
}
