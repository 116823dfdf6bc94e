import CEMStore
import FoundationEssentials
import TransparencyLog

/// What `audit verify` found out, as it is printed.
struct Verification {
  /// What was checked, for a person.
  var subject: String
  var log = LogReport()
  /// How many receipts and checkpoints it was held to.
  var receipts = 0
  var checkpoints = 0
  /// What a bundle discloses.
  var discloses: String?
  /// What a proof proves.
  var proved: String?

  init(_ subject: String) { self.subject = subject }

  static let fields: [Field<Verification>] = [
    Field("ok") { .bool($0.log.isGood) },
    Field("events", numeric: true) { .integer($0.log.events) },
    Field("treeSize", numeric: true) { .integer($0.log.treeSize) },
    Field("rootHash") { .text($0.log.rootHash.base64) },
    Field("firstBadPosition", numeric: true) { Datum($0.log.firstBadPosition) },
    Field("unjudged", numeric: true) { .integer($0.log.unjudged) },
    Field("erased", numeric: true) { .integer($0.log.erased) },
    Field("restoredAt") { .list($0.log.restorations.map { .integer($0) }) },
    Field("problems") { .list($0.log.problems.map(\.datum)) },
    Field("projections") { .list($0.log.projections.map(\.datum)) },
    Field("receipts", numeric: true) { Datum($0.receipts) },
    Field("checkpoints", numeric: true) { Datum($0.checkpoints) },
    Field("discloses") { Datum($0.discloses) },
    Field("proves") { Datum($0.proved) },
  ]

  var sentence: String {
    var lines = log.problems.prefix(20).map { problem in
      let place =
        switch problem.place {
        case nil: ""
        case .at(let position): "position \(position): "
        case .between(let after, let upTo): "after position \(after), up to \(upTo): "
        }
      return "\(place)\(problem.message) [\(problem.kind.rawValue)]"
    }
    let more = log.problems.count - lines.count + log.omitted
    if more > 0 { lines.append("… and \(more) more") }
    if let restored = log.restorations.last,
      log.problems.contains(where: { $0.kind == .receipt || $0.kind == .checkpoint })
    {
      lines.append(
        "the log says that it was restored from a backup (cem history show \(restored)): what is kept of events that this took away, it cannot keep to; move that away where you know that they were lost"
      )
    }
    if log.isGood {
      lines.append(
        proved ?? "\(subject) holds: \(counted(log.events, "event")), root \(log.rootHash.base64)")
      if !log.projections.isEmpty {
        let rows = log.projections.reduce(0) { $0 + $1.rows }
        let judged =
          log.unjudged == 0
          ? "every event" : "every event but \(log.unjudged) whose words were erased"
        lines.append(
          "\(judged) keeps to the rules, and \(rows == 1 ? "the" : "all") \(counted(rows, "row")) of \(counted(log.projections.count, "projection")) \(rows == 1 ? "is" : "are") what the log makes of them"
        )
      }
      if log.erased > 0 {
        lines.append("the words of \(counted(log.erased, "event")) were erased, as the log says")
      }
      for position in log.restorations {
        lines.append(
          "it was restored from a backup (cem history show \(position)): what was recorded after that is not here"
        )
      }
      if receipts + checkpoints > 0, proved == nil {
        lines.append(
          "it keeps to \(counted(receipts, "receipt")) and \(counted(checkpoints, "checkpoint"))")
      } else if proved == nil {
        lines.append(
          "no receipt or checkpoint of it is kept here: that these are the events that were recorded is not shown"
        )
      }
      if let discloses { lines.append(discloses) }
    }
    return lines.joined(separator: "\n")
  }
}

/// A number with what is counted, in English as all that checks say.
private func counted(_ number: some BinaryInteger, _ singular: String) -> String {
  "\(number) \(singular)\(number == 1 ? "" : "s")"
}

extension LogReport.Projection {
  fileprivate var datum: Datum {
    .object([
      Datum.Member(key: "name", value: .text(name)),
      Datum.Member(key: "rows", value: Datum(rows)),
      Datum.Member(key: "mismatches", value: Datum(mismatches)),
    ])
  }
}

extension LogProblem {
  fileprivate var datum: Datum {
    var members = [Datum.Member(key: "kind", value: .text(kind.rawValue))]
    switch place {
    case nil: members.append(Datum.Member(key: "position", value: .null))
    case .at(let position): members.append(Datum.Member(key: "position", value: .integer(position)))
    case .between(let after, let upTo):
      members.append(Datum.Member(key: "after", value: .integer(after)))
      members.append(Datum.Member(key: "upTo", value: .integer(upTo)))
    }
    return .object(members + [Datum.Member(key: "message", value: .text(message))])
  }
}

/// What a log in a database is held to.
struct LogPins {
  let program: UUID
  private(set) var pins: [LogPin] = []
  private(set) var problems: [LogProblem] = []
  private(set) var receipts = 0
  private(set) var checkpoints = 0

  init(program: UUID) { self.program = program }

  /// Takes receipts, which must be of the program.
  mutating func add(_ receipts: [KeptReceipt]) {
    for receipt in receipts {
      if receipt.programID == program {
        var pin = LogPin(receipt)
        // A receipt with events always names something.
        pin.reference = receipt.events.isEmpty ? nil : receipt.reference ?? ""
        pins.append(pin)
        if !receipt.isOfItsCommand {
          problems.append(
            LogProblem(
              .receipt, receipt.events.first.map { .at($0.position) },
              "the receipt in line \(receipt.line) is not of the command that it names"))
        }
      } else {
        problems.append(
          LogProblem(
            .receipt, nil, "the receipt in line \(receipt.line) is of another program"))
      }
    }
    self.receipts += receipts.count
  }

  /// Takes a checkpoint that somebody kept.
  mutating func add(_ checkpoint: Checkpoint) {
    pins.append(LogPin(checkpoint))
    checkpoints += 1
  }

  /// Takes the receipts and checkpoints that were kept here of the session's program and database.
  mutating func addKept(_ session: Session) {
    do {
      let kept = try ReceiptFile.receipts(
        database: session.databaseName, program: session.program.id)
      add(kept.receipts)
      problems += kept.problems
      for other in ReceiptFile.others(
        named: session.program.slug, database: session.databaseName, than: session.program.id)
      {
        let message =
          "receipts kept here are of a program \(session.program.slug) with the id \(other.id.text), and this one's id is \(session.program.id.text)"
        // Nothing else would tell that the whole program was replaced.
        problems.append(
          LogProblem(
            .program, nil,
            message
              + ": the whole program may have been replaced; if you know that it was, move \(other.path) away"
          ))
      }
      for path in ReceiptFile.elsewhere(of: session.program.id, than: session.databaseName) {
        Console.standard.note(
          "receipts of this program in another database are kept here: --receipt \(path) holds it to them"
        )
      }
    } catch {
      problems.append(
        LogProblem(.receipt, nil, "the kept receipts cannot be read: \(error.message)"))
    }
    let shelf = CheckpointShelf(session).all
    pins += shelf.checkpoints.map { LogPin($0.signed.checkpoint) }
    checkpoints += shelf.checkpoints.count
    problems += shelf.problems
  }
}
