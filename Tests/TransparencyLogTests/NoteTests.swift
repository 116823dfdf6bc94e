import Testing

@testable import TransparencyLog

@Suite struct NoteTests {
  let key: SignerKey
  let other: SignerKey
  let witness: SignerKey

  init() throws {
    key = try SignerKey(
      name: KeyName("example.com/log"), algorithm: .ed25519, seed: [UInt8](repeating: 1, count: 32))
    other = try SignerKey(
      name: KeyName("example.com/log"), algorithm: .ed25519, seed: [UInt8](repeating: 2, count: 32))
    witness = try SignerKey(
      name: KeyName("witness.example"), algorithm: .cosignatureV1,
      seed: [UInt8](repeating: 3, count: 32))
  }

  private func signed(_ text: String, _ keys: SignerKey...) throws -> SignedNote {
    var note = try SignedNote(text: text)
    for key in keys { try note.sign(with: key, time: 1_700_000_000) }
    return note
  }

  @Test(arguments: [
    "hello\n", "\n", "\n\n", "a\n\nb\n", "a\n\n", "é 漢字 \u{7F}\n", "— example.com/log AAAA\n",
  ])
  func notesAreReadAsTheyAreWritten(text: String) throws {
    let note = try signed(text, key, other)
    let read = try SignedNote(parsing: note.encoded)
    #expect(read == note)
    #expect(read.encoded == note.encoded)
    #expect(read.textBytes.elementsEqual(text.utf8))
    #expect(try read.verify(with: [key.verifier]).map(\.key) == [key.verifier])
    #expect(try read.verify(with: [other.verifier, key.verifier]).count == 2)
  }

  @Test func theFormIsThatOfTheSpecification() throws {
    let note = try signed("hello\n", key)
    let id = try #require(key.verifier.description.split(separator: "+").dropFirst().first)
    let lines = String(decoding: note.encoded, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4)
    #expect(lines[0] == "hello" && lines[1] == "" && lines[3] == "")
    let fields = lines[2].split(separator: " ")
    #expect(fields[0] == "\u{2014}" && fields[1] == "example.com/log")
    let bytes = try #require(Base64.decode(fields[2].utf8))
    #expect(Hex.encode(bytes.prefix(4)) == id)
    #expect(
      Ed25519.isValid(
        Array(bytes.dropFirst(4)), of: Array("hello\n".utf8), publicKey: key.verifier.publicKey))
  }

  @Test func signingAgainReplacesTheSignature() throws {
    #expect(try signed("hello\n", key, other, key).signatures.map(\.keyID).count == 2)
  }

  @Test func unknownKeysAreIgnoredAndKnownOnesMustHold() throws {
    let note = try signed("hello\n", key, other)
    #expect(throws: NoteError.noKnownSignature) { try note.verify(with: []) }
    #expect(throws: NoteError.noKnownSignature) { try note.verify(with: [witness.verifier]) }

    // A line that claims to be the known key's next to a good one of another known key.
    let forged = try signed("another\n", key).signatures[0]
    let good = try signed("hello\n", other)
    var bytes = good.encoded
    bytes += forged.line
    let mixed = try SignedNote(parsing: bytes)
    #expect(try mixed.verify(with: [other.verifier]).count == 1)
    #expect(throws: NoteError.invalidSignature(key.verifier.name, keyID: key.verifier.id)) {
      try mixed.verify(with: [key.verifier, other.verifier])
    }
  }

  @Test func otherFormsAreRefused() throws {
    let good = try signed("hello\n", key).encoded
    let text = String(decoding: good, as: UTF8.self)
    let line = String(text.split(separator: "\n")[1])
    let bad = [
      "", "\n", "\n\n", "hello\n", "hello\n\n", "hello\n\(line)\n", "hello\n\n\(line)",
      "hello\n\n\(line)\n\n", "hello\n\n\(line) \n", "hello\n\n \(line)\n",
      "hello\n\n- \(line.dropFirst(2))\n", "hello\n\n—\(line.dropFirst(2))\n",
      "hello\n\n\(line)\nx\n", "hello\n\n\(line)=\n", "hello\n\n\(line.dropLast())\n",
      "hello\r\n\r\n\(line)\r\n", "hel\tlo\n\n\(line)\n", "hello\n\n— a+b AAAAAAAA\n",
      "hello\n\n— name AAAAAA==\n", "hello\n\n— name\n", "hello\n\n—  AAAAAAAA\n",
      "hello\n\n— na\u{2003}me AAAAAAAA\n",
    ]
    for text in bad {
      #expect(throws: NoteError.self, "\(text.debugDescription)") {
        try SignedNote(parsing: Array(text.utf8))
      }
    }
    #expect(throws: NoteError.self) { try SignedNote(parsing: [0xFF] + good) }
    #expect(throws: NoteError.self) { try SignedNote(text: "no newline") }
    #expect(throws: NoteError.self) { try SignedNote(text: "tab\t\n") }
    let line40 = Array("— name AAAAAAAA\n".utf8)
    let many = Array("x\n\n".utf8) + (0..<101).flatMap { _ in line40 }
    #expect(throws: NoteError.self) { try SignedNote(parsing: many) }
    #expect(try SignedNote(parsing: Array(many.dropLast(line40.count))).signatures.count == 100)
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
    #expect(throws: NoteError.self) { try SignedNote(parsing: long + good) }
  }

  @Test func aCosignatureStatesItsTime() throws {
    let checkpoint = try Checkpoint(origin: "o", size: 0, root: MerkleTree.emptyRoot)
    let note = try signed(checkpoint.text, key, witness)
    let found = try note.verify(with: [key.verifier, witness.verifier])
    #expect(found.map(\.time) == [nil, 1_700_000_000])
    let bytes = note.signatures[1].bytes
    #expect(bytes.count == 72)
    #expect(bytes.prefix(8).elementsEqual([0, 0, 0, 0, 0x65, 0x53, 0xF1, 0x00]))
    #expect(
      Ed25519.isValid(
        Array(bytes.dropFirst(8)),
        of: Array("cosignature/v1\ntime 1700000000\n\(checkpoint.text)".utf8),
        publicKey: witness.verifier.publicKey))
    // A time beyond 2^63 - 1 and one that was not signed.
    for first in [UInt8(0x80), 0x01] {
      var forged = bytes
      forged[0] = first
      let line = NoteSignature(
        name: witness.verifier.name, keyID: witness.verifier.id, bytes: forged)
      let bad = try SignedNote(parsing: signed(checkpoint.text, key).encoded + line.line)
      #expect(throws: NoteError.invalidSignature(witness.verifier.name, keyID: line.keyID)) {
        try bad.verify(with: [witness.verifier])
      }
    }
  }

  @Test func onlyCheckpointsAreCosigned() throws {
    #expect(throws: NoteError.self) { try signed("hello\n", witness) }
  }
}
