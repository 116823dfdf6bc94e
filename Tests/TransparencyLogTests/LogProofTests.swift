import Testing

@testable import TransparencyLog

@Suite struct LogProofTests {
  let origin = "example.com/log"
  let key: SignerKey
  let witnesses: [SignerKey]
  let log = MemoryLog(sampleLeaves(600))

  init() throws {
    key = try SignerKey(
      name: KeyName(origin), algorithm: .ed25519, seed: [UInt8](repeating: 1, count: 32))
    witnesses = try (0..<3).map {
      try SignerKey(
        name: KeyName("witness\($0).example"), algorithm: .cosignatureV1,
        seed: [UInt8](repeating: 10 + $0, count: 32))
    }
  }

  private func proof(
    _ index: Int, of size: Int, extra: [UInt8] = [], cosigners: Int = 0
  ) throws -> LogProof {
    var signed = try SignedCheckpoint(
      Checkpoint(origin: origin, size: size, root: log.root(size: size)), signedBy: key)
    for witness in witnesses.prefix(cosigners) {
      try signed.sign(with: witness, time: 1_700_000_000)
    }
    return try LogProof(
      index: index, hashes: log.inclusionProof(index: index, size: size), extra: extra,
      checkpoint: signed)
  }

  @Test(arguments: [(0, 1), (0, 2), (1, 2), (299, 600), (599, 600), (256, 257)])
  func proofsAreReadAsTheyAreWritten(index: Int, size: Int) throws {
    for extra in [[], [UInt8]("more".utf8)] {
      let proof = try proof(index, of: size, extra: extra, cosigners: 2)
      let read = try LogProof(parsing: proof.encoded)
      #expect(read == proof)
      #expect(read.encoded == proof.encoded)
      #expect(read.extra == extra)
      let signatures = try read.verify(
        leaf: log.leaves[index], origin: origin, logKeys: [key.verifier],
        witnesses: witnesses.map(\.verifier), quorum: 2)
      #expect(signatures.map(\.time) == [nil, 1_700_000_000, 1_700_000_000])
    }
  }

  @Test func theFormIsThatOfTheSpecification() throws {
    let proof = try proof(2, of: 5, extra: [1, 2, 3])
    let path = try log.inclusionProof(index: 2, size: 5)
    let head =
      "c2sp.org/tlog-proof@v1\nextra AQID\nindex 2\n" + path.map { $0.base64 + "\n" }.joined()
    let note = "example.com/log\n5\n\(try log.root(size: 5))\n\n— example.com/log "
    #expect(path.count == 3)
    #expect(String(decoding: proof.encoded, as: UTF8.self).hasPrefix(head + "\n" + note))
  }

  @Test func aProofIsForOneLeafOfOneLog() throws {
    let proof = try proof(300, of: 600, cosigners: 1)
    let known = witnesses.map(\.verifier)
    #expect(throws: NoteError.notIncluded(.rootDiffers)) {
      try proof.verify(leaf: log.leaves[301], origin: origin, logKeys: [key.verifier])
    }
    #expect(throws: NoteError.originDiffers(expected: "other", actual: origin)) {
      try proof.verify(leaf: log.leaves[300], origin: "other", logKeys: [key.verifier])
    }
    #expect(throws: NoteError.tooFewWitnesses(expected: 2, actual: 1)) {
      try proof.verify(
        leaf: log.leaves[300], origin: origin, logKeys: [key.verifier], witnesses: known, quorum: 2)
    }
    // A witness alone does not make a log's checkpoint.
    #expect(throws: NoteError.noKnownSignature) {
      try proof.verify(
        leaf: log.leaves[300], origin: origin, logKeys: [], witnesses: known, quorum: 1)
    }
  }

  @Test func aWitnessUnderTwoNamesIsOneWitness() throws {
    let twin = try SignerKey(
      name: KeyName("twin.example"), algorithm: .cosignatureV1,
      seed: [UInt8](repeating: 10, count: 32))
    var signed = try proof(0, of: 1, cosigners: 1).checkpoint
    try signed.sign(with: twin, time: 1)
    #expect(throws: NoteError.tooFewWitnesses(expected: 2, actual: 1)) {
      try signed.verify(
        origin: origin, logKeys: [key.verifier],
        witnesses: [twin.verifier, witnesses[0].verifier], quorum: 2)
    }
    #expect(throws: NoteError.tooFewWitnesses(expected: 1, actual: 0)) {
      try proof(0, of: 1).checkpoint.verify(
        origin: origin, logKeys: [key.verifier], witnesses: [key.verifier], quorum: 1)
    }
  }

  @Test func otherFormsAreRefused() throws {
    let text = String(decoding: try proof(2, of: 5).encoded, as: UTF8.self)
    let extra = String(decoding: try proof(2, of: 5, extra: [1]).encoded, as: UTF8.self)
    func replacing(_ text: String, _ old: String, _ new: String) -> [UInt8] {
      let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
      return Array((String(parts[0]) + new + String(parts[1])).utf8)
    }
    let bad = [
      [], replacing(text, "@v1", "@v2"), replacing(text, "c2sp", " c2sp"),
      replacing(text, "index 2", "index 02"), replacing(text, "index 2", "index -2"),
      replacing(text, "index 2", "index 2 "), replacing(text, "index 2", "index"),
      replacing(text, "index 2", "index 9223372036854775808"), replacing(text, "index 2\n", ""),
      replacing(text, "index 2", "index 2\nindex 2"), replacing(text, "index", "extra \nindex"),
      replacing(text, "index", "extra\nindex"), replacing(text, "index", "extra AQ\nindex"),
      replacing(extra, "extra AQ==", "extra AR=="),
      replacing(extra, "index 2", "index 2\nextra AQ=="),
      replacing(extra, "extra AQ==", "extra AQ==\nextra AQ=="), replacing(text, "=\n\n", "=\n"),
      replacing(text, "=\n\n", "=\n\n\n"), replacing(text, "=\n", "\n"),
      Array(text.split(separator: "\n\n")[0].utf8),
    ]
    for bytes in bad {
      #expect(throws: NoteError.self, "\(String(decoding: bytes, as: UTF8.self))") {
        try LogProof(parsing: bytes)
      }
    }
    #expect(throws: NoteError.self) {
      try LogProof(index: -1, hashes: [], checkpoint: proof(0, of: 1).checkpoint)
    }
  }

  @Test func everyChangedByteIsNoticed() throws {
    var random = SeededGenerator()
    let proof = try proof(123, of: 457, cosigners: 2)
    let good = proof.encoded
    func holds(_ bytes: [UInt8]) -> Bool {
      do {
        try LogProof(parsing: bytes).verify(
          leaf: log.leaves[123], origin: origin, logKeys: [key.verifier],
          witnesses: witnesses.map(\.verifier), quorum: 2)
        return true
      } catch { return false }
    }
    #expect(holds(good))
    for offset in good.indices {
      var bytes = good
      bytes[offset] ^= UInt8.random(in: 1...255, using: &random)
      #expect(!holds(bytes), "\(random), byte \(offset) became \(bytes[offset])")
      bytes[offset] = good[offset] ^ (1 << UInt8.random(in: 0..<8, using: &random))
      #expect(!holds(bytes), "\(random), byte \(offset) became \(bytes[offset])")
      bytes = good
      bytes.remove(at: offset)
      #expect(!holds(bytes), "byte \(offset) was removed")
      bytes = good
      bytes.insert(.random(in: 0...255, using: &random), at: offset)
      #expect(!holds(bytes), "\(random), a byte \(bytes[offset]) was inserted at \(offset)")
      #expect(!holds(Array(good.prefix(offset))), "the proof was cut at \(offset)")
    }
  }
}
