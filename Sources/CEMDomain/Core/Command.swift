/// A command: what a person wants done, with its decision.
///
/// Its fields are what the command line and an import file call them, in camel case.
package protocol Command: Codable, Hashable, Sendable {
  /// The stable name, `noun.verb`.
  static var name: String { get }

  /// The changes that it leads to in a situation; none where there is nothing to do.
  func decide(in situation: Situation) throws(Rejection) -> [Change]
}

/// An event that is to be appended to a stream.
package struct Change: Hashable, Sendable {
  package var stream: StreamID
  package var event: Event
  /// All departments concerned.
  package var departments: [DepartmentCode]

  package init(_ stream: StreamID, _ event: Event, departments: [DepartmentCode] = []) {
    self.stream = stream
    self.event = event
    self.departments = departments
  }
}

/// A command with all that came with it.
package struct IssuedCommand: Sendable {
  package var command: any Command
  /// The business date as given; `nil` means today.
  package var on: Day?
  package var context: EventContext

  package init(_ command: any Command, on: Day? = nil, context: EventContext = EventContext()) {
    self.command = command
    self.on = on
    self.context = context
  }

  /// The canonical form: name, fields and context as given, before any default.
  package func canonical() throws -> JSONObject {
    var object = try Split(command).merged.object ?? JSONObject()
    object["command"] = .string(type(of: command).name)
    object["on"] = on.map { .string($0.description) }
    object["reason"] = context.reason?.value.map(JSON.string)
    object["onBehalfOf"] = context.onBehalfOf.map { .string($0.description) }
    object["external"] = context.external.map { .string($0.description) }
    return object
  }
}

extension IssuedCommand {
  /// The keys of an import row that belong to no command.
  private struct Envelope: Codable {
    var on: Day?
    var reason: Text?
    var onBehalfOf: PersonID?
    var external: ExternalID?
  }

  /// Reads a command from its fields, as an import row or the command line gives them.
  /// - Throws: `Rejection` of kind `input` that names the field: unknown, missing, or not of its form.
  package init(name: String, fields: JSONObject) throws(Rejection) {
    guard let type = Commands.byName[name] else {
      throw Rejection(
        .input, "command.unknown", "there is no command \(shown(name))",
        hint: Commands.nearest(to: name).map { "did you mean \($0)?" } ?? "cem help")
    }
    var own = fields
    for key in ["on", "reason", "onBehalfOf", "external"] { own[key] = nil }
    // A field that is null was not given.
    if !type.acceptsNull {
      own = JSONObject(sorted: own.members.filter { $0.value != .null })
    }
    do {
      let envelope: Envelope = try Split(facts: .object(fields)).decode(from: .given)
      let decoder = FieldDecoder(split: Split(facts: .object(own)), origin: .given)
      command = try type.init(from: decoder)
      on = envelope.on
      context = EventContext(
        reason: envelope.reason, onBehalfOf: envelope.onBehalfOf, external: envelope.external)
      if let unknown = decoder.firstUnknown() {
        throw FieldError(path: shown(unknown), "\(name) has no such field")
      }
    } catch let error as FieldError {
      throw .input(error)
    } catch let error as Rejection {
      throw error
    } catch {
      throw .input(FieldError("cannot be read"))
    }
  }
}

extension Command {
  /// Whether a null field means something (an amendment clears the field).
  static var acceptsNull: Bool { self is any AmendCommand.Type }
}

/// A command that corrects, voids or restores a thing of any kind.
protocol CorrectionCommand: Command {
  /// The thing's stream.
  var subject: StreamID { get }
}

/// A command that corrects fields.
protocol AmendCommand: CorrectionCommand {}
