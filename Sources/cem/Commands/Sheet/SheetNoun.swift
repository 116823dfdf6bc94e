import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials

/// `cem sheet`: a department's work in a spreadsheet, out and in again.
struct SheetNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet", abstract: "Give a department its work as a workbook, and take it back.",
    discussion: examples(
      "cem sheet out ssc.xlsx --department ssc",
      "cem sheet in ssc.xlsx --dry-run"),
    subcommands: [OutVerb.self, InVerb.self])

  struct OutVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "out", abstract: "Write a department's open work as a workbook to fill in.",
      discussion: examples(
        "cem sheet out retail.xlsx --department retail",
        "cem sheet out retail.xlsx --department retail --lang uk",
        about:
          "It has a sheet each for open gaps, initiatives, actions of the level, new gaps and new initiatives. What tells which thing a row is about is locked; the yellow cells are to fill in, terms from a list. A file that is there already is not replaced: somebody may have filled it in."
      ))

    @Argument(help: "The workbook to write.", completion: .file()) var file: String
    @Option(
      help: ArgumentHelp("Whose work.", valueName: "dept"), completion: Completion.departments)
    var department: String
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      guard Files.ending(of: file) == "xlsx" else {
        throw CommandError.usage(
          "a sheet is a workbook, which \(file) is not named as",
          hint: "the ending that is known: .xlsx")
      }
      guard !Files.exists(file) else {
        throw CommandError(
          "sheet.exists", "\(file) is there already", cause: "somebody may have filled it in",
          hint: "name another file, or take that one away", exit: .input)
      }
      let code = try DepartmentCode(given: department, field: "department")
      let session = try await Session.open(options)
      let writer = try session.readNow { reading in
        guard let report = try reading.reader.departments(only: code, on: reading.day).first else {
          throw Rejection.notFound(code.stream)
        }
        return try (
          SheetWriter(
            reader: reading.reader, department: report, day: reading.day,
            programID: session.program.id,
            programName: reading.reader.record(.program).program?.details.name.value
              ?? session.program.slug, id: UUID(), people: SheetPeople(reading.reader)
          ).bytes(), reading.point
        )
      }
      try Files.write(writer.0, toUserFile: file)
      let view = GivenSheet(file: file, department: code, position: writer.1.position)
      try options.show(view, GivenSheet.fields, sentence: view.sentence)
    }
  }
}

/// A workbook that was written.
private struct GivenSheet {
  var file: String
  var department: DepartmentCode
  var position: Int64

  static let fields: [Field<GivenSheet>] = [
    Field("file") { .text($0.file) },
    Field("department") { Datum($0.department) },
    Field("position", numeric: true) { .integer($0.position) },
  ]

  var sentence: String {
    Words.say(
      "{file}: the open work of {department} at position {position}",
      ["file": file, "department": department.code, "position": "\(position)"])
      + "\n"
      + Words.say("take it back with: {command}", ["command": "cem sheet in \(file) --dry-run"])
  }
}
