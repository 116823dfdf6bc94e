/// What somebody wrote beside a thing, with labels to find it by.
package struct Note: EntityState {
  package static let kind = EntityKind.note

  package var details: NoteDetails

  package init(details: NoteDetails) { self.details = details }

  package var departments: [DepartmentCode] { details.departments }
}

/// The recorded fields of a note.
package struct NoteDetails: EntityDetails {
  /// The thing's stream.
  package var about: StreamID
  /// Those that the thing concerned when the note was written.
  package var departments: [DepartmentCode]
  package var text: Text
  package var labels: [Tag]?
  /// Where more is written about it.
  package var link: Text?

  package static let settled: Set = ["about", "departments"]

  package func validate() throws(FieldError) {
    var seen: Set<Tag> = []
    if let label = labels?.first(where: { !seen.insert($0).inserted }) {
      throw FieldError(path: "labels", "names \(label) twice")
    }
    do {
      if let link { try validateLink(link) }
    } catch {
      throw FieldError(path: "link", error.message)
    }
  }
}

/// What can happen to a note, beside corrections.
package enum NoteEvent: StoredEvents {
  case added(NoteDetails)

  package static let forms: [StoredForm<NoteEvent>] = [
    StoredForm("note.added", 1, command: "note.add") { .added($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .added(let payload): ("note.added", 1, payload)
    }
  }
}

/// Writes a note beside a thing of any kind.
package struct AddNote: Command {
  package static let name = "note.add"
  package var about: StreamID
  package var text: Text
  package var labels: [Tag]?
  package var link: Text?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let record = try situation.require(about, retired: true)
    let details = NoteDetails(
      about: about, departments: record.entity.state.departments, text: text,
      labels: labels?.isEmpty == true ? nil : labels, link: link)
    do { try details.validate() } catch { throw .input(error) }
    return [
      Change(
        try situation.next(.note), .note(.added(details)), departments: details.departments)
    ]
  }
}
