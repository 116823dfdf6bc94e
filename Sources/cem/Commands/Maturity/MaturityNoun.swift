import ArgumentParser
import CEMDomain

struct MaturityNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maturity",
    abstract: "Adoption levels, 0 to 5, and the actions that lead to the next.",
    discussion: examples(
      "cem maturity show ssc",
      "cem maturity assess ssc --level 1 --rationale \"interviews\" --method office"),
    subcommands: [
      AssessVerb.self, ActionNoun.self, AdvanceVerb.self, RegressVerb.self, CorrectVerb.self,
      ShowVerb.self, ListVerb.self,
    ])
}

/// Whose level: a department's, or the program's own.
struct LevelTarget: ParsableArguments {
  @Argument(help: "The department.", completion: Completion.departments) var department: String?
  @Flag(help: "The program's own level instead of a department's.") var programLevel = false

  static let missing = "give a department or --program-level, one of the two"

  func validate() throws {
    guard (department == nil) == programLevel else { throw ValidationError(LevelTarget.missing) }
  }

  /// The target with a command's other fields.
  func with(_ other: JSONObject) -> JSONObject {
    var all = given(["department": department, "programLevel": programLevel])
    for member in other.members { all[member.key] = member.value }
    return all
  }
}

/// Actions, of one department or of all.
struct ActionTarget: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The department (not with --all), and the action's id, like 2.1.", valueName: "dept> <action"),
    completion: Completion.departmentsAndActions)
  var words: [String]
  @Flag(help: "Done once for all departments.") var all = false

  static let missing = "name a department and an action, like: ssc 2.1"
  static let missingAction = "name the action, like: 2.1"

  func validate() throws {
    guard words.count > (all ? 0 : 1) else {
      throw ValidationError(all ? ActionTarget.missingAction : ActionTarget.missing)
    }
  }

  /// Checks that there is one action.
  func validateOne() throws {
    guard words.count == (all ? 1 : 2) else {
      throw ValidationError(
        all
          ? "with --all, name the action alone"
          : "name a department and one action, like: ssc 2.1")
    }
  }

  /// The target with a command's other fields.
  /// - Throws: `FieldError` for what is no action, which the command would call by where it stands.
  func with(_ other: JSONObject) throws(FieldError) -> JSONObject {
    var fields = other
    if all { fields["all"] = true } else { fields["department"] = .string(words[0]) }
    var actions: [JSON] = []
    for word in words.dropFirst(all ? 0 : 1) {
      actions.append(.string(try ActionID(given: word, field: "action").description))
    }
    fields["action"] = actions.first
    fields["more"] = actions.count > 1 ? .array(Array(actions.dropFirst())) : nil
    return fields
  }
}
