import Testing

@testable import TransparencyLog

@Suite struct HashTests {
  @Test func allFormsGiveTheSameHash() throws {
    let bytes = (0..<32).map { UInt8($0 * 7 + 3) }
    let hash = try #require(Hash(bytes))
    #expect(hash.bytes == bytes)
    #expect((0..<32).map { hash[$0] } == bytes)
    #expect(Hash(hex: hash.hex) == hash)
    #expect(Hash(hex: hash.hex.uppercased()) == hash)
    #expect(Hash(base64: hash.base64) == hash)
    #expect(hash.base64.utf8.count == 44)
    #expect("\(hash)" == hash.base64)
    #expect(MemoryLayout<Hash>.size == 32)
  }

  @Test func hexAndBase64AreTheUsualOnes() {
    let hash = Hash.sha256(utf8: "")
    #expect(hash.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hash.base64 == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
  }

  @Test func onlyThirtyTwoBytesAreAHash() {
    #expect(Hash([UInt8](repeating: 1, count: 31)) == nil)
    #expect(Hash([UInt8](repeating: 1, count: 33)) == nil)
    #expect(Hash(hex: String(repeating: "0", count: 62)) == nil)
    #expect(Hash(hex: String(repeating: "g", count: 64)) == nil)
  }

  @Test(arguments: [
    // A bit behind the last byte; no padding; too much; a URL-safe digit; a newline.
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU==",
    "47DEQpj8HBSa-/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
    "",
  ])
  func otherBase64IsRefused(text: String) {
    #expect(Hash(base64: text) == nil)
  }

  @Test func base64OfEveryRemainderRoundTrips() {
    for count in 0...20 {
      let bytes = (0..<count).map { UInt8(255 - $0 * 11) }
      #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
    }
    #expect(Base64.encode(Array("fooba".utf8)) == "Zm9vYmE=")
    #expect(Base64.encode(Array("foob".utf8)) == "Zm9vYg==")
  }

  @Test func orderIsThatOfTheBytes() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var left = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var right = left
      let offset = Int.random(in: 0..<32, using: &generator)
      left[offset] = .random(in: 0...255, using: &generator)
      right[offset] = .random(in: 0...255, using: &generator)
      let (leftHash, rightHash) = try (#require(Hash(left)), #require(Hash(right)))
      #expect((leftHash < rightHash) == left.lexicographicallyPrecedes(right))
    }
  }
}
