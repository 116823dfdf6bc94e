import FoundationEssentials
import TransparencyLog

/// What became of a piece of `events.ndjson`.
private struct ReadPiece: Sendable {
  var entries: [LogEntry] = []
  /// Why the line after the last entry is no event.
  var problem: String?
}

extension BundleLineReader {
  /// Reads whole lines, up to the first that is no event.
  fileprivate func read(_ piece: [UInt8]) -> ReadPiece {
    var result = ReadPiece()
    piece.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        do {
          result.entries.append(
            try entry(UnsafeBufferPointer(rebasing: bytes[start..<end])))
        } catch {
          result.problem = "\(error)"
          return
        }
        start = end + 1
      }
    }
    return result
  }
}

extension BundleVerifier {
  /// How many pieces are read ahead: enough to keep every core busy.
  private static let readAhead = 4

  /// Takes every event in order. Lines are read and hashed on all cores, and taken on one.
  private func forEachEvent(
    _ manifest: BundleManifest, _ body: (LogEntry) throws -> Void
  ) async throws {
    let reader = BundleLineReader(program: manifest.program, department: manifest.department)
    var file = try open(BundleManifest.eventsName)
    var pending: [Task<ReadPiece, Never>] = []
    var count: Int64 = 0
    func take(_ piece: ReadPiece) throws {
      for entry in piece.entries {
        try body(entry)
        count += 1
      }
      if let problem = piece.problem {
        throw LogProblem(
          .file, manifest.scope == .inclusionOnly ? nil : .at(count + 1),
          "line \(count + 1) of \(BundleManifest.eventsName) is no event: \(problem)")
      }
    }
    while let piece = try file.nextLines() {
      pending.append(Task.detached { reader.read(piece) })
      if pending.count >= Self.readAhead { try take(await pending.removeFirst().value) }
    }
    for task in pending { try take(await task.value) }
    if let stated = manifest.files.first(where: { $0.name == BundleManifest.eventsName }) {
      try require(file.finish(), is: stated)
    }
    guard count == manifest.events else {
      throw LogProblem(
        .file, nil, "the bundle has \(count) events, and says that it has \(manifest.events)")
    }
  }

  /// Checks a bundle that has every event's header.
  func checkAllEvents(_ manifest: BundleManifest, _ pins: [LogPin]) async throws -> LogReport {
    var check = LogCheck(pins: pins)
    var erasures = ErasureCheck()
    do {
      try await forEachEvent(manifest) {
        check.take($0)
        erasures.take($0)
      }
      for problem in erasures.problems() { check.add(problem) }
    } catch let problem as LogProblem {
      check.add(problem)
    }
    check.finish()
    if check.report.rootHash != manifest.rootHash || check.report.treeSize != manifest.treeSize {
      check.add(LogProblem(.file, nil, "the events do not lead to the manifest's root"))
    }
    return check.report
  }

  /// Checks a bundle of single events by their proofs.
  func checkProvedEvents(_ manifest: BundleManifest) async throws -> LogReport {
    var report = LogReport()
    report.treeSize = manifest.treeSize
    report.rootHash = manifest.rootHash
    var proofs = try readProofs(manifest)[...]
    var erasures = ErasureCheck()
    var last: Int64 = 0
    do {
      try await forEachEvent(manifest) { entry in
        if let fault = entry.faults.first { throw fault }
        let place = LogProblem.Place.at(entry.position)
        guard entry.position > last, let proof = proofs.popFirst(),
          proof.position == entry.position
        else { throw LogProblem(.proof, place, "the proof in its place is of another event") }
        last = entry.position
        do {
          try MerkleTree.verifyInclusion(
            of: entry.leaf, index: Int(entry.position) - 1, size: Int(manifest.treeSize),
            root: manifest.rootHash, proof: proof.path)
        } catch {
          throw LogProblem(.proof, place, "the event is not proved to be in the log")
        }
        report.events += 1
        erasures.take(entry)
      }
      if !proofs.isEmpty { throw LogProblem(.proof, nil, "there are proofs without events") }
      report.problems += erasures.problems()
    } catch let problem as LogProblem {
      report.problems.append(problem)
    }
    return report
  }

  private func readProofs(_ manifest: BundleManifest) throws -> [BundleProofLine] {
    var file = try open(BundleManifest.proofsName)
    var proofs: [BundleProofLine] = []
    while let piece = try file.nextLines() {
      for line in piece.dropLast().split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      {
        guard let proof = BundleProofLine(line) else {
          throw LogProblem(
            .file, nil,
            "line \(proofs.count + 1) of \(BundleManifest.proofsName) is no proof in its only form")
        }
        proofs.append(proof)
      }
    }
    if let stated = manifest.files.first(where: { $0.name == BundleManifest.proofsName }) {
      try require(file.finish(), is: stated)
    }
    return proofs
  }
}
