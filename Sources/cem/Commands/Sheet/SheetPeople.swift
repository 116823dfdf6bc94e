import CEMDomain
import CEMStore

/// People as a sheet names them: by their names, which those who fill it in know, or by their ids.
struct SheetPeople {
  /// The names of everybody who has one, by id.
  private var names: [String: String] = [:]
  /// The ids that a name stands for, whatever its capitals.
  private var ids: [String: [String]] = [:]

  init(_ reader: any ProgramReader) throws {
    for record in try reader.records(of: .person) where !record.isVoided {
      guard let person = record.person else { continue }
      let id = record.stream.code
      let name = person.details.name.value?.trimmed ?? ""
      names[id] = name
      ids[name.lowercased(), default: []].append(id)
    }
  }

  /// What a cell calls a person: the name where it is this person's alone, else the id.
  func label(_ id: String) -> String {
    guard let name = names[id], !name.isEmpty, ids[name.lowercased()]?.count == 1,
      names[name] == nil || name == id
    else { return id }
    return name
  }

  /// What a cell may have, in alphabetical order.
  var labels: [String] { names.keys.map(label).sorted() }

  /// Whom a cell names.
  enum Found: Equatable {
    case person(String)
    /// Nobody who is known is called so; it may be the id of somebody who came later.
    case stranger
    case several([String])
  }

  func find(_ text: String) -> Found {
    if names[text] != nil { return .person(text) }
    let found = ids[text.lowercased()] ?? []
    return found.count > 1 ? .several(found.sorted()) : found.first.map { .person($0) } ?? .stranger
  }
}
