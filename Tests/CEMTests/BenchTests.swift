import CEMTestSupport
import Foundation
import Testing

/// The benchmark at its tiniest: that all of it runs, and that nothing is missing from its result.
@Suite("Benchmark", .serialized) struct BenchTests {
  private static var executable: URL {
    CommandProcess.executable.deletingLastPathComponent().appending(path: "cem-bench")
  }

  /// What the targets are about: measurement and peer, where there is one.
  private static let targets = [
    "append-8 / insert-1", "append-8-slow / insert-1-slow", "append-8x32 / insert-8",
    "append-8x32-slow / insert-8-slow", "append-busy / append-idle", "command-8 / eventsourcing-8",
    "import / copy", "import / eventsourcing-batch", "rebuild", "rebuild-memory", "verify",
    "command-large / command-small", "command-long / command-small", "status-large",
    "status-large / status-small", "as-of", "prove-large", "cem-gap-record / psql-select",
    "cem-status / psql-select", "size / size-bare", "view-department-current",
    "view-program-current", "view-daily-year", "view-daily-year-rows", "view-daily-day",
    "view-flow-year", "view-gaps-chain", "view-gaps-state", "view-gaps-worst",
    "view-gaps-department",
    "view-gaps-recorded",
    "view-gaps-closed", "view-gaps-due", "view-events-department", "view-events-quarter",
    "view-events-year", "view-events-year-departments", "view-events-department-rows",
    "view-events-rows", "view-events-gap", "view-initiatives-stage", "view-maturity",
  ]

  private struct Report: Decodable {
    struct Target: Decodable {
      var name: String
      var figure: Double?
      var met: Bool?
      var unavailable: String?
      var failure: String?
    }

    struct Measured: Decodable {
      var name: String
      var median: Double?
      var unavailable: String?
      var failure: String?
    }

    var targets: [Target]
    var measured: [Measured]
  }

  private func run(_ arguments: [String]) throws -> CommandProcess.Result {
    let process = try CommandProcess(database: nil)
    defer { process.remove() }
    return try process.shell(
      ([BenchTests.executable.path()] + arguments).map { "'\($0)'" }.joined(separator: " "))
  }

  @Test("Every row is there, and each is measured but for what needs a tool that is not here")
  func rows() throws {
    let server = try TestServer.shared
    let result = try run([
      "run", "--size", "tiny", "--json", "--database",
      "host=\(server.directory) port=\(server.port) user=\(server.superuser)",
      "--cem", CommandProcess.executable.path(), "--peer", "ten=echo 10",
    ])
    // So small, targets are met or not as it happens.
    #expect([0, 1].contains(result.status), "\(result.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.targets.map(\.name) == BenchTests.targets)
    for measured in report.measured {
      #expect(measured.failure == nil, "\(measured.name)")
      let needsTool =
        measured.name.hasSuffix("-slow") || measured.name.hasPrefix("eventsourcing")
        || measured.name.hasPrefix("insert")
      if needsTool, let reason = measured.unavailable {
        #expect(!reason.isEmpty)
      } else {
        #expect(measured.median ?? 0 > 0, "\(measured.name): \(measured.unavailable ?? "")")
      }
    }
    let named = Set(report.measured.map(\.name))
    let wanted = report.targets.flatMap { $0.name.components(separatedBy: " / ") }
    #expect(Set(wanted).subtracting(named) == [])
    #expect(report.measured.first { $0.name == "peer-ten" }?.median == 10)
    for target in report.targets where target.figure != nil { #expect(target.met != nil) }
    #expect(result.status == (report.targets.contains { $0.met == false } ? 1 : 0))
  }

  @Test("A made-up program is the same for the same seed, and as large as asked for")
  func generate() throws {
    let options = ["generate", "--events", "600", "--departments", "5", "--ndjson", "--seed"]
    let first = try run(options + ["7"])
    #expect(first.status == 0, "\(first.errors)")
    #expect(try run(options + ["7"]).output == first.output)
    #expect(try run(options + ["8"]).output != first.output)
    #expect(first.output.split(separator: "\n").count > 400)
  }

  @Test("What is asked for by name is measured alone; a target that is not met ends with 1")
  func only() throws {
    let server = try TestServer.shared
    let options = [
      "run", "--size", "tiny", "--database",
      "host=\(server.directory) port=\(server.port) user=\(server.superuser)", "--json",
    ]
    let result = try run(options + ["--only", "append-1"])
    #expect(result.status == 0, "\(result.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.measured.map(\.name) == ["append-1"])
    #expect(try run(options + ["--peer", "none"]).status == 64)
    // A cem that fails is a failure, and not a row that happens to be missing.
    let failed = try run(options + ["--only", "as-of", "--cem", "/bin/false"])
    #expect(failed.status == 1)
    #expect(failed.errors.contains("not met: as-of"))
  }
}
