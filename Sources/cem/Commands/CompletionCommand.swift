import ArgumentParser

/// `cem completion SHELL`.
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print the script by which a shell completes what is typed.",
    discussion: examples(
      "cem completion bash >~/.local/share/bash-completion/completions/cem",
      "cem completion zsh >~/.zfunc/_cem",
      "cem completion fish >~/.config/fish/completions/cem.fish",
      about:
        "It completes verbs, options, the words of closed lists, and from the database the program's departments, people and references. A new shell knows it. bash needs the package bash-completion; zsh needs 'fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit' in ~/.zshrc. The folders must be there."
    ))

  /// The shells that there are scripts for.
  enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run() throws {
    guard let shell = CompletionShell(rawValue: shell.rawValue) else { return }
    try Console.standard.write(CEM.completionScript(for: shell) + "\n")
  }
}
