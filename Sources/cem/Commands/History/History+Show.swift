import ArgumentParser
import CEMDomain
import CEMStore
import Postgres
import TransparencyLog

extension HistoryCommand {
  struct ShowEvent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one event: what changed, who, why, and its proof.",
      discussion: examples(
        "cem history show 42", "cem history show 42 --json",
        about:
          "The leaf hash is computed again from what is stored, and its place in the tree is proved against the head. Where either fails, the exit code is 1. What the database alone cannot show, receipts and checkpoints kept elsewhere do."
      ))

    @Argument(help: "Its position.") var position: Int64
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let log = session.log
      let position = position
      let detail = try session.connection.transaction(.snapshot) { _ in
        guard let event = try log.event(at: position) else {
          throw CommandError(
            "event.not-found", "there is no event at position \(position)",
            hint: "cem history", exit: .notFound)
        }
        return EventDetail(
          view: EventView(event), changes: try log.changes(by: event),
          others: try log.events(
            ofCommand: event.commandID, from: event.position - Int64(event.commandIndex)
          ).filter { $0.position != position },
          proof: try EventStanding(of: event, session.connection))
      }
      if options.style.isForPeople, options.style.fields.isEmpty {
        try options.show(detail, EventDetail.cardFields)
        for line in detail.lines(options.style) { try Console.standard.write(line + "\n") }
      } else {
        try options.show(detail, EventDetail.fields)
      }
      guard detail.proof.holds else {
        throw CommandError.answerIsNo(
          "the event at position \(position) is not what was recorded", hint: "cem audit verify")
      }
    }
  }
}

/// An event with what belongs to it.
struct EventDetail: Sendable {
  var view: EventView
  var changes: [FieldChange]
  /// The other events of its command.
  var others: [StoredEvent]
  var proof: EventStanding

  static let fields: [Field<EventDetail>] =
    Field.of(EventView.allFields) { $0.view } + [
      Field("changes") { .list($0.changes.map(\.datum)) },
      Field("command") { detail in
        .list(
          detail.others.map {
            Datum([
              "position": .integer($0.position), "stream": .text($0.stream), "type": .text($0.type),
            ])
          })
      },
      Field("proof") { detail in
        let proof = detail.proof
        return Datum([
          "leafHash": .text(proof.leafHash.base64), "leafHashHolds": .bool(proof.isLeafRight),
          "treeSize": .integer(proof.treeSize),
          "rootHash": .text(proof.root.base64), "included": .bool(proof.isIncluded),
        ])
      },
    ]

  /// The card says what changed in lines of its own.
  static let cardFields: [Field<EventDetail>] = [
    Field("position") { .integer($0.view.stored.position) },
    Field("what") { .text($0.view.event?.event.words ?? $0.view.stored.type) },
    Field("thing") {
      .text(Words.say("%1, version %2", $0.view.thing, "\($0.view.stored.version)"))
    },
    Field("departments") { .text($0.view.stored.departments) },
    Field("why") { Datum($0.view.event?.reason) },
    Field("who") { .text($0.view.stored.actor) },
    Field("for") { Datum($0.view.event?.onBehalfOf) },
    Field("happened") { .day($0.view.stored.occurredOn) },
    Field("recorded") { .time($0.view.stored.recordedAt) },
    Field("private") { $0.view.stored.isErased ? .text(Words.say("erased")) : .null },
    Field("event") { .text($0.view.stored.eventID.text) },
    Field("command") { .text($0.view.stored.commandID.text) },
  ]

  /// What changed, the command's other events, and the proof.
  func lines(_ style: OutputStyle) -> [String] {
    let width = style.width ?? 100
    var lines: [String] = []
    func section(_ title: String) {
      lines += ["", style.usesColor ? "\u{1b}[2m\(title)\u{1b}[0m" : title]
    }
    if !changes.isEmpty {
      section(Words.say("what changed"))
      lines += FieldChange.lines(changes, width: width)
    }
    if !others.isEmpty {
      section(Words.say("with the same command"))
      lines += others.map { other in
        let view = EventView(other)
        return "\(other.position)  \(view.thing)  \(view.words)".printable().fitted(to: width)
      }
    }
    section(Words.say("proof"))
    lines += proofLines.flatMap { $0.wrapped(to: width) }
    return lines
  }

  private var proofLines: [String] {
    let leaf =
      proof.isLeafRight
      ? Words.say("leaf hash %1, computed again: equal", proof.leafHash.base64)
      : Words.say(
        "LEAF HASH %1 IS NOT THAT OF THE EVENT: %2", view.stored.leafHash.base64,
        proof.leafHash.base64)
    let personal =
      view.stored.isErased ? Words.say("private text: erased, its hash is kept") : ""
    let (size, root) = ("\(proof.treeSize)", proof.root.base64)
    let place =
      proof.isIncluded
      ? Words.say("included in the tree of size %1, root %2", size, root)
      : Words.say("NOT INCLUDED in the tree of size %1, root %2", size, root)
    return [leaf, personal, place].filter { !$0.isEmpty }
  }
}
