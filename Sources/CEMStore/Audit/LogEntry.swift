import CEMDomain
package import FoundationEssentials
package import TransparencyLog

/// What the order of a log is checked by: an event's header, with its hashes computed anew.
///
/// Making one is the costly part and depends on nothing else, so it can be done for many events at
/// once; `LogCheck` then takes them one after another.
package struct LogEntry: Sendable {
  package var position: Int64
  package var stream: String
  package var version: Int
  package var type: String
  package var recordedAt: Timestamp
  package var commandID: UUID
  package var commandIndex: Int
  package var hasDigest: Bool
  /// The hash of the leaf text, whatever is stored.
  package var leaf: Hash
  /// What is wrong with the event by itself.
  package var faults: [LogProblem]
  /// What became of its private data; `nil` where there is none.
  package var privateData: PrivateData?
  /// What its command was about, where that is not what the event happened to and its data is at hand.
  package var subjectName: String?
  /// The positions that it says were erased.
  package var erases: [Int64] = []

  /// What became of private data.
  package enum PrivateData: Sendable {
    case kept, gone
  }

  /// Whether it stands at a position, is the event that was recorded there, and the first of its command.
  func begins(at position: Int64) -> Bool {
    self.position == position && faults.isEmpty && commandIndex == 0 && hasDigest
  }

  package init(
    position: Int64, stream: String, version: Int, type: String, recordedAt: Timestamp,
    commandID: UUID, commandIndex: Int, hasDigest: Bool, leaf: Hash, faults: [LogProblem]
  ) {
    self.position = position
    self.stream = stream
    self.version = version
    self.type = type
    self.recordedAt = recordedAt
    self.commandID = commandID
    self.commandIndex = commandIndex
    self.hasDigest = hasDigest
    self.leaf = leaf
    self.faults = faults
  }

  /// Computes a stored event's hashes and compares them with those stored.
  package init(_ event: StoredEvent, program: UUID) {
    var faults: [LogProblem] = []
    let place = LogProblem.Place.at(event.position)
    if event.programID != program {
      faults.append(LogProblem(.position, place, "the event belongs to another program"))
    }
    let leaf = event.computedLeafHash
    if leaf != event.leafHash {
      faults.append(LogProblem(.leafHash, place, "the event does not have its hash"))
    }
    if event.personal == nil, event.salt != nil, !event.isBeforeBoundSalts {
      faults.append(
        LogProblem(.privateHash, place, "it has a salt, and nothing that it was hashed with"))
    } else if event.personal != nil, event.salt == nil || event.erasedHash != nil {
      faults.append(
        LogProblem(
          .privateHash, place,
          event.salt == nil
            ? "what is private has no salt" : "it has the hash of what was erased, and its text"))
    } else if let salt = event.salt, salt.count != StoredEvent.saltSize {
      faults.append(
        LogProblem(.privateHash, place, "its salt is not \(StoredEvent.saltSize) bytes long"))
    }
    self.init(
      position: event.position, stream: event.stream, version: event.version, type: event.type,
      recordedAt: event.recordedAt, commandID: event.commandID, commandIndex: event.commandIndex,
      hasDigest: event.commandDigest != nil, leaf: leaf, faults: faults)
    privateData = event.isErased ? .gone : event.personal == nil ? nil : .kept
  }
}

extension StoredEvent {
  /// Whether it has the form that a command's first event had when nothing in it was private and its salt
  /// stood beside the digest alone. The leaf holds that there is no private hash, so nothing else can take
  /// this form.
  fileprivate var isBeforeBoundSalts: Bool {
    erasedHash == nil && commandIndex == 0 && commandDigest != nil
  }
}
