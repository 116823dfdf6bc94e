import ArgumentParser
import Foundation
import Postgres

/// `cem-bench run`: measures on servers that are running.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Measure on a server that is there to be measured on.",
    discussion: """
      Everything happens in databases named cem_bench_…, which are made anew and dropped. The result is \
      1 where a target is not met. scripts/bench starts such servers and gives all options.

        cem-bench run --database 'host=/tmp/s user=postgres' --only append-8 --only insert-1
      """)

  enum Size: String, ExpressibleByArgument, CaseIterable { case full, quick, tiny }

  @Option(help: ArgumentHelp("A superuser's connection to the server.", valueName: "conninfo"))
  var database: String
  @Option(
    help: ArgumentHelp(
      "The same of a server whose flushes take a millisecond more.", valueName: "conninfo"))
  var slowDatabase: String?
  @Option(help: "How large everything is: full, quick or tiny.") var size = Size.full
  @Option(
    help: ArgumentHelp(
      "Measure only this; may be repeated, and end in * for several.", valueName: "name"))
  var only: [String] = []
  @Option(help: "Rounds, in place of those that the size has.") var rounds: Int?
  @Option(help: "Seconds of a round of writers, in place of those that the size has.")
  var seconds: Double?
  @Flag(help: "Print what can be measured, and measure nothing.") var list = false
  @Flag(help: "Print JSON, with all rounds.") var json = false
  @Flag(help: "Print the targets and the run's facts in Markdown.") var markdown = false
  @Option(
    help: ArgumentHelp(
      "A peer: a command that saves single events and prints how many a second. It finds CEM_BENCH_DATABASE and CEM_BENCH_SECONDS.",
      valueName: "name=command"))
  var peer: [String] = []
  @Option(help: "The folder of the server's programs, where pgbench is.") var binaries: String?
  @Option(help: "The cem to measure as a process.") var cem: String?
  @Option(help: "A Python that has the package eventsourcing.") var python: String?
  @Option(help: "The folder of the peers' scripts.") var peers: String?
  @Option(
    help: ArgumentHelp("What to say of the run, such as the machine.", valueName: "name=text"))
  var fact: [String] = []

  func run() throws {
    let peers = try peer.map { text in
      guard let peer = Peer(text) else { throw ValidationError("--peer is NAME=COMMAND") }
      return peer
    }
    var scale = size == .full ? Scale.full : size == .quick ? .quick : .tiny
    if let rounds {
      scale.rounds = rounds
      scale.longRounds = rounds
    }
    if let seconds { scale.seconds = seconds }
    let bench = Bench(
      place: Place(conninfo: database), slowPlace: slowDatabase.map(Place.init), scale: scale,
      tools: Tools(binaries: binaries, cem: cem, python: python, peers: self.peers), peers: peers)
    if list {
      for entrant in bench.contests.flatMap(\.entrants) {
        print("\(entrant.name)\t\(entrant.title)")
      }
      return
    }
    var report = Report()
    report.facts = fact.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    let contests = bench.contests
    defer { for contest in contests { try? contest.finish() } }
    for contest in contests { report.outcomes += contest.run(only: isWanted) }
    print(json ? try report.json() : markdown ? report.markdown : report.text)
    let missed = report.verdicts.filter { $0.isMet == false }
    for verdict in missed {
      let what = verdict.failure ?? "is \(format(verdict.figure ?? .nan))"
      note("not met: \(verdict.target.name): \(what), wanted \(verdict.target.bound.text)")
    }
    if !missed.isEmpty { throw ExitCode(1) }
  }

  private func isWanted(_ name: String) -> Bool {
    only.isEmpty
      || only.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : name == $0 }
  }
}
