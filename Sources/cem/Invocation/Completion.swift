import ArgumentParser
import CEMDomain
import CEMStore
import Postgres

/// What the shell offers for a word that comes from the database. On any error it offers nothing, and
/// it starts no server.
enum Completion {
  static let programs = CompletionKind.custom { words, _, _ in
    offer(words) { connection, _ in
      try connection.query("SELECT slug FROM cem.program ORDER BY slug").decode(String.self)
    }
  }
  static let departments = references(.department)
  static let people = references(.person)

  /// The departments, and the actions of the catalog.
  static let departmentsAndActions = CompletionKind.custom { words, _, _ in
    let actions = Catalog.levels.flatMap(\.actions).map(\.id.description)
    return offer(words) { try codes([.department], $0, $1) } + actions
  }

  /// The words of a closed list.
  static func terms<T: Term>(_: T.Type) -> CompletionKind {
    .list(T.allCases.map(\.rawValue))
  }

  /// The codes or references of all things of a kind that were voided, or were not.
  static func references(_ kind: EntityKind, voided: Bool = false) -> CompletionKind {
    .custom { words, _, _ in
      // Work goes to no department that is gone; the noun itself brings one back.
      let isAny = kind != .department || words.contains("department")
      return offer(words) { try codes([kind], voided: voided, isAny: isAny, $0, $1) }
    }
  }

  /// The codes and references of all things that `cem show` shows, the latest of each kind.
  static let things = CompletionKind.custom { words, _, _ in
    offer(words) { try codes(ShowCommand.kinds, isAny: true, $0, $1) }
  }

  private static func codes(
    _ kinds: [EntityKind], voided: Bool = false, isAny: Bool = false, _ connection: Connection,
    _ slug: String?
  ) throws -> [String] {
    let program = try ProgramDirectory(connection).resolve(slug: slug)
    let rows = try connection.query(
      """
      SELECT kind, number, code FROM unnest(\(kinds.map(\.rawValue))::text[]) AS k, LATERAL ( \
      SELECT kind, number, code FROM \(EntityTable.table.relation) \
      WHERE program_id = \(program.id) AND kind = k AND voided = \(voided) \
      AND (\(isAny) OR NOT jsonb_exists(state::jsonb, 'retirement')) \
      ORDER BY number DESC, code LIMIT 500) e
      """
    ).decode((String, Int, String).self)
    return rows.compactMap { kind, number, code in
      number == 0 ? code : EntityKind(rawValue: kind).map { StreamID($0, number: number).reference }
    }
  }

  private static func offer(
    _ words: [String], _ query: (Connection, String?) throws -> [String]
  ) -> [String] {
    do {
      let choice = try DatabaseChoice(Arguments.value(of: "--database", in: words))
      let conninfo: String
      switch choice.place {
      case .named(let named): conninfo = named
      case .own(let server):
        guard let endpoint = server.runningEndpoint() else { return [] }
        conninfo = endpoint.conninfo(user: LocalServer.workRole())
      }
      let connection = try Connection.open(
        conninfo, defaults: [("connect_timeout", "2")], settings: [("statement_timeout", "1s")])
      let slug =
        Arguments.value(of: "--program", in: words) ?? System.environment("CEM_PROGRAM")
        ?? choice.program
      // A name from the database must not become part of a shell's command line.
      return try query(connection, slug).filter { word in
        word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"'\"`$\\;&|<>()".utf8.contains($0) }
      }
    } catch {
      return []
    }
  }
}
