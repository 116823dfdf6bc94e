import ArgumentParser

/// `cem undo POSITION`.
struct UndoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Take back the last event of a thing by one that compensates it.",
    discussion: examples("cem undo 42 --reason \"wrong department\""))

  @Argument(help: "The event's position, as receipts and history show it.") var position: Int
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue("undo", given(["position": position]), write, options)
  }
}
