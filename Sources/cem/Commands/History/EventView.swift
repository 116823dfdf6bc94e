import CEMDomain
import CEMStore
import TransparencyLog

/// An event as it is printed.
struct EventView: Sendable {
  let stored: StoredEvent
  /// `nil` where this program does not know the type.
  let event: RecordedEvent?
  /// Facts and private values in one.
  let data: JSON

  init(_ stored: StoredEvent) {
    self.stored = stored
    event = try? stored.recorded()
    var merged = (try? stored.data().merged) ?? .null
    if stored.isErased, var object = merged.object {
      object["erased"] = true
      merged = .object(object)
    }
    data = merged
  }

  /// The keys are the contract's; a terminal's columns are for reading.
  static let allFields: [Field<EventView>] = [
    Field("position", title: "POS", numeric: true) { .integer($0.stored.position) },
    Field("eventId") { .text($0.stored.eventID.text) },
    Field("stream") { .text($0.stored.stream) },
    Field("version", numeric: true) { Datum($0.stored.version) },
    Field("type") { .text($0.stored.type) },
    Field("schemaVersion", numeric: true) { Datum($0.stored.schemaVersion) },
    Field("departments") { view in
      .list(view.stored.departments.split(separator: ",").map { .text(String($0)) })
    },
    Field("actor") { .text($0.stored.actor) },
    Field("onBehalfOf") { Datum($0.event?.onBehalfOf) },
    Field("commandId") { .text($0.stored.commandID.text) },
    Field("correlationId") { Datum($0.stored.correlationID?.text) },
    Field("causationId") { Datum($0.stored.causationID?.text) },
    Field("occurredOn") { .day($0.stored.occurredOn) },
    Field("recordedAt") { .time($0.stored.recordedAt) },
    Field("reason") { Datum($0.event?.reason) },
    Field("data") { Datum($0.data) },
    Field("leafHash") { .text($0.stored.leafHash.base64) },
  ]

  /// What a person wants to read of events on a terminal; a narrow one has room for less.
  static func tableFields(width: Int) -> [Field<EventView>] {
    let all: [(Field<EventView>, least: Int)] = [
      (Field("position", title: "POS", numeric: true) { .integer($0.stored.position) }, 0),
      (Field("when") { .time($0.stored.recordedAt) }, 0),
      (Field("occurredOn", title: "ON") { .day($0.stored.occurredOn) }, 110),
      (Field("who") { .text($0.who) }, 90),
      (Field("thing") { .text($0.thing) }, 0),
      (Field("what") { .text($0.words) }, 0),
      (Field("departments") { .text($0.stored.departments) }, 110),
    ]
    return all.filter { $0.least <= width }.map(\.0)
  }

  var who: String {
    event?.onBehalfOf.map { Words.say("%1 for %2", stored.actor, "\($0)") } ?? stored.actor
  }
  var thing: String { StreamID(stored.stream)?.reference ?? stored.stream }
  /// What happened and why, in a line.
  var words: String {
    (event?.event.words ?? stored.type) + (event?.reason.map { ": \($0)" } ?? "")
  }
}

extension OutputStyle {
  /// Whether a person reads the output as a table or a picture.
  var isForPeople: Bool { format == .table || (format == nil && width != nil) }

  /// The fields of events in this style.
  var eventFields: [Field<EventView>] {
    isForPeople && fields.isEmpty
      ? EventView.tableFields(width: width ?? .max) : EventView.allFields
  }
}
