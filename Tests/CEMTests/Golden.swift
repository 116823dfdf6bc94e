import Foundation
import Testing

/// Output that is kept in a file beside the tests and compared whole.
///
/// With `CEM_RECORD=1` the files are written anew, and the tests fail, so that nobody records by chance.
enum Golden {
  private static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  }

  /// Compares a text with the file of that name.
  static func expect(
    _ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name + ".txt")
    if ProcessInfo.processInfo.environment["CEM_RECORD"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(
      text == expected, "differs from Golden/\(name).txt; CEM_RECORD=1 records it",
      sourceLocation: sourceLocation)
  }
}
