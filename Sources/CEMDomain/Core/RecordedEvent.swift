/// An event as the log holds it, decoded.
package struct RecordedEvent: Hashable, Sendable {
  /// Its place in the program's log, from 1 without gaps.
  package var position: Int64
  package var stream: StreamID
  /// Its place in its stream, from 1 without gaps.
  package var version: Int
  package var event: Event
  /// All departments concerned; both of them on a move.
  package var departments: [DepartmentCode]
  /// The business date.
  package var occurredOn: Day
  /// Why; `nil` where none was given or it was erased.
  package var reason: Text?
  /// For whom the login acted.
  package var onBehalfOf: PersonID?
  /// The id that another system gave the thing that this event created.
  package var external: ExternalID?
  /// The request that was approved for it; `nil` where it was recorded without one.
  package var request: RequestRef?
  /// The database login that recorded it.
  package var actor: String

  package init(
    position: Int64, stream: StreamID, version: Int, event: Event, departments: [DepartmentCode],
    occurredOn: Day, reason: Text? = nil, onBehalfOf: PersonID? = nil, external: ExternalID? = nil,
    request: RequestRef? = nil, actor: String = ""
  ) {
    self.position = position
    self.stream = stream
    self.version = version
    self.event = event
    self.departments = departments
    self.occurredOn = occurredOn
    self.reason = reason
    self.onBehalfOf = onBehalfOf
    self.external = external
    self.request = request
    self.actor = actor
  }
}

/// The part of an event's data that every type has: what the command said beside its own fields.
///
/// `external` and `approval` are facts; the reason and on whose behalf are private, like every word a person wrote.
package struct EventContext: Hashable, Sendable {
  package var reason: Text?
  package var onBehalfOf: PersonID?
  package var external: ExternalID?
  /// The request that was approved for the event; no command says it.
  package var request: RequestRef?

  package init(
    reason: Text? = nil, onBehalfOf: PersonID? = nil, external: ExternalID? = nil,
    request: RequestRef? = nil
  ) {
    self.reason = reason
    self.onBehalfOf = onBehalfOf
    self.external = external
    self.request = request
  }

  /// The keys that it takes in an event's data; no payload may use them.
  package static let keys = ["approval", "external", "onBehalfOf", "reason"]

  /// Reads it from an event's data. What was erased is absent.
  package init(stored split: Split) {
    let facts = split.facts?.object
    let personal = split.personal?.object
    external = facts?["external"]?.string.flatMap { try? ExternalID(scalar: $0) }
    request = facts?["approval"]?.string.flatMap { try? RequestRef(scalar: $0) }
    reason = personal?["reason"]?.string.map { Text(stored: $0) }
    onBehalfOf = personal?["onBehalfOf"]?.string.flatMap { try? PersonID(scalar: $0) }
  }

  /// Adds it to the data of a payload.
  package func add(to split: inout Split) {
    if external != nil || request != nil {
      var facts = split.facts?.object ?? JSONObject()
      if let external { facts["external"] = .string(external.description) }
      if let request { facts["approval"] = .string(request.description) }
      split.facts = .object(facts)
    }
    guard reason != nil || onBehalfOf != nil else { return }
    var personal = split.personal?.object ?? JSONObject()
    if let reason = reason?.value { personal["reason"] = .string(reason) }
    if let onBehalfOf { personal["onBehalfOf"] = .string(onBehalfOf.description) }
    split.personal = .object(personal)
  }
}
