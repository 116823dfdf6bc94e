import CEMDomain
import FoundationEssentials
package import TransparencyLog

/// Checks a log from its events alone, taken in their order: every hash, dense positions and versions,
/// a clock that never runs backwards, whole commands, the tree, and that it keeps to its pins.
///
///     var check = LogCheck(pins: receipts.map { LogPin($0) })
///     for event in events { check.take(LogEntry(event, program: program)) }
///     check.finish()
///     print(check.report.isGood)
///
/// It trusts nothing that is stored beside the events; stored nodes and the head are compared with what
/// the events make of them.
package struct LogCheck {
  /// How many problems are kept; of the others, only their number.
  static let limit = 1_000

  /// What has been found so far; the whole after `finish`.
  package private(set) var report = LogReport()
  /// The tree of the events so far.
  package private(set) var frontier = Frontier()
  /// The nodes that a log stores of this tree, in the order of their completion.
  package private(set) var nodes: [StoredNode] = []

  /// The recorded time of the last event so far.
  package var lastRecordedAt: Timestamp? { before?.recordedAt }

  private var versions: [String: Int] = [:]
  private var before: LogEntry?
  private var commands: Set<UUID> = []
  /// The pins that are still ahead, the nearest last.
  private var pins: [LogPin]
  private var leaves: [Int64: [(leaf: LogPin.Leaf, pin: LogPin)]] = [:]
  /// The largest size at which a pin held.
  private var pinned: Int64 = 0

  /// - Parameter pins: what the log is held to.
  package init(pins: [LogPin]) {
    self.pins = pins.sorted { $0.size > $1.size }
    for pin in pins {
      for leaf in pin.leaves { leaves[leaf.position, default: []].append((leaf, pin)) }
    }
    takePins(at: 0)
  }

  /// Takes the next event.
  package mutating func take(_ entry: LogEntry) {
    let place = LogProblem.Place.at(entry.position)
    for fault in entry.faults { add(fault) }
    let expected = (before?.position ?? 0) + 1
    if entry.position > expected {
      add(
        LogProblem(
          .position, .at(expected),
          entry.position == expected + 1
            ? "the event is missing" : "events are missing, up to position \(entry.position - 1)"))
    } else if entry.position < expected {
      add(LogProblem(.position, place, "the position stands twice, or out of order"))
    }
    let version = versions[entry.stream, default: 0] + 1
    if entry.version != version {
      add(
        LogProblem(
          .version, place,
          "\(entry.stream) is at version \(entry.version) where \(version) must follow"))
    }
    versions[entry.stream] = entry.version
    if let before, entry.recordedAt < before.recordedAt {
      add(LogProblem(.clock, place, "it was recorded before the event in front of it"))
    }
    checkCommand(of: entry, place)
    for (leaf, pin) in leaves.removeValue(forKey: entry.position) ?? [] {
      checkLeaf(leaf, of: pin, entry)
    }
    nodes += frontier.append(entry.leaf)
    before = entry
    report.events += 1
    if entry.privateData == .gone { report.erased += 1 }
    if entry.type == "log.restored" { report.restorations.append(entry.position) }
    report.treeSize = Int64(frontier.size)
    takePins(at: report.treeSize)
  }

  /// Whether a command's events follow each other, none comes again, and only its first one has a digest.
  private mutating func checkCommand(of entry: LogEntry, _ place: LogProblem.Place) {
    let goesOn = before?.commandID == entry.commandID
    let index = goesOn ? (before?.commandIndex ?? 0) + 1 : 0
    if !goesOn, !commands.insert(entry.commandID).inserted {
      add(LogProblem(.command, place, "its command was handled before"))
    }
    if entry.commandIndex != index {
      add(
        LogProblem(
          .command, place, "it is event \(entry.commandIndex) of its command where \(index) must be"
        ))
    }
    if entry.hasDigest != (entry.commandIndex == 0) {
      add(LogProblem(.command, place, "a command has one digest, on its first event"))
    }
  }

  private mutating func checkLeaf(_ leaf: LogPin.Leaf, of pin: LogPin, _ entry: LogEntry) {
    if leaf != LogPin.Leaf(entry) {
      add(LogProblem(pin.kind, .at(entry.position), "\(pin.name) is for another event"))
    } else if leaf.commandIndex == 0, let reference = pin.reference,
      reference != entry.subjectName, reference != StreamID(entry.stream)?.reference
    {
      add(LogProblem(pin.kind, .at(entry.position), "\(pin.name) is not about what it names"))
    }
  }

  private mutating func takePins(at size: Int64) {
    guard let next = pins.last, next.size <= size else { return }
    let root = frontier.root
    while let pin = pins.last, pin.size <= size {
      pins.removeLast()
      if pin.size == size, pin.root == root {
        pinned = size
      } else {
        add(
          LogProblem(
            pin.kind, .between(after: pinned, upTo: max(pin.size, pinned + 1)),
            "\(pin.name) has another root"))
      }
    }
  }

  /// Ends the check: what was to come and did not is missing.
  ///
  /// - Parameters:
  ///   - head: the size and frontier that the log states; `nil` where it states none.
  ///   - stored: the stored nodes in any order; `nil` where there are none to compare.
  package mutating func finish(
    head: (size: Int64, frontier: [UInt8])? = nil, stored: [StoredNode]? = nil
  ) {
    let size = report.treeSize
    report.rootHash = frontier.root
    for pin in pins.reversed() {
      add(
        LogProblem(
          pin.kind, .between(after: size, upTo: pin.size),
          "\(pin.name) covers \(pin.size) events, and the log ends at \(size)"))
    }
    pins = []
    if let head {
      if head.size != size {
        add(
          LogProblem(
            .head, .between(after: min(head.size, size), upTo: max(head.size, size)),
            "the head says \(head.size) events, and there are \(size)"))
      } else if head.frontier != frontier.encoded {
        add(LogProblem(.head, nil, "the head's frontier is not that of the events"))
      }
    }
    if let stored { compare(stored) }
  }

  private mutating func compare(_ stored: [StoredNode]) {
    var rest = Set(nodes)
    for node in stored where rest.remove(node) == nil {
      add(
        LogProblem(
          .storedNode, LogCheck.place(of: node),
          "the stored node \(node.index) of level \(node.level) is not that of the events"))
    }
    for node in rest.sorted(by: { ($0.level, $0.index) < ($1.level, $1.index) }) {
      add(
        LogProblem(
          .storedNode, LogCheck.place(of: node),
          "the stored node \(node.index) of level \(node.level) is missing"))
    }
  }

  /// A node itself has no position: what it covers may all be right.
  private static func place(of node: StoredNode) -> LogProblem.Place? {
    guard node.index >= 0, (1...6).contains(node.level), node.index < 1 << 40 else { return nil }
    return .between(after: Int64(node.leaves.lowerBound), upTo: Int64(node.leaves.upperBound))
  }

  /// Adds how a projection compares with the log.
  package mutating func add(_ projection: LogReport.Projection) {
    report.projections.append(projection)
  }

  /// Says of how many events the rules cannot be judged any more.
  package mutating func set(unjudged: Int64) { report.unjudged = unjudged }

  /// Adds a problem that was found beside the log.
  package mutating func add(_ problem: LogProblem) {
    if report.problems.count < LogCheck.limit {
      report.problems.append(problem)
    } else {
      report.omitted += 1
    }
  }
}
