import Foundation

/// A call of the built `cem` that goes on until it is told to end.
final class RunningCommand {
  private let process = Process()
  private let files: [URL]

  /// Starts it.
  init(_ cem: CommandProcess, _ arguments: String...) throws {
    let name = UUID().uuidString
    let files = ["out", "err"].map { cem.home.appending(path: "\(name).\($0)") }
    self.files = files
    for file in files { _ = FileManager.default.createFile(atPath: file.path(), contents: nil) }
    process.executableURL = CommandProcess.executable
    process.arguments = arguments
    process.environment = cem.environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
  }

  /// Whatever becomes of the test, nothing of it goes on.
  deinit {
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  var output: String { (try? String(contentsOf: files[0], encoding: .utf8)) ?? "" }
  var errors: String { (try? String(contentsOf: files[1], encoding: .utf8)) ?? "" }
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// Waits until something holds.
  /// - Returns: how long that took; `nil` where it never came to hold.
  func wait(seconds: Double = 20, until holds: (RunningCommand) -> Bool) -> Double? {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .seconds(seconds) {
      if holds(self) { return (ContinuousClock.now - start) / .seconds(1) }
      usleep(20_000)
    }
    return nil
  }

  /// Waits for its end.
  /// - Returns: its exit code.
  func exitCode() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Interrupts it as Ctrl-C does.
  /// - Returns: its exit code.
  func interrupt() -> Int32 {
    process.interrupt()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
