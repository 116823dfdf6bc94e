package import CEMDomain
import FoundationEssentials

/// The events whose private data goes together, so that nothing of it is left elsewhere in the log.
///
/// A command's events belong together: they share its reason and on whose behalf it was, and its
/// digest covers all its words. Beyond that, a value is repeated
/// - in the same streams, by an amendment that holds it as old or new, or by an undo;
/// - of a person: by all events of the person's own stream, by those recorded on the person's behalf,
///   and by any text in which one of the person's names stands.
package struct ErasurePlan: Sendable {
  /// What is to be erased.
  package enum Target: Hashable, Sendable {
    case event(Int64)
    case person(PersonID)
  }

  /// Why an event is in the plan.
  package enum Cause: String, Sendable {
    /// It was named.
    case asked
    /// It comes from the same command as another one.
    case command
    /// It repeats a text of one that was named.
    case repeated
    /// It is about the person.
    case person
    /// It was recorded on the person's behalf.
    case onBehalf = "on-behalf"
    /// A text names the person.
    case mentioned
  }

  /// An event of the plan.
  package struct Item: Sendable {
    package var event: StoredEvent
    package var cause: Cause
  }

  package let target: Target
  /// The last position when it was made; it knows of nothing that came later.
  let madeAt: Int64
  /// By position; only those that still hold something.
  package private(set) var items: [Item]
  /// The positions of all that it found, with those that are left out.
  private let found: Set<Int64>
  /// The positions that were erased before.
  package let erasedBefore: [Int64]

  init(target: Target, madeAt: Int64, found: [Int64: Item]) {
    self.target = target
    self.madeAt = madeAt
    let sorted = found.values.sorted { $0.event.position < $1.event.position }
    // A digest alone gives nothing away where the command had no word of a person in it.
    let telling = Set(sorted.map(\.event).filter(\.holdsWords).map(\.commandID))
    items = sorted.filter {
      telling.contains($0.event.commandID) && $0.event.personal != nil
    }
    self.found = Set(items.map(\.event.position))
    erasedBefore = sorted.map(\.event).filter(\.isErased).map(\.position)
  }

  /// Leaves out the events at these positions, with those of the same commands.
  package mutating func keep(_ positions: Set<Int64>) {
    let commands = Set(
      items.map(\.event).filter { positions.contains($0.position) }.map(\.commandID))
    items.removeAll { commands.contains($0.event.commandID) }
  }

  /// Refuses to carry it out where a plan that is made later finds more.
  /// - Throws: `Rejection`.
  func requireAll(of later: ErasurePlan) throws(Rejection) {
    let missing = later.items.map(\.event.position).filter { !found.contains($0) }
    guard let first = missing.first else { return }
    throw Rejection(
      .conflict, "erasure.outgrown",
      "position \(first) repeats it, and was recorded after this was listed: nothing was erased",
      hint: "the same again, after a look at --dry-run", details: ["position": .int(first)])
  }

  /// The commands that carry it out.
  package var commands: [EraseData] {
    var person: PersonID?
    if case .person(let id) = target { person = id }
    let positions = items.map(\.event.position)
    return stride(from: 0, to: positions.count, by: EraseData.mostPositions).map { start in
      let end = min(start + EraseData.mostPositions, positions.count)
      return EraseData(positions: Array(positions[start..<end]), person: person)
    }
  }
}

extension StoredEvent {
  /// The texts in the private data, each with the key of the field that it is in, at any depth.
  func privateTexts() throws -> [(key: String, text: String)] {
    guard let personal else { return [] }
    var texts: [(key: String, text: String)] = []
    func add(_ value: JSON, under key: String) {
      switch value {
      case .string(let text): texts.append((key, text))
      case .array(let items): for item in items { add(item, under: key) }
      case .object(let object):
        for member in object.members { add(member.value, under: member.key) }
      case .null, .bool, .int: break
      }
    }
    do {
      add(try JSON(parsing: personal), under: "")
    } catch {
      throw StoreError.unreadable(position: position, "\(error)")
    }
    return texts
  }
}
