import CEMDomain
import CEMStore
import TransparencyLog

/// A receipt as it is printed and kept: with the names of the program and of the database.
struct IssuedReceipt {
  var receipt: Receipt
  var program: String
  var database: String
  var isDryRun = false

  /// The fields of the receipt, as the command line's contract names them, and their hash.
  static let fields: [Field<IssuedReceipt>] =
    statedFields + [Field("receiptHash") { .text($0.receiptHash.base64) }]

  /// What the receipt states.
  static let statedFields: [Field<IssuedReceipt>] = [
    Field("command") { .text($0.receipt.command) },
    Field("commandId") { .text($0.receipt.commandID.text) },
    Field("ref") { Datum($0.receipt.reference) },
    Field("program") { .text($0.program) },
    Field("programId") { .text($0.receipt.programID.text) },
    Field("database") { .text($0.database) },
    Field("events") { .list($0.receipt.events.map(\.datum)) },
    Field("recordedAt") { Datum($0.receipt.recordedAt) },
    Field("treeSize") { .integer($0.receipt.treeSize) },
    Field("rootHash") { .text($0.receipt.rootHash.base64) },
    Field("duplicate") { .bool($0.receipt.isDuplicate) },
    Field("dryRun") { .bool($0.isDryRun) },
  ]

  /// Prints what was recorded. Where that fails it is recorded all the same, and whoever tried would try again.
  static func reporting(_ receipts: [IssuedReceipt], _ print: () throws -> Void) throws {
    do {
      try print()
      try Console.standard.flush()
    } catch let error as SystemError {
      let events = receipts.filter { !$0.isDryRun }.flatMap(\.receipt.events)
      guard let first = events.first, let last = events.last else { throw error }
      throw CommandError.unwritten(
        events: events.count, error, lookUp: "history show \(first.position)",
        details: [
          "commandIds": .array(receipts.map { .string($0.receipt.commandID.text) }),
          "positions": .array([.int(first.position), .int(last.position)]),
        ])
    }
  }

  /// The whole as one object.
  var json: Datum {
    .object(IssuedReceipt.fields.map { Datum.Member(key: $0.key, value: $0.value(self)) })
  }

  /// The receipt for a person, and what was corrected in lines of its own.
  /// - Parameter width: of the terminal, on which long texts are cut.
  func text(width: Int?) -> String {
    let lines = FieldChange.lines(receipt.changes, width: width ?? .max) { change, room in
      change.correction(width: width == nil ? nil : room - 2)
    }
    let said = width.map { sentence.wrapped(to: $0).joined(separator: "\n") } ?? sentence
    return ([said] + lines).joined(separator: "\n")
  }

  /// The receipt for a person.
  var sentence: String {
    guard let first = receipt.events.first, let last = receipt.events.last else {
      return Words.say("nothing to do: it is so already (%1)", Words.database(database))
    }
    if isDryRun {
      return receipt.events.map {
        Words.say("would record %1 on %2 version %3", $0.type, $0.stream, "\($0.version)")
      }.joined(separator: "\n") + "\n"
        + Words.say("dry run: nothing was written (%1)", Words.database(database))
    }
    let what =
      ([happened(first, to: receipt.reference)] + made.map { happened($0.entry, to: $0.reference) })
      .joined(separator: Words.clauseMark)
    let positions =
      first.position == last.position
      ? Words.say("position %1", "\(first.position)")
      : Words.say("positions %1 to %2", "\(first.position)", "\(last.position)")
    return receipt.isDuplicate
      ? Words.say("%1 before (%2, %3)", what, positions, Words.database(database))
      : Words.say("%1 (%2, %3)", what, positions, Words.database(database))
  }
}

extension IssuedReceipt {
  private func happened(_ entry: Receipt.Entry, to reference: String?) -> String {
    let verb = entry.type.split(separator: ".").last.map(String.init) ?? entry.type
    return (reference.map { "\($0) " } ?? "") + Words.happened(verb)
  }

  /// The things that the command made beside the one that it was about: evidence, waivers, departments.
  private var made: [(entry: Receipt.Entry, reference: String)] {
    receipt.events.dropFirst().compactMap { entry in
      guard entry.version == 1, let stream = StreamID(entry.stream), stream.kind != .maturity,
        stream.reference != receipt.reference
      else { return nil }
      return (entry, stream.reference)
    }
  }
}

extension Receipt.Entry {
  fileprivate var datum: Datum {
    Datum([
      "position": .integer(position), "stream": .text(stream), "version": Datum(version),
      "type": .text(type), "eventId": .text(eventID.text), "leafHash": .text(leafHash.base64),
    ])
  }
}
