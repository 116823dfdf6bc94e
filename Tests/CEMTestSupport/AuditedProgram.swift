import CEMDomain
package import CEMStore
import FoundationEssentials
package import TransparencyLog

/// A program with a history of some length, and a key that signed checkpoints of it.
package struct AuditedProgram {
  package let program: TestProgram
  package let key: SignerKey
  /// Of the middle and of the end.
  package let checkpoints: [SignedCheckpoint]
  package let receipts: [Receipt]

  /// - Parameter gaps: how many gaps are recorded, of two departments in turns.
  package init(gaps: Int = 12) throws {
    let program = try TestProgram()
    let key = try SignerKey(
      name: KeyName("cem/\(program.programID.text)"), algorithm: .ed25519,
      seed: [UInt8](repeating: 7, count: 32))
    var receipts: [Receipt] = []
    var signed: [SignedCheckpoint] = []
    func sign(_ receipt: Receipt) throws {
      signed.append(
        try SignedCheckpoint(
          Checkpoint(
            origin: key.verifier.name.description, size: Int(receipt.treeSize),
            root: receipt.rootHash), signedBy: key))
    }
    for code in ["retail", "online"] {
      receipts.append(
        try program.run("department.register", ["code": .string(code), "name": .string(code)]))
    }
    for number in 0..<gaps {
      let fields: JSONObject = [
        "department": number.isMultiple(of: 2) ? "retail" : "online", "link": 4,
        "title": .string("Gap \(number): \"quoted\"\n\u{1}\tébène 🙂"), "severity": 3,
      ]
      receipts.append(try program.run("gap.record", fields))
      if number == gaps / 2 { try sign(receipts[receipts.count - 1]) }
    }
    receipts.append(
      try program.run("gap.amend", ["gap": "GAP-1", "department": "online", "reason": "moved"]))
    try sign(receipts[receipts.count - 1])
    self.receipts = receipts
    checkpoints = signed
    self.program = program
    self.key = key
  }

  /// Writes a bundle.
  package func export(
    to folder: String, _ scope: BundleManifest.Scope = .everything, department: String? = nil,
    checkpoints: [SignedCheckpoint]? = nil
  ) throws -> BundleManifest {
    var content = BundleWriter.Content(
      checkpoints: checkpoints ?? self.checkpoints, key: key.verifier)
    content.scope = scope
    content.department = try department.map { try DepartmentCode(scalar: $0) }
    return try BundleWriter(program.connection, programID: program.programID)
      .write(to: folder, content)
  }

  /// All events as they are stored.
  package func events() throws -> [StoredEvent] {
    try EventLog(program.connection, programID: program.programID)
      .events(EventLog.Filter(), limit: 100_000)
  }
}
