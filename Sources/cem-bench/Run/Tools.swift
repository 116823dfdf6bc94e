import Foundation

/// The programs that are run beside, and how.
struct Tools {
  /// The folder of the server's programs.
  var binaries: String?
  /// The `cem` to measure as a whole process.
  var cem: String?
  /// A Python that has the package `eventsourcing`.
  var python: String?
  /// The folder with the peers' scripts.
  var peers: String?

  func pgbench() throws -> String { try postgres("pgbench") }
  func psql() throws -> String { try postgres("psql") }

  private func postgres(_ name: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let directories = (binaries.map { [$0] } ?? []) + path.split(separator: ":").map(String.init)
    for directory in directories {
      let file = "\(directory)/\(name)"
      if FileManager.default.isExecutableFile(atPath: file) { return file }
    }
    throw Unavailable("there is no \(name) on the path")
  }

  /// Runs a program to its end.
  ///
  /// - Returns: its standard output.
  /// - Throws: ``ToolFailed`` where it fails.
  @discardableResult
  func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let folder = FileManager.default.temporaryDirectory
    let files = ["out", "err"].map {
      folder.appending(path: "cem-bench-\(UUID().uuidString).\($0)")
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    for file in files { _ = FileManager.default.createFile(atPath: file.path(), contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    guard process.terminationStatus == 0 else {
      throw ToolFailed(
        description:
          "\(program) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus): \(texts[1].suffix(1000))"
      )
    }
    return texts[0]
  }
}

extension Tools {
  /// The variables that keep `cem` away from what its user has set up.
  static func home(_ folder: URL) -> [String: String] {
    [
      "HOME": folder.path(), "XDG_DATA_HOME": folder.path(), "XDG_STATE_HOME": folder.path(),
      "XDG_CONFIG_HOME": folder.path(), "XDG_CACHE_HOME": folder.path(),
    ]
  }
}

/// A program beside failed.
struct ToolFailed: Error, CustomStringConvertible {
  let description: String
}
