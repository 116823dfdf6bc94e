/// What a log states of its tree: the text of c2sp.org/tlog-checkpoint.
///
///     example.com/behind-the-sofa
///     20852163
///     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
package struct Checkpoint: Sendable {
  /// The log's identity. Not empty, without control characters; compare it by UTF-8 bytes.
  package let origin: String

  /// The number of leaves, up to 2⁶³ - 1.
  package let size: Int

  /// The root of the tree of that size.
  package let root: Hash

  /// Further lines without a meaning of their own; none is empty. Their use is not recommended.
  package let extensions: [String]

  /// States a size and root of a log.
  ///
  /// - Throws: `NoteError.malformedCheckpoint` for an empty line, a control character, a negative
  ///   size, or a root of the empty tree that is not the hash of nothing.
  package init(
    origin: String, size: Int, root: Hash, extensions: [String] = []
  ) throws(NoteError) {
    for line in [origin] + extensions {
      guard !line.isEmpty else { throw .malformedCheckpoint("a checkpoint has no empty line") }
      guard line.utf8.allSatisfy({ $0 >= 0x20 }) else {
        throw .malformedCheckpoint("a checkpoint's lines have no control characters")
      }
    }
    guard size >= 0 else { throw .malformedCheckpoint("a tree's size is not negative") }
    guard size > 0 || root == MerkleTree.emptyRoot else {
      throw .malformedCheckpoint("the empty tree has another root")
    }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads a checkpoint's text. `text` gives the same bytes again.
  ///
  /// - Throws: `NoteError.malformedCheckpoint` for anything else.
  package init(text: [UInt8]) throws(NoteError) {
    guard let whole = String(validating: text, as: UTF8.self) else {
      throw .malformedCheckpoint("a checkpoint is UTF-8 text")
    }
    let lines = whole.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count >= 4, lines[lines.count - 1].isEmpty else {
      throw .malformedCheckpoint("a checkpoint has three lines or more and ends in a newline")
    }
    guard let size = DecimalText.value(of: lines[1]) else {
      throw .malformedCheckpoint("the second line is the size, a decimal below 2^63")
    }
    guard let root = Hash(base64: String(Substring(lines[2]))) else {
      throw .malformedCheckpoint("the third line is the root, 32 bytes in base64")
    }
    try self.init(
      origin: String(Substring(lines[0])), size: size, root: root,
      extensions: lines[3..<(lines.count - 1)].map { String(Substring($0)) })
  }

  /// The text with its final newline.
  package var text: String {
    ([origin, "\(size)", root.base64] + extensions).map { $0 + "\n" }.joined()
  }
}

extension Checkpoint: Hashable {
  /// Whether two checkpoints have the same bytes.
  package static func == (left: Checkpoint, right: Checkpoint) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Feeds size and root.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(size)
    hasher.combine(root)
  }
}
