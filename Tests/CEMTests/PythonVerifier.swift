import Foundation

/// `scripts/verify_bundle.py` in a process of its own that answers many questions: starting Python for
/// each would take most of the time.
final class PythonVerifier {
  static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "scripts/verify_bundle.py")

  /// Whether this machine has Python and the package that the script needs.
  static let isAvailable: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import cryptography"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private static let loop = """
    import contextlib, io, sys
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    import verify_bundle
    for line in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            status = verify_bundle.main(line.rstrip("\\n").split("\\t"))
        print(status, flush=True)
    """

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init() throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", Self.loop, Self.script.deletingLastPathComponent().path(),
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The exit code for these arguments; `nil` where the process has gone.
  func status(_ arguments: [String]) throws -> Int? {
    try input.fileHandleForWriting.write(
      contentsOf: Data((arguments.joined(separator: "\t") + "\n").utf8))
    var answer = ""
    while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
      if byte[0] == UInt8(ascii: "\n") { return Int(answer) }
      answer += String(decoding: byte, as: UTF8.self)
    }
    return nil
  }
}
