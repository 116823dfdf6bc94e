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

  /// What a person wants to read of events on a terminal.
  static let tableFields: [Field<EventView>] = [
    Field("position", title: "POS", numeric: true) { .integer($0.stored.position) },
    Field("when") { .time($0.stored.recordedAt) },
    Field("who") { view in
      .text(view.event?.onBehalfOf.map { "\(view.stored.actor) for \($0)" } ?? view.stored.actor)
    },
    Field("thing") { view in
      .text(StreamID(view.stored.stream)?.reference ?? view.stored.stream)
    },
    Field("what") { view in
      let reason = view.event?.reason.map { ": \($0)" } ?? ""
      return .text((view.event?.event.words ?? view.stored.type) + reason)
    },
    Field("departments") { view in .text(view.stored.departments) },
    Field("occurredOn", title: "ON") { .day($0.stored.occurredOn) },
  ]
}

extension OutputStyle {
  /// Whether a person reads the output as a table or a picture.
  var isForPeople: Bool { format == .table || (format == nil && width != nil) }
}
