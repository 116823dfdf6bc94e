package import CEMDomain
import FoundationEssentials

/// A command as a row of an import gives it.
package struct ImportRow: Sendable {
  /// Where the row begins, from 1.
  package var line: Int
  package var command: String
  /// What the source calls the row; with the content it makes the command's id.
  package var key: String?
  /// What later rows call the thing that the row is about: `@g1`.
  package var name: String?
  /// The command's fields with what came with it, as given.
  package var fields: JSONObject
  /// What an undo takes back, where the row says it otherwise than by its position in another log.
  let undone: UndoneEvent?

  /// Reads a line of NDJSON.
  /// - Throws: `Rejection` of kind `input`.
  package init(line: Int, json text: String) throws(Rejection) {
    let json: JSON
    do { json = try JSON(parsing: text) } catch {
      throw Rejection(.input, "import.not-json", "the line is not JSON: \(error)")
    }
    guard let object = json.object else {
      throw Rejection(.input, "import.not-an-object", "the line must be a JSON object")
    }
    try self.init(line: line, json: object)
  }

  /// Reads a row from its fields, `command`, `key` and `ref` among them.
  /// - Throws: `Rejection` of kind `input`.
  init(line: Int, json object: JSONObject) throws(Rejection) {
    var fields = object
    guard let command = fields["command"]?.string else {
      throw .input(FieldError(path: "command", "is missing"))
    }
    self.line = line
    self.command = command
    key = try ImportRow.text(fields["key"], "key")
    name = try ImportRow.text(fields["ref"], "ref")
    if let name, !name.hasPrefix("@") || name.utf8.count < 2 {
      throw .input(FieldError(path: "ref", "must begin with @, like @g1, not \(name)"))
    }
    for envelope in ["command", "key", "ref"] { fields[envelope] = nil }
    if command == Undo.name {
      undone = try UndoneEvent(takenFrom: &fields)
    } else if command == MakeRequest.name, fields["of"]?.string == Undo.name,
      var given = fields["given"]?.object
    {
      undone = try UndoneEvent(takenFrom: &given)
      fields["given"] = .object(given)
    } else {
      undone = nil
    }
    self.fields = fields
  }

  private static func text(_ value: JSON?, _ name: String) throws(Rejection) -> String? {
    switch value {
    case nil, .null: return nil
    case .string(let text): return text
    case .int(let number): return String(number)
    case .bool, .array, .object: throw .input(FieldError(path: name, "must be a text"))
    }
  }

  /// What the row says, apart from its names: the same for the same content, in whatever order.
  var content: String {
    var object = fields
    object["command"] = .string(command)
    return JSON.object(object).canonicalText
  }

  /// The id of the row's command: it follows from program, source, key and content.
  /// - Parameter occurrence: how often a row without a key had this content before.
  func commandID(
    _ content: String, program: String, source: String, occurrence: Int
  ) -> UUID {
    let name = key.map { "key \($0)" } ?? "number \(occurrence)"
    return UUID(derivedFrom: "cem-import/1\n\(program)\n\(source)\n\(name)\n\(content)\n")
  }

  /// Whether a field holds what another row is called.
  var namesRows: Bool {
    fields.members.contains { member in
      !isProse(member.key) && ImportRow.isName(member.value)
    }
  }

  private static func isName(_ value: JSON) -> Bool {
    switch value {
    case .string(let text): text.utf8.first == UInt8(ascii: "@")
    case .array(let items): items.contains(where: isName)
    case .null, .bool, .int, .object: false
    }
  }

  /// The fields with the references that earlier rows' names stand for.
  ///
  /// A text is a name where it is `@` and a name alone; `known` holds what names mean so far.
  /// - Throws: `Rejection` for an unknown name.
  func resolvedFields(_ known: [String: String]) throws(Rejection) -> JSONObject {
    guard namesRows else { return fields }
    var resolved = fields
    for member in fields.members {
      // Words for people may begin with an @ of their own.
      guard !isProse(member.key) else { continue }
      resolved[member.key] = try ImportRow.resolved(member.value, known, path: member.key)
    }
    return resolved
  }

  /// A refusal with the name of the field that it is about, where the fields tell: the one that names the
  /// thing that is not there, was voided, or is in the way.
  func naming(_ rejection: Rejection) -> Rejection {
    guard rejection.details["field"] == nil,
      let reference = rejection.details["reference"]?.string,
      let field = fields.members.first(where: { member in
        !isProse(member.key) && ImportRow.names(member.value, reference, in: member.key)
      })?.key
    else { return rejection }
    var details = rejection.details
    details["field"] = .string(field)
    return Rejection(
      rejection.kind, rejection.code, "\(field): \(rejection.message)", hint: rejection.hint,
      details: details)
  }

  /// Whether a value is a reference, or the number in it where the field is called as things of that kind
  /// are: elsewhere a number is a link, a severity or a thing of another kind.
  private static func names(_ value: JSON, _ reference: String, in field: String) -> Bool {
    let isOfKind = StreamID(reference).map { field.hasPrefix($0.kind.rawValue) } ?? false
    switch value {
    case .string(let text):
      return text == reference || isOfKind && reference.hasSuffix("-\(text)")
    case .int(let number): return isOfKind && reference.hasSuffix("-\(number)")
    case .array(let items): return items.contains { names($0, reference, in: field) }
    case .null, .bool, .object: return false
    }
  }

  /// Whether a field holds words for people. A command on a note names the note in a field that is words
  /// elsewhere.
  private func isProse(_ field: String) -> Bool { ImportRow.isProse(field, of: command) }

  private static func isProse(_ field: String, of command: String) -> Bool {
    proseFields.contains(field) && !command.hasPrefix(field + ".")
  }

  /// What a cell of a table says of a field. Blanks around a code, a number, a date or a term are not meant, and
  /// nobody sees them; a text stays byte for byte as it is.
  static func cell(_ value: String, of field: String, in command: String) -> String {
    if isProse(field, of: command) || otherTexts.contains(field) { return value }
    let trimmed = value.trimmed
    // A reference, or a text that becomes evidence.
    return field == "evidence" && StreamID(trimmed)?.kind != .evidence ? value : trimmed
  }

  /// The texts that are no words for people, and what the source calls its rows.
  private static let otherTexts: Set<String> = [
    "key", "author", "login", "url", "file", "names", "sense", "feel", "think", "act", "relate",
  ]

  private static let proseFields: Set<String> = [
    "title", "name", "text", "note", "reason", "rationale", "resolution", "unmetReason", "promise",
    "source", "waivePlatform", "waivePilot", "scope", "metric", "unit", "metricUnit",
    "description", "expectation", "firstExperience", "rules", "flexibility", "finding", "findings",
    "plan", "question",
    "theme", "hook", "positiveCues", "negativeCues", "mementos",
  ]

  private static func resolved(
    _ value: JSON, _ known: [String: String], path: String
  ) throws(Rejection) -> JSON {
    switch value {
    case .string(let text) where text.hasPrefix("@"):
      if let reference = known[text] { return .string(reference) }
      // A breach is named by its standard's name and a period: @s1/2026.
      if let slash = text.lastIndex(of: "/"), let reference = known[String(text[..<slash])] {
        return .string(reference + text[slash...])
      }
      throw Rejection(
        .input, "import.unknown-ref", "\(path): no earlier row has the ref \(text)",
        details: ["field": .string(path), "ref": .string(text)])
    case .array(let items):
      var resolvedItems: [JSON] = []
      for item in items { resolvedItems.append(try resolved(item, known, path: path)) }
      return .array(resolvedItems)
    case .null, .bool, .int, .string, .object: return value
    }
  }
}
