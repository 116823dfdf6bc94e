import Testing

@testable import TransparencyLog

@Suite struct CheckpointTests {
  static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

  @Test(arguments: [
    "o\n0\n\(root)\n", "o\n7\n\(root)\n", "a b+c\n9223372036854775807\n\(root)\n",
    "o\n10\n\(root)\nextension\nanother one\n",
  ])
  func checkpointsAreReadAsTheyAreWritten(text: String) throws {
    let checkpoint = try Checkpoint(text: Array(text.utf8))
    #expect(checkpoint.text == text)
    #expect(checkpoint.root.base64 == CheckpointTests.root)
    #expect(
      try Checkpoint(
        origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root,
        extensions: checkpoint.extensions) == checkpoint)
  }

  @Test(arguments: [
    "", "\n", "o\n1\n", "o\n1\n\(root)", "\n1\n\(root)\n", "o\n\n\(root)\n", "o\n01\n\(root)\n",
    "o\n00\n\(root)\n", "o\n+1\n\(root)\n", "o\n-1\n\(root)\n", "o\n1 \n\(root)\n",
    "o\n0x1\n\(root)\n", "o\n9223372036854775808\n\(root)\n",
    "o\n18446744073709551617\n\(root)\n", "o\n1\n\(root.dropLast())\n", "o\n1\nAAAA\n",
    "o\n1\n\(root)\n\n", "o\n1\n\(root)\n\nx\n", "o\n1\n\(root)\nx", "o\r\n1\r\n\(root)\r\n",
    "o\n٣\n\(root)\n", "o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "o\u{1}\n1\n\(root)\n",
  ])
  func otherFormsAreRefused(text: String) {
    #expect(throws: NoteError.self) { try Checkpoint(text: Array(text.utf8)) }
  }

  @Test func impossibleCheckpointsAreRefused() throws {
    let root = try #require(Hash(base64: CheckpointTests.root))
    #expect(throws: NoteError.self) { try Checkpoint(origin: "", size: 1, root: root) }
    #expect(throws: NoteError.self) { try Checkpoint(origin: "a\nb", size: 1, root: root) }
    #expect(throws: NoteError.self) { try Checkpoint(origin: "o", size: -1, root: root) }
    #expect(throws: NoteError.self) {
      try Checkpoint(origin: "o", size: 1, root: root, extensions: [""])
    }
    #expect(throws: NoteError.self) {
      try Checkpoint(origin: "o", size: 1, root: root, extensions: ["a\n"])
    }
  }

  @Test func checkpointsAreComparedByBytes() throws {
    let root = try #require(Hash(base64: CheckpointTests.root))
    #expect(
      try Checkpoint(origin: "\u{E9}", size: 1, root: root)
        != Checkpoint(origin: "e\u{301}", size: 1, root: root))
  }
}
