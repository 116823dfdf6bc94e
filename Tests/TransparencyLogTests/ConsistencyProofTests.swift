import Testing

@testable import TransparencyLog

@Suite struct ConsistencyProofTests {
  let origin = "example.com/log"
  let key: SignerKey
  let log = MemoryLog(sampleLeaves(600))

  init() throws {
    key = try SignerKey(
      name: KeyName(origin), algorithm: .ed25519, seed: [UInt8](repeating: 1, count: 32))
  }

  private func proof(from old: Int, to new: Int) throws -> ConsistencyProof {
    let signed = try SignedCheckpoint(
      Checkpoint(origin: origin, size: new, root: log.root(size: new)), signedBy: key)
    return try ConsistencyProof(
      oldSize: old, hashes: old == 0 || old == new ? [] : log.consistencyProof(from: old, to: new),
      checkpoint: signed)
  }

  @Test(arguments: [(0, 5), (1, 2), (4, 600), (300, 600), (599, 600), (600, 600)])
  func proofsAreReadAsTheyAreWritten(old: Int, new: Int) throws {
    let proof = try proof(from: old, to: new)
    let read = try ConsistencyProof(parsing: proof.encoded)
    #expect(read == proof)
    #expect(read.encoded == proof.encoded)
    try read.verify(oldRoot: log.root(size: old))
    #expect(throws: NoteError.self) { try read.verify(oldRoot: log.leaves[7]) }
  }

  @Test func theFormIsThatOfAWitnessRequest() throws {
    let hashes = try log.consistencyProof(from: 2, to: 3).map { $0.base64 + "\n" }.joined()
    let text = String(decoding: try proof(from: 2, to: 3).encoded, as: UTF8.self)
    #expect(text.hasPrefix("old 2\n\(hashes)\nexample.com/log\n3\n"))
  }

  @Test func everyChangedByteIsNoticed() throws {
    var random = SeededGenerator()
    let good = try proof(from: 123, to: 457).encoded
    let root = try log.root(size: 123)
    func holds(_ bytes: [UInt8]) -> Bool {
      do {
        let proof = try ConsistencyProof(parsing: bytes)
        try proof.checkpoint.verify(origin: origin, logKeys: [key.verifier])
        try proof.verify(oldRoot: root)
        return proof.oldSize == 123
      } catch { return false }
    }
    #expect(holds(good))
    for offset in good.indices {
      var bytes = good
      bytes[offset] ^= UInt8.random(in: 1...255, using: &random)
      #expect(!holds(bytes), "\(random), byte \(offset) became \(bytes[offset])")
      #expect(!holds(Array(good.prefix(offset))), "the proof was cut at \(offset)")
    }
  }
}

@Suite struct SigningStateTests {
  let log = MemoryLog(sampleLeaves(100))
  let fork: MemoryLog

  init() {
    var leaves = sampleLeaves(100)
    leaves[30] = MerkleTree.leafHash(utf8: "another history")
    fork = MemoryLog(leaves)
  }

  private func checkpoint(
    _ size: Int, of log: MemoryLog? = nil, origin: String = "a"
  ) throws -> Checkpoint {
    try Checkpoint(origin: origin, size: size, root: (log ?? self.log).root(size: size))
  }

  @Test func itGoesOnFromWhatWasSigned() throws {
    var state = try SigningState(beginning: "a")
    #expect(state["a"]?.size == 0)
    try state.advance(to: checkpoint(40), proof: [])
    try state.advance(to: checkpoint(40), proof: [])
    try state.advance(to: checkpoint(70), proof: log.consistencyProof(from: 40, to: 70))
    #expect(state["a"] == (try checkpoint(70)))
    #expect(state.last.count == 1)
    #expect(try SigningState(text: Array(state.text.utf8)) == state)
  }

  @Test func itNeverSignsTwoHistories() throws {
    var state = try SigningState(beginning: "a")
    try state.advance(to: checkpoint(40), proof: [])
    let before = state
    #expect(throws: SigningRefusal.smallerTree(last: 40, next: 39)) {
      try state.advance(to: checkpoint(39), proof: [])
    }
    #expect(throws: SigningRefusal.otherRoot(size: 40)) {
      try state.advance(to: checkpoint(40, of: fork), proof: [])
    }
    #expect(throws: SigningRefusal.notConsistent(last: 40, next: 70, .oldRootDiffers)) {
      try state.advance(
        to: checkpoint(70, of: fork), proof: fork.consistencyProof(from: 40, to: 70))
    }
    #expect(throws: SigningRefusal.notConsistent(last: 40, next: 70, .tooShort)) {
      try state.advance(to: checkpoint(70), proof: [])
    }
    #expect(state == before)
  }

  @Test func aWitnessRemembersEachLog() throws {
    var state = SigningState()
    try state.advance(to: checkpoint(40, origin: "a"), proof: [])
    try state.advance(to: checkpoint(10, of: fork, origin: "b"), proof: [])
    #expect(throws: SigningRefusal.smallerTree(last: 40, next: 10)) {
      try state.advance(to: checkpoint(10, origin: "a"), proof: [])
    }
    let read = try SigningState(text: Array(state.text.utf8))
    #expect(read == state)
    #expect(read["b"]?.size == 10)
    #expect(read["c"] == nil)
    #expect(try SigningState(text: []) == SigningState())
    for text in ["a\n", "a\n1\n", state.text + "a", String(state.text.dropLast())] {
      #expect(throws: NoteError.self) { try SigningState(text: Array(text.utf8)) }
    }
  }
}
