import CEMDomain

/// The event that a row's undo takes back, by its place in its stream.
///
/// From one log to another positions shift: rows were refused, or came in another order. An undo takes back the last
/// event of a stream, and where that has the same version and type, the stream came about in the same way.
struct UndoneEvent: Sendable {
  var stream: StreamID
  var version: Int
  var type: String?

  /// Takes it out of the fields of an undo; `nil` where they name a position alone.
  /// - Throws: `Rejection` of kind `input`.
  init?(takenFrom fields: inout JSONObject) throws(Rejection) {
    guard let text = fields["event"]?.string else { return nil }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let stream = StreamID(String(parts[0])), let version = Int(parts[1])
    else {
      throw .input(
        FieldError(path: "event", "must be a stream and a version like gap/2@3, not \(text)"))
    }
    self.stream = stream
    self.version = version
    type = fields["type"]?.string
    fields["event"] = nil
    fields["type"] = nil
  }

  init(stream: StreamID, version: Int, type: String) {
    self.stream = stream
    self.version = version
    self.type = type
  }

  /// Adds it to the fields of an undo.
  func add(to fields: inout JSONObject) {
    fields["event"] = .string(description)
    fields["type"] = type.map(JSON.string)
  }

  private var description: String { "\(stream)@\(version)" }

  /// The command that takes it back in another log.
  /// - Throws: `Rejection` where that stream stands otherwise there.
  func undo(in open: OpenBatch) throws -> Undo {
    guard let record = try open.record(stream), record.version == version,
      let event = try open.event(at: record.position), type ?? event.event.type == event.event.type
    else {
      throw Rejection(
        "import.undone-missing",
        "\(type ?? "the event") at \(description) is not the last event of \(stream.reference) here",
        hint: "import what led to it first; what came of it: cem history --stream \(stream)",
        details: ["stream": .string(stream.description), "version": .int(Int64(version))])
    }
    return Undo(position: record.position)
  }
}
