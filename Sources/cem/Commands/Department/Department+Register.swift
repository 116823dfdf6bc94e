import ArgumentParser

extension DepartmentNoun {
  struct RegisterVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "register", abstract: "Register a department.",
      discussion: examples("cem department register ssc --name \"Shared Services\" --lead ada"))

    @Argument(help: "Its code: lower-case letters, digits and hyphens; never used again.")
    var code: String
    @Option(help: "Its name.") var name: String
    @Option(help: "The id of the person who leads it.", completion: Completion.people)
    var lead: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "department.register", given(["code": code, "name": name, "lead": lead]), write, options)
    }
  }
}
