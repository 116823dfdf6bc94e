import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@Suite("Audit samples", .database(.migrated)) struct SampleTests {
  @Test("The method draws the same positions everywhere")
  func method() {
    // Computed apart: printf 'cem-sample/1\n7\n1\n' | sha256sum, and so on.
    #expect(Sample.rank(of: 1, seed: "7").hex == SampleTests.rankOfOne)
    #expect(Sample.draw(5, from: 1...305, seed: "7") == SampleTests.drawn)
    #expect(Sample.draw(5, from: (1...305).reversed(), seed: "7") == SampleTests.drawn)
    #expect(Sample.draw(5, from: 1...305, seed: "8") != SampleTests.drawn)
    #expect(Sample.draw(10, from: 1...3, seed: "7") == [1, 2, 3])
    #expect(Sample.draw(0, from: 1...3, seed: "7").isEmpty)
  }

  private static let rankOfOne = "b85b1863d706b69b613febc06114f6a0a69772518cebfd4cedfe5e148a166e3c"
  private static let drawn: [Int64] = [36, 58, 114, 124, 220]

  @Test("A larger sample holds the smaller one")
  func nested() {
    let small = Set(Sample.draw(20, from: 1...2_000, seed: "q3"))
    let large = Set(Sample.draw(50, from: 1...2_000, seed: "q3"))
    #expect(small.isSubset(of: large))
  }

  @Test(
    "Each part has its share, and at least one",
    arguments: [
      (10, ["a": 90, "b": 10], ["a": 9, "b": 1]),
      (3, ["a": 97, "b": 2, "c": 1], ["a": 1, "b": 1, "c": 1]),
      (2, ["a": 5, "b": 5, "c": 5], ["a": 1, "b": 1]), (9, ["a": 2, "b": 3], ["a": 2, "b": 3]),
      (7, ["a": 4, "b": 4, "c": 1], ["a": 3, "b": 3, "c": 1]), (0, ["a": 1], [:]), (3, [:], [:]),
    ] as [(Int, [String: Int], [String: Int])])
  func shares(size: Int, counts: [String: Int], expected: [String: Int]) {
    #expect(Sample.shares(of: size, counts) == expected)
  }

  @Test("Shares add up and fit, whatever the parts")
  func sharesFit() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let counts = Dictionary(
        uniqueKeysWithValues: (0..<Int.random(in: 1...12, using: &generator)).map {
          ("p\($0)", Int.random(in: 1...200, using: &generator))
        })
      let total = counts.values.reduce(0, +)
      let size = Int.random(in: 0...total, using: &generator)
      let shares = Sample.shares(of: size, counts)
      #expect(shares.values.reduce(0, +) == size, "\(size) of \(counts)")
      #expect(shares.allSatisfy { $0.value <= counts[$0.key]! }, "\(size) of \(counts)")
      if size >= counts.count { #expect(shares.count == counts.count) }
    }
  }

  @Test("A sample states the tree that it is of, now and then")
  func statesTheTree() throws {
    let program = try TestProgram()
    for index in 1...9 { try program.run("person.add", ["id": .string("p\(index)"), "name": "P"]) }
    let then = try MomentResolver(program.connection, programID: program.programID)
      .resolve(.position(6))
    func draw(_ point: ReadPoint, _ stratum: Sample.Stratum?) throws -> Sample {
      try Sample(
        program.connection, programID: program.programID, size: 4, seed: "7", by: stratum,
        point: point)
    }
    let sample = try draw(then, nil)
    #expect(sample.population == 6)
    #expect(sample.items.map(\.event.position) == Sample.draw(4, from: 1...6, seed: "7"))
    var frontier = Frontier()
    let events = try EventLog(program.connection, programID: program.programID)
      .events(EventLog.Filter(), limit: 6)
    for event in events { frontier.append(event.leafHash) }
    #expect(sample.root == frontier.root)

    try program.run("person.add", ["id": "later", "name": "P"])
    #expect(try draw(then, nil).items.map(\.event.position) == sample.items.map(\.event.position))
    let byType = try draw(then, .type)
    #expect(Set(byType.items.map(\.stratum)) == ["person.added", "program.founded"])
    #expect(Set(byType.items.map(\.stratumPopulation)) == [5, 1])
    let empty = ReadPoint(position: 0, recordedAt: nil, isHead: false)
    #expect(try draw(empty, nil).items.isEmpty)
    #expect(try draw(empty, .actor).root == MerkleTree.emptyRoot)
  }
}
