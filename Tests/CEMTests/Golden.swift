import Foundation
import RandomPrograms
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
    try TestRun.expect(
      text, equals: folder.appending(path: name + ".txt"), sourceLocation: sourceLocation)
  }
}
