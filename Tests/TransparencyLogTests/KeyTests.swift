import Testing

@testable import TransparencyLog

@Suite struct KeyTests {
  static let seed = (0..<32).map { UInt8($0) }

  @Test(arguments: [SignatureAlgorithm.ed25519, .cosignatureV1])
  func keysAreReadAsTheyAreWritten(algorithm: SignatureAlgorithm) throws {
    let key = try SignerKey(
      name: KeyName("example.com/é"), algorithm: algorithm, seed: KeyTests.seed)
    #expect(try VerifierKey(key.verifier.description) == key.verifier)
    let read = try SignerKey(key.secretText)
    #expect(read.verifier == key.verifier)
    #expect(read.secretText == key.secretText)
    #expect(key.secretText.hasPrefix("PRIVATE+KEY+example.com/é+"))
  }

  @Test func idIsThatOfTheSpecification() throws {
    let key = try SignerKey(
      name: KeyName("example.com/log"), algorithm: .cosignatureV1, seed: KeyTests.seed)
    let hash = Hash.sha256(Array("example.com/log\n\u{04}".utf8) + key.verifier.publicKey)
    let parts = key.verifier.description.split(separator: "+", maxSplits: 2)
    #expect(parts[1] == hash.hex.prefix(8))
    #expect(Base64.decode(parts[2].utf8) == [4] + key.verifier.publicKey)
  }

  @Test func oneKeyHasAnotherIdForEachUse() throws {
    let name = try KeyName("example.com/log")
    let log = try SignerKey(name: name, algorithm: .ed25519, seed: KeyTests.seed)
    let witness = try SignerKey(name: name, algorithm: .cosignatureV1, seed: KeyTests.seed)
    #expect(log.verifier.publicKey == witness.verifier.publicKey)
    #expect(log.verifier.id != witness.verifier.id)
  }

  @Test func aPrintedKeyShowsNoSecret() throws {
    let key = SignerKey.generate(name: try KeyName("k"), algorithm: .ed25519)
    var dumped = ""
    dump(key, to: &dumped)
    let secret = try #require(key.secretText.split(separator: "+", maxSplits: 4).last)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.contains(secret))
      #expect(text.contains(key.verifier.description) || text.contains("verifier"))
    }
    #expect(
      SignerKey.generate(name: try KeyName("k"), algorithm: .ed25519).verifier != key.verifier)
  }

  @Test(arguments: ["", "a b", "a+b", "a\u{2003}b", "a\u{A0}b", "a\nb", "a\u{1}b", "a\u{85}b"])
  func namesWithSpacesOrPlusSignsAreRefused(name: String) {
    #expect(throws: NoteError.self) { try KeyName(name) }
  }

  @Test func namesAreComparedByBytes() throws {
    #expect(try KeyName("caf\u{E9}") != KeyName("cafe\u{301}"))
  }

  @Test func otherFormsOfAKeyAreRefused() throws {
    let key = try SignerKey(
      name: KeyName("example.com/log"), algorithm: .ed25519, seed: KeyTests.seed)
    let text = key.verifier.description
    let parts = text.split(separator: "+", maxSplits: 2).map(String.init)
    let material = try #require(Base64.decode(parts[2].utf8))
    func joined(_ name: String, _ id: String, _ material: [UInt8]) -> String {
      "\(name)+\(id)+\(Base64.encode(material))"
    }
    let bad = [
      "", "+", "++", parts[0], "\(parts[0])+\(parts[1])", text + " ", " " + text, text + "\n",
      text + "A", joined("example.com/lag", parts[1], material),
      joined(parts[0], "00000000", material), joined(parts[0], "0" + parts[1], material),
      joined(parts[0], String(parts[1].dropLast()), material),
      joined(parts[0], "+" + parts[1].dropFirst(), material),
      joined(parts[0], parts[1], [4] + material.dropFirst()),
      joined(parts[0], parts[1], [2] + material.dropFirst()),
      joined(parts[0], parts[1], material.dropLast()), joined(parts[0], parts[1], material + [0]),
      joined(parts[0], parts[1], []), joined("", parts[1], material),
    ]
    for text in bad {
      #expect(throws: NoteError.self, "\(text)") { try VerifierKey(text) }
      #expect(throws: NoteError.self, "\(text)") { try SignerKey("PRIVATE+KEY+" + text) }
      #expect(throws: NoteError.self, "\(text)") { try SignerKey(text) }
    }
    #expect(throws: NoteError.self) { try VerifierKey(key.secretText) }
  }

  @Test func anIdInCapitalsIsRefused() throws {
    // The first seed whose id has a letter.
    let keys = try (0..<50).map { first in
      try SignerKey(
        name: KeyName("n"), algorithm: .ed25519, seed: [UInt8](repeating: first, count: 32))
    }
    let text = try #require(
      keys.map(\.verifier.description).first {
        $0.split(separator: "+")[1].contains { $0.isLetter }
      }
    )
    let parts = text.split(separator: "+", maxSplits: 2)
    #expect(throws: NoteError.self) {
      try VerifierKey("\(parts[0])+\(parts[1].uppercased())+\(parts[2])")
    }
  }
}
