import CEMDomain
import Subprocess
import SystemPackage

extension LocalServer {
  /// What a command that has ended left behind.
  struct ExecutionResult: Sendable {
    var succeeded: Bool
    /// Both its output streams, in the order written.
    var output: String
  }

  /// Runs a command to its end under an account.
  ///
  /// It runs in a session of its own, so that Ctrl-C in `cem` doesn't reach it nor a server that it
  /// leaves running, and with a bare environment: `PGOPTIONS`, `PGDATA` or a locale of the user's
  /// must not change what is made. No descriptor but the three standard ones is passed on.
  ///
  /// - Throws: `CancellationError` where the task is cancelled; a command that can't be run at all
  ///   is a result that did not succeed.
  func execute(
    _ command: [String], as account: Account, input: String = "", in folder: FilePath = "/"
  ) async throws -> ExecutionResult {
    let words = account.commandPrefix + command
    var environment: [Environment.Key: String] = ["PATH": searchPath, "LC_ALL": "C"]
    environment["LD_LIBRARY_PATH"] = libraryPath
    var options = PlatformOptions()
    options.createSession = true
    do {
      let result = try await Subprocess.run(
        words[0].hasPrefix("/") ? .path(FilePath(words[0])) : .name(words[0]),
        arguments: Arguments(Array(words.dropFirst())), environment: .custom(environment),
        workingDirectory: folder, platformOptions: options,
        input: .string(input), output: .string(limit: 1 << 20), error: .combinedWithOutput)
      return ExecutionResult(
        succeeded: result.terminationStatus.isSuccess,
        output: result.standardOutput.trimmed)
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      return ExecutionResult(succeeded: false, output: "\(words[0]): \(error)")
    }
  }
}
