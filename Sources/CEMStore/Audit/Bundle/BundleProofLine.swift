import CEMDomain
import TransparencyLog

/// The proof of one event in an inclusion-only bundle, as a line of canonical JSON.
struct BundleProofLine {
  var position: Int64
  /// The audit path in the tree of the bundle's newest checkpoint.
  var path: [Hash]

  /// The line with its newline.
  var bytes: [UInt8] {
    let object: JSONObject = [
      "path": .array(path.map { .string($0.base64) }), "position": .int(position),
    ]
    return Array((JSON.object(object).canonicalText + "\n").utf8)
  }
}

extension BundleProofLine {
  /// Reads a line without its newline; `nil` for any other form.
  init?(_ line: ArraySlice<UInt8>) {
    guard let text = String(validating: line, as: UTF8.self),
      let object = try? JSON(parsing: text).object,
      case .array(let list)? = object["path"], case .int(let position)? = object["position"]
    else { return nil }
    var path: [Hash] = []
    for item in list {
      guard let hash = item.string.flatMap({ Hash(base64: $0) }) else { return nil }
      path.append(hash)
    }
    self.init(position: position, path: path)
    guard bytes.dropLast().elementsEqual(line) else { return nil }
  }
}
