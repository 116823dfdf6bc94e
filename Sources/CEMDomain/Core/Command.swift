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
  /// What came with it, where that is not what came with the command: it was asked for before.
  package var context: EventContext?
  /// The request that was approved for it.
  package var request: RequestRef?
  /// The business date, where that is not the command's.
  package var on: Day?

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
  /// Whether it may be dated in a closed period (domain §8).
  package var restates: Bool

  package init(
    _ command: any Command, on: Day? = nil, context: EventContext = EventContext(),
    restates: Bool = false
  ) {
    self.command = command
    self.on = on
    self.context = context
    self.restates = restates
  }

  /// The canonical form: name, fields and context as given, before any default.
  package func canonical() throws -> JSONObject {
    try canonical(of: Split.merged(command))
  }

  /// The canonical text with the streams that the command names, from one encoding.
  package func encoded() throws -> (canonicalText: String, references: [StreamID]) {
    let (fields, named) = try FieldEncoder.encodeWithReferences(command)
    let text = JSON.object(try canonical(of: fields)).canonicalText
    return (text, references(named: named))
  }

  private func canonical(of fields: JSON) throws -> JSONObject {
    var object = fields.object ?? JSONObject()
    object["command"] = .string(type(of: command).name)
    object["on"] = on.map { .string($0.description) }
    object["reason"] = context.reason?.value.map(JSON.string)
    object["onBehalfOf"] = context.onBehalfOf.map { .string($0.description) }
    object["external"] = context.external.map { .string($0.description) }
    object["restate"] = restates ? true : nil
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
    var restate: Bool?
    /// Whether the command is asked for rather than carried out.
    var request: Bool?

    static let keys: Set<String> = ["on", "reason", "onBehalfOf", "external", "restate"]
    /// What only commands can say that are not about requests themselves, whose fields name one by it.
    static let requestKey = "request"
  }

  /// Reads a command from its fields, as an import row or the command line gives them.
  /// - Throws: `Rejection` of kind `input` that names the field: unknown, missing, or not of its form.
  package init(name: String, fields: JSONObject) throws(Rejection) {
    guard let type = Commands.byName[name] else {
      throw Rejection(
        .input, "command.unknown", "there is no command \(shown(name))",
        hint: name.nearest(in: Commands.all.map { $0.name }).map { "did you mean \($0)?" }
          ?? "cem help")
    }
    let isAboutRequests = name.hasPrefix("\(EntityKind.request.rawValue).")
    var own: [JSONObject.Member] = []
    var common: [JSONObject.Member] = []
    own.reserveCapacity(fields.members.count)
    for member in fields.members {
      if Envelope.keys.contains(member.key)
        || (!isAboutRequests && member.key == Envelope.requestKey)
      {
        common.append(member)
      } else {
        own.append(member)
      }
    }
    do {
      var envelope = Envelope()
      if !common.isEmpty {
        envelope = try Split(facts: .object(JSONObject(sorted: common))).decode(from: .given)
      }
      let read = try Commands.read(type, JSONObject(sorted: own))
      on = envelope.on
      context = EventContext(
        reason: envelope.reason, onBehalfOf: envelope.onBehalfOf, external: envelope.external)
      restates = envelope.restate ?? false
      command = read
      if envelope.request == true { try beRequested() }
    } catch let error as FieldError {
      throw .input(error)
    } catch let error as Rejection {
      throw error
    } catch {
      throw .input(FieldError("cannot be read"))
    }
  }
}

extension IssuedCommand {
  /// Asks for the command in place of carrying it out. Only what is asked for is dated in a closed period, not
  /// the request.
  private mutating func beRequested() throws {
    if restates, on == nil { throw FieldError(path: "on", "is missing: which day is restated?") }
    command = try MakeRequest(command, restates: restates ? on : nil)
    if restates { (on, restates) = (nil, false) }
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
