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

  package init(
    position: Int64, stream: StreamID, version: Int, event: Event, departments: [DepartmentCode],
    occurredOn: Day, reason: Text? = nil, onBehalfOf: PersonID? = nil, external: ExternalID? = nil
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
  }
}

/// The part of an event's data that every type has: what the command said beside its own fields.
///
/// `external` is a fact; the reason and on whose behalf are private, like every word a person wrote.
package struct EventContext: Hashable, Sendable {
  package var reason: Text?
  package var onBehalfOf: PersonID?
  package var external: ExternalID?

  package init(reason: Text? = nil, onBehalfOf: PersonID? = nil, external: ExternalID? = nil) {
    self.reason = reason
    self.onBehalfOf = onBehalfOf
    self.external = external
  }

  /// The keys that it takes in an event's data; no payload may use them.
  package static let keys = ["external", "onBehalfOf", "reason"]

  /// Reads it from an event's data. What was erased is absent.
  package init(stored split: Split) {
    let facts = split.facts?.object
    let personal = split.personal?.object
    external = facts?["external"]?.string.flatMap { try? ExternalID(scalar: $0) }
    reason = personal?["reason"]?.string.flatMap { text in try? Text(text) }
    onBehalfOf = personal?["onBehalfOf"]?.string.flatMap { try? PersonID(scalar: $0) }
  }

  /// Adds it to the data of a payload.
  package func add(to split: inout Split) {
    if let external {
      var facts = split.facts?.object ?? JSONObject()
      facts["external"] = .string(external.description)
      split.facts = .object(facts)
    }
    guard reason != nil || onBehalfOf != nil else { return }
    var personal = split.personal?.object ?? JSONObject()
    if let reason = reason?.value { personal["reason"] = .string(reason) }
    if let onBehalfOf { personal["onBehalfOf"] = .string(onBehalfOf.description) }
    split.personal = .object(personal)
  }
}
