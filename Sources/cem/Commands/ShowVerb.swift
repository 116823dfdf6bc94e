import ArgumentParser
import CEMDomain
import CEMStore

/// The verb `show` of a noun, which `cem show` calls for what is that noun's.
protocol ShowingVerb: AsyncParsableCommand {
  var read: ReadOptions { get set }
  var options: GlobalOptions { get set }
}

/// A noun whose things are shown by the fields that its lists have.
protocol ShownNoun: ListedNoun {
  /// The help of `show`.
  static var showHelp: (abstract: String, discussion: String) { get }
}

extension ShownNoun {
  static var showHelp: (abstract: String, discussion: String) {
    ("Show one.", examples("cem \(kind.rawValue) show \(example)"))
  }
}

/// `cem NOUN show REF`: its fields, and on a terminal its last events.
struct ShowVerb<Noun: ShownNoun>: ShowingVerb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "show", abstract: Noun.showHelp.abstract, discussion: Noun.showHelp.discussion)
  }

  @Argument(help: "Its reference.", completion: Completion.references(Noun.kind))
  var ref: String
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let stream: StreamID
    do { stream = try StreamID(reference: ref, kind: Noun.kind) } catch {
      throw FieldError(path: Noun.kind.rawValue, error.message)
    }
    let session = try await Session.open(options)
    let (record, day, recent) = try session.read(read) { reading in
      (
        try reading.reader.record(stream), reading.day,
        try session.recentEvents(of: stream, upTo: reading.point.position)
      )
    }
    try options.show(record, Noun.fields(on: day), recent: recent)
  }
}
