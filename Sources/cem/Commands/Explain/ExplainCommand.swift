import ArgumentParser
import CEMDomain
import CEMStore

/// `cem explain`: what a figure means and where it comes from.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain a figure: its definition and its events.",
    discussion: examples(
      "cem explain", "cem explain openGaps retail", "cem explain level retail --as-of 2026-06-30",
      "cem explain gapsByLink.training-execution", "cem explain medianLevel --json",
      about:
        "Without a figure it lists them: all that 'cem status' shows, by their names in 'cem status --json'. Without a department a department's figure is explained for each; of most of the program's a department has its part, which is explained where it is named. The events named, folded alone, must give the figure; where they do not, the exit code is 1."
    ))

  @Argument(help: "The figure.", completion: .list(Figures.all.map(\.id))) var figure: String?
  @Argument(help: "The department.", completion: Completion.departments) var department: String?
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    guard let figure else {
      return try list()
    }
    guard let found = Figures.find(figure) else {
      throw CommandError(
        "figure.unknown", "there is no figure \(figure)",
        hint: Figures.nearest(to: figure).map { "did you mean \($0)?" } ?? "cem explain",
        exit: .notFound)
    }
    guard found.isOfDepartment || found.hasParts || department == nil else {
      throw CommandError.usage(
        "\(found.id) is a figure of the program, not of a department",
        hint: "cem explain \(found.id)")
    }
    let only = try department.map { try DepartmentCode(scalar: $0) }
    let session = try await Session.open(options)
    let explanations = try session.read(read) { reading in
      try Explainer(
        reading.reader, session.connection, programID: session.program.id, on: reading.day,
        through: reading.through, restated: reading.restated
      ).explain(found, of: only)
    }
    try show(explanations, isOne: only != nil || !found.isOfDepartment)
    if let wrong = explanations.first(where: { !$0.isReproduced }) {
      throw CommandError.answerIsNo(
        "the events of \(found.id)\(wrong.department.map { " of \($0)" } ?? "") give "
          + "\(FieldChange.words(wrong.folded)), not \(FieldChange.words(wrong.value))",
        hint: "cem projection verify")
    }
  }

  private func list() throws {
    let style = options.style
    guard style.isForPeople, style.fields.isEmpty else {
      return try options.show(Listing(Figures.all, ExplainCommand.catalogFields))
    }
    try Console.standard.paged {
      let width = style.width ?? 100
      let paint = Paint(isOn: style.usesColor)
      for (index, kind) in Figure.kinds.enumerated() {
        let title = Words.say(kind.title)
        try Console.standard.write((index == 0 ? "" : "\n") + paint.bold(title) + "\n")
        for figure in Figures.all where kind.holds(figure) {
          let name = ([figure.id] + figure.aliases).joined(separator: ", ")
          let lines = Words.say(figure.definition).wrapped(to: width - 4).map { "    \($0)\n" }
          try Console.standard.write("  \(name)\n" + lines.joined())
        }
      }
    }
  }

  private func show(_ explanations: [Explanation], isOne: Bool) throws {
    let style = options.style
    guard style.isForPeople, style.fields.isEmpty else {
      let listing = Listing(explanations, Explanation.fields)
      return try Console.standard.write(
        isOne ? listing.singleText(style) : listing.text(style))
    }
    try Console.standard.paged {
      let width = style.width ?? 100
      let paint = Paint(isOn: style.usesColor)
      if let figure = explanations.first?.figure {
        let text = Words.say(figure.definition).wrapped(to: width).joined(separator: "\n")
        try Console.standard.write(paint.bold(figure.id) + "\n" + text + "\n")
      }
      if explanations.isEmpty { try Console.standard.write(Words.say("no departments yet") + "\n") }
      for explanation in explanations {
        let subject = explanation.department.map { "\($0): " } ?? ""
        let value = FieldChange.words(explanation.value, of: explanation.figure.id)
        let lines = (subject + value).wrapped(to: width).joined(separator: "\n")
        try Console.standard.write("\n" + paint.bold(lines) + "\n")
        for line in explanation.lines(width) { try Console.standard.write(line + "\n") }
      }
    }
  }

  private static let catalogFields: [Field<Figure>] = [
    Field("figure") { .text($0.id) },
    Field("of") { .text($0.isOfDepartment ? "department" : "program") },
    Field("definition") { .text($0.definition) },
    Field("aliases", inTable: false) { Datum($0.aliases) },
  ]
}

extension Explanation {
  static let fields: [Field<Explanation>] = [
    Field("figure") { .text($0.figure.id) },
    Field("department") { Datum($0.department) },
    Field("value") { $0.figure.datum($0.value) },
    Field("definition", inTable: false) { .text($0.figure.definition) },
    Field("positions") { .list($0.positions.map(Datum.integer)) },
    Field("reproduced", inTable: false) { .bool($0.isReproduced) },
    Field("events", inTable: false) { explanation in
      .list(
        explanation.events.map {
          Datum([
            "position": .integer($0.position), "stream": .text($0.stream), "type": .text($0.type),
            "occurredOn": .day($0.occurredOn),
          ])
        })
    },
  ]

  /// The events for a person.
  func lines(_ width: Int) -> [String] {
    guard !events.isEmpty else {
      return ["  " + Words.say("from no event: nothing of the kind was recorded")]
    }
    let views = events.map(EventView.init)
    let digits = events.map { "\($0.position)".count }.max() ?? 0
    let things = min(24, views.map(\.thing.displayWidth).max() ?? 0)
    return zip(events, views).map { stored, view in
      let position = "\(stored.position)"
      let blanks = String(repeating: " ", count: digits - position.count)
      return
        "  \(blanks)\(position)  \(stored.occurredOn)  \(view.thing.padded(things))  \(view.words)"
        .printable().fitted(to: width)
    }
  }
}

extension Figure {
  /// Whose figures there are, as the list of them has it.
  fileprivate static var kinds: [(title: String, holds: (Figure) -> Bool)] {
    [
      ("Of each department", \.isOfDepartment),
      ("Of the program", { !$0.isOfDepartment && !$0.hasParts }),
      ("Of the program, or of the department named", \.hasParts),
    ]
  }

  /// The figure's value with numbers as numbers, as lists show them.
  fileprivate func datum(_ value: JSON) -> Datum {
    switch value {
    case .object(let object):
      .object(
        object.members.map { member in
          let decimal = decimals.contains(member.key) ? member.value.string : nil
          return Datum.Member(
            key: member.key,
            value: decimal.flatMap(Total.init).map(Datum.decimal)
              ?? datum(member.value))
        })
    case .array(let items): .list(items.map(datum))
    case .null, .bool, .int, .string: Datum(value)
    }
  }
}
