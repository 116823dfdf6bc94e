import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// What the shell offers for a word that comes from the database. On any error it offers nothing, and
/// it starts no server.
enum Completion {
  static let programs = CompletionKind.custom { words, _, _ in
    offer(
      words,
      ofAny: { connection, _ in
        try connection.query("SELECT slug FROM cem.program ORDER BY slug").decode(String.self)
      })
  }
  /// How many things of a kind are offered at most.
  static let most = 500

  /// The departments to which work can go.
  static let departments = references(.department) { $0.department?.retirement == nil }
  static let people = references(.person)

  /// The departments; behind one of them, or behind `--all`, the actions that can be completed or opened again.
  static let departmentsAndActions = CompletionKind.custom { words, place, _ in
    offer(words) { connection, program in
      let before = place > 0 ? words.prefix(place) : words[...]
      let all = Catalog.levels.flatMap(\.actions).map(\.id)
      if before.contains("--all") { return all.map(\.description) }
      let reader = try LiveReader(connection, programID: program)
      let departments = try reader.records(streams(of: [.department], in: program, connection))
        .values.filter { $0.department?.retirement == nil }.map(\.stream.code)
      guard let code = departments.first(where: before.contains) else {
        return departments.sorted()
      }
      let stream = StreamID(.maturity, code: code)
      let state = try reader.records([stream])[stream]?.maturity
      let isReopened = before.contains("reopen")
      let fitting = all.filter { action in
        isReopened == (state?.actions.first { $0.action == action }?.evidence != nil)
      }
      // What the level asks for, as long as there is any of that.
      let asked = fitting.filter { $0.level == state?.standing?.level }
      return (asked.isEmpty || isReopened ? fitting : asked).map(\.description)
    }
  }

  /// The words of a closed list.
  static func terms<T: Term>(_: T.Type) -> CompletionKind {
    .list(T.allCases.map(\.rawValue))
  }

  /// The levels by number.
  static let levels = CompletionKind.list((0...Catalog.highestLevel).map(String.init))
  /// The commands of imports.
  static let commands = CompletionKind.list(Commands.all.map { $0.name })
  /// The types of events, and what stands for all of a kind.
  static let eventTypes = CompletionKind.list(
    Set(Event.presentVersions.keys.map { $0.prefix { $0 != "." } + ".*" }).sorted()
      + Event.presentVersions.keys.sorted())

  /// What a list can be narrowed to by `--state`.
  static let states = ofNoun { $0.states + ["voided"] }
  /// What a list can be sorted by.
  static let sortFields = ofNoun { $0.fields(on: Day.nameable.lowerBound).map(\.key) }

  private static func ofNoun(
    _ words: @escaping @Sendable (any ListedNoun.Type) -> [String]
  ) -> CompletionKind {
    .custom { given, _, _ in
      given.lazy.compactMap { CommandTree.subcommand($0, of: CEM.self) }.first
        .flatMap { $0 as? any ListedNoun.Type }.map(words) ?? []
    }
  }

  /// The codes or references of the latest things of a kind that were voided, or were not.
  /// - Parameter fits: whether a verb concerns a thing; what it would refuse is not offered.
  static func references(
    _ kind: EntityKind, voided: Bool = false,
    where fits: (@Sendable (EntityRecord) -> Bool)? = nil
  ) -> CompletionKind {
    .custom { words, _, _ in
      offer(words) { connection, program in
        let streams = try streams(of: [kind], voided: voided, in: program, connection)
        guard let fits else { return streams.map(\.reference) }
        let records = try LiveReader(connection, programID: program).records(streams)
        return streams.filter { records[$0].map(fits) ?? false }.map(\.reference)
      }
    }
  }

  /// The codes and references of all things that `cem show` shows, the latest of each kind.
  static let things = CompletionKind.custom { words, _, _ in
    offer(words) { try streams(of: ShowCommand.kinds, in: $1, $0).map(\.reference) }
  }

  private static func streams(
    of kinds: [EntityKind], voided: Bool = false, in program: UUID, _ connection: Connection
  ) throws -> [StreamID] {
    try connection.query(
      """
      SELECT kind, number, code FROM unnest(\(kinds.map(\.rawValue))::text[]) AS k, LATERAL ( \
      SELECT kind, number, code FROM \(EntityTable.table.relation) \
      WHERE program_id = \(program) AND kind = k AND voided = \(voided) \
      ORDER BY number DESC, code LIMIT \(most)) e
      """
    ).decode((String, Int, String).self).compactMap { kind, number, code in
      EntityKind(rawValue: kind).map { kind in
        number == 0 ? StreamID(kind, code: code) : StreamID(kind, number: number)
      }
    }
  }

  private static func offer(
    _ words: [String], _ query: (Connection, UUID) throws -> [String]
  ) -> [String] {
    offer(
      words,
      ofAny: { connection, slug in
        try query(connection, ProgramDirectory(connection).resolve(slug: slug).id)
      })
  }

  private static func offer(
    _ words: [String], ofAny query: (Connection, String?) throws -> [String]
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
