import Foundation
import Testing

/// The published test vectors, which are kept outside the repository.
enum Vectors {
  /// The folder that `CEM_TEST_VECTORS` names.
  static let folder = ProcessInfo.processInfo.environment["CEM_TEST_VECTORS"].map {
    URL(fileURLWithPath: $0, isDirectory: true)
  }

  /// Skips a test, saying so, where the folder is not known.
  static let available = ConditionTrait.enabled(
    if: folder != nil, "CEM_TEST_VECTORS does not name the folder of published test vectors")

  static func bytes(_ path: String) throws -> [UInt8] {
    let folder = try #require(folder)
    return try Array(Data(contentsOf: folder.appending(path: path)))
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws
    -> Value
  {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}
