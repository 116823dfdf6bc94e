import CEMDomain
package import FoundationEssentials

/// The name under which a program's log is signed.
///
/// It follows from the log alone: the program's id and how often the log was restored from a backup.
/// After a restore the history may differ from one that was signed before, so the name is another one
/// and no key that signs under the old name signs again.
///
///     cem/5f0b1d3e-8a54-4c55-9d2c-3c1f3a0d9b11
///     cem/5f0b1d3e-8a54-4c55-9d2c-3c1f3a0d9b11/restored-1
package struct LogOrigin: Hashable, Sendable {
  package let programID: UUID
  /// How often the log was restored.
  package let restorations: Int
  /// Where the log says that it was restored last.
  package let restoredAt: Int64?

  package init(programID: UUID, restorations: Int = 0, restoredAt: Int64? = nil) {
    self.programID = programID
    self.restorations = restorations
    self.restoredAt = restoredAt
  }

  /// The origin of a program's log as a reader sees it.
  package init(of programID: UUID, _ reader: some ProgramReader) throws {
    let record = try reader.records([.log])[.log]
    guard case .log(let log)? = record?.entity else {
      self.init(programID: programID)
      return
    }
    self.init(
      programID: programID, restorations: log.restorations, restoredAt: log.restoredAt)
  }

  /// Whether a key of this name, which signed the log up to a size before, may sign it now.
  ///
  /// A key that is named for a program signs for that program's present origin alone. No key, whatever
  /// its name, signs across a restore.
  package func admits(_ name: String, signedUpTo size: Int) -> Bool {
    if let restoredAt, size > 0, Int64(size) < restoredAt { return false }
    return LogOrigin.programID(of: name) == nil || name == description
  }

  /// The program that a name is of; `nil` where somebody chose the name.
  package static func programID(of name: String) -> UUID? {
    guard name.hasPrefix("cem/") else { return nil }
    return UUID(uuidString: String(name.dropFirst(4).prefix(36)))
  }
}

extension LogOrigin: CustomStringConvertible {
  package var description: String {
    "cem/\(programID.text)" + (restorations > 0 ? "/restored-\(restorations)" : "")
  }
}
