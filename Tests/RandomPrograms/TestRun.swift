package import Foundation
package import Testing

/// What the environment says of a run of the tests.
package enum TestRun {
  /// What random tests begin with, so that a run can be repeated: `CEM_SEED`.
  package static let seed = environment["CEM_SEED"].flatMap { UInt64($0) }
  /// Whether tests take the time to find more: `CEM_TEST_FAULTS`, which `scripts/test --faults` sets.
  package static let isThorough = environment["CEM_TEST_FAULTS"] != nil
  /// Whether what is kept in files is written anew: `CEM_RECORD=1`.
  package static let isRecording = environment["CEM_RECORD"] == "1"

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// A number out of the environment, `nil` where it is not set.
  package static func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }

  /// Compares a text with a file. To record it fails, too, so that nobody records by chance.
  package static func expect(
    _ text: String, equals file: URL, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let name = file.lastPathComponent
    if isRecording {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(
      text == expected, "differs from \(name); CEM_RECORD=1 records it: look at what changed",
      sourceLocation: sourceLocation)
  }
}
