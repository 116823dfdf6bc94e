import FoundationEssentials
import SystemPackage
package import TransparencyLog

/// Checks a bundle with nothing but the key that its reader was given beforehand.
///
///     let report = try await BundleVerifier(folder: "audit-2026", key: key).report()
package struct BundleVerifier: Sendable {
  private let folder: FilePath
  private let key: VerifierKey
  private let witnesses: [VerifierKey]
  private let receipts: [KeptReceipt]

  /// - Parameters:
  ///   - key: the log's key.
  ///   - witnesses: the witnesses that must all have signed the newest checkpoint.
  ///   - receipts: what the log is held to beside its checkpoints.
  package init(
    folder: String, key: VerifierKey, witnesses: [VerifierKey] = [], receipts: [KeptReceipt] = []
  ) {
    self.folder = FilePath(folder)
    self.key = key
    self.witnesses = witnesses
    self.receipts = receipts
  }

  /// What the check of a bundle found out.
  package struct Report: Sendable {
    package var log = LogReport()
    /// `nil` where there is none that could be read.
    package var manifest: BundleManifest?
    /// The sizes of the checkpoints whose signatures are right.
    package var checkpoints: [Int] = []
  }

  /// Checks everything: the files, the signatures, and the log in them.
  /// - Throws: `BundleError` where there is no such folder, or its files cannot be read.
  package func report() async throws -> Report {
    guard POSIX.exists(folder.appending(".")) else { throw BundleError.noFolder(folder.string) }
    var report = Report()
    do {
      var file = try open(BundleManifest.name)
      let manifest = try BundleManifest(try file.contents(limit: 1 << 26))
      report.manifest = manifest
      try checkNames(manifest)
      let pins = try checkSmallFiles(manifest, &report)
      if manifest.scope == .inclusionOnly {
        report.log = try await checkProvedEvents(manifest)
      } else {
        report.log = try await checkAllEvents(manifest, pins)
      }
    } catch let problem as LogProblem {
      report.log.problems.append(problem)
    }
    return report
  }

  /// Opens a file that must be there.
  func open(_ name: String) throws -> BundleFileReader {
    guard POSIX.exists(folder.appending(name)) else {
      throw LogProblem(.file, nil, "\(name) is missing")
    }
    // Another place's file may be another one tomorrow.
    guard POSIX.isRegularFile(folder.appending(name)) else {
      throw LogProblem(.file, nil, "\(name) is no file of its own")
    }
    return try BundleFileReader(name, in: folder)
  }

  private func checkNames(_ manifest: BundleManifest) throws(LogProblem) {
    let stated = manifest.files.map(\.name)
    let there = POSIX.entries(of: folder).filter { $0 != BundleManifest.name }
    let required =
      [BundleManifest.formatName, BundleManifest.eventsName, BundleManifest.keyName]
      + (manifest.scope == .inclusionOnly ? [BundleManifest.proofsName] : [])
      + [BundleManifest.name(ofCheckpoint: Int(manifest.treeSize))]
    for name in required where !stated.contains(name) {
      throw LogProblem(.file, nil, "the manifest does not name \(name)")
    }
    for name in stated where !required.contains(name) && !name.hasPrefix("checkpoint-") {
      throw LogProblem(.file, nil, "the manifest names a file that no bundle has: \(name)")
    }
    guard there.sorted() == stated.sorted(), Set(stated).count == stated.count else {
      let odd = Set(there).symmetricDifference(stated).sorted().joined(separator: ", ")
      throw LogProblem(.file, nil, "the folder's files are not those of the manifest: \(odd)")
    }
  }

  /// Checks all files but the events and proofs, and gives what the log is held to.
  private func checkSmallFiles(
    _ manifest: BundleManifest, _ report: inout Report
  ) throws -> [LogPin] {
    var pins = receipts.map { LogPin($0) }
    for file in manifest.files
    where file.name != BundleManifest.eventsName && file.name != BundleManifest.proofsName {
      var reader = try open(file.name)
      let bytes = try reader.contents(limit: 1 << 24)
      try require(reader.finish(), is: file)
      if file.name == BundleManifest.keyName {
        guard bytes == Array("\(key)\n".utf8) else {
          throw LogProblem(
            .checkpoint, nil, "the bundle is signed with another key than the one given")
        }
      } else if file.name.hasPrefix("checkpoint-") {
        let checkpoint = try self.checkpoint(bytes, file.name, manifest)
        pins.append(LogPin(checkpoint))
        report.checkpoints.append(checkpoint.size)
      }
    }
    for receipt in receipts where receipt.programID != manifest.program {
      throw LogProblem(.receipt, nil, "\(receipt.name) is of another program")
    }
    report.checkpoints.sort()
    return pins
  }

  private func checkpoint(
    _ bytes: [UInt8], _ name: String, _ manifest: BundleManifest
  ) throws -> Checkpoint {
    do {
      let signed = try SignedCheckpoint(parsing: bytes)
      let checkpoint = signed.checkpoint
      let isNewest = checkpoint.size == Int(manifest.treeSize)
      try signed.verify(
        origin: key.name.description, logKeys: [key], witnesses: witnesses,
        quorum: isNewest ? witnesses.count : 0)
      guard name == BundleManifest.name(ofCheckpoint: checkpoint.size) else {
        throw LogProblem(.checkpoint, nil, "\(name) is a checkpoint of size \(checkpoint.size)")
      }
      guard !isNewest || checkpoint.root == manifest.rootHash else {
        throw LogProblem(.checkpoint, nil, "\(name) has another root than the manifest")
      }
      return checkpoint
    } catch let error as NoteError {
      throw LogProblem(.checkpoint, nil, "\(name) is not good: \(error.words)")
    }
  }

  /// Compares what a file holds with what the manifest says of it.
  func require(
    _ found: BundleManifest.File, is stated: BundleManifest.File
  ) throws(LogProblem) {
    guard found == stated else {
      throw LogProblem(.file, nil, "\(stated.name) is not the file that the manifest describes")
    }
  }
}
