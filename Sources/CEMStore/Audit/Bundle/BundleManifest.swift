import CEMDomain
package import FoundationEssentials
package import TransparencyLog

/// What a bundle says of itself: which log it is of, how much of it, and which files it consists of.
package struct BundleManifest: Hashable, Sendable {
  /// How much of the log a bundle holds.
  package enum Scope: String, Sendable, CaseIterable {
    /// Every event, whole.
    case everything
    /// Every event's header, and the data of those alone that concern one department. It is complete:
    /// nothing can be left out unnoticed. It discloses who did what kind of thing when, everywhere.
    case headers
    /// Only the events that concern one department, each with its proof. Events can be left out
    /// unnoticed; nothing of others is disclosed.
    case inclusionOnly = "inclusion-only"
  }

  /// A file by its contents.
  package struct File: Hashable, Sendable {
    package var name: String
    package var sha256: Hash
    package var size: Int64
  }

  static let format = "cem-bundle/1"
  static let name = "manifest.json"
  static let eventsName = "events.ndjson"
  static let proofsName = "proofs.ndjson"
  static let keyName = "log.vkey"
  static let formatName = "FORMAT.md"

  package var program: UUID
  package var scope: Scope
  /// The department whose data is disclosed; `nil` where all is.
  package var department: String?
  /// The number of events in the bundle.
  package var events: Int64
  package var treeSize: Int64
  package var rootHash: Hash
  /// All other files, by name.
  package var files: [File]

  /// The file's only form.
  var text: String {
    var object: JSONObject = [
      "format": .string(Self.format), "program": .string(program.text),
      "scope": .string(scope.rawValue), "events": .int(events), "treeSize": .int(treeSize),
      "rootHash": .string(rootHash.base64),
    ]
    object["department"] = department.map(JSON.string)
    object["files"] = .array(
      files.map { file in
        .object([
          "name": .string(file.name), "sha256": .string(file.sha256.hex), "size": .int(file.size),
        ])
      })
    return JSON.object(object).canonicalText + "\n"
  }

  /// The name of a checkpoint's file.
  static func name(ofCheckpoint size: Int) -> String { "checkpoint-\(size).txt" }
}

extension BundleManifest {
  /// Reads a manifest. `text` gives the same bytes again.
  ///
  /// - Throws: `LogProblem` for anything else.
  init(_ bytes: [UInt8]) throws(LogProblem) {
    guard let manifest = BundleManifest(parsing: bytes),
      Array(manifest.text.utf8) == bytes
    else {
      throw LogProblem(
        .file, nil, "\(Self.name) is not a manifest of \(Self.format) in its only form")
    }
    self = manifest
  }

  private init?(parsing bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self),
      let object = try? JSON(parsing: text).object,
      object["format"]?.string == Self.format,
      let program = object["program"]?.string.flatMap({ UUID(uuidString: $0) }),
      let scope = object["scope"]?.string.flatMap(Scope.init),
      case .int(let events)? = object["events"], case .int(let size)? = object["treeSize"],
      let root = object["rootHash"]?.string.flatMap({ Hash(base64: $0) }),
      case .array(let list)? = object["files"]
    else { return nil }
    let department = object["department"]?.string
    guard (department == nil) == (scope == .everything), department?.isEmpty != true, events >= 0,
      size >= events
    else { return nil }
    var files: [File] = []
    for item in list {
      guard let file = item.object, let name = file["name"]?.string,
        let sha256 = file["sha256"]?.string.flatMap({ Hash(hex: $0) }),
        case .int(let size)? = file["size"]
      else { return nil }
      if let last = files.last, !last.name.precedesByBytes(name) { return nil }
      files.append(File(name: name, sha256: sha256, size: size))
    }
    self.init(
      program: program, scope: scope, department: department, events: events, treeSize: size,
      rootHash: root, files: files)
  }
}
