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
    let script = CEM.completionScript(for: shell)
    let text = self.shell == .bash ? CompletionCommand.completed(script) : script
    try Console.standard.write(text + "\n")
  }

  /// The parser's script for bash, which knows neither that a noun's verb may be left out nor what there is help for.
  private static func completed(_ script: String) -> String {
    var script = script
    var helped = ""
    func visit(_ command: any ParsableCommand.Type, _ path: [String]) {
      let verbs = command.configuration.subcommands
      guard !verbs.isEmpty else { return }
      let names = verbs.map { $0._commandName }.joined(separator: " ")
      helped += "    '\(path.joined(separator: " "))') words='\(names)' ;;\n"
      if let usual = command.configuration.defaultSubcommand {
        let function = (["_cem"] + path).joined(separator: "_")
        script = script.replacing(
          "\n\(function)() {\n",
          with: """

            \(function)() {
                # The verb may be left out.
                local -ar given=("${unparsed_words[@]}")
                if [[ "${#given[@]}" -le 1 || ' \(names) ' != *" ${given[0]} "* ]]; then
                    \(function)_\(usual._commandName)
                    [[ "${#given[@]}" -le 1 && "${cur}" != -* ]] || return
                    unparsed_words=("${given[@]}")
                fi

            """, maxReplacements: 1)
      }
      for verb in verbs { visit(verb, path + [verb._commandName]) }
    }
    visit(CEM.self, [])
    return script.replacing(
      "\n_cem_help() {\n",
      with: """

        _cem_help() {
            local words=''
            local -ar path=("${unparsed_words[@]::${#unparsed_words[@]} - 1}")
            case "${path[*]}" in
        \(helped)    esac
            __cem_add_completions -W "${words// /$'\\n'}"
            return

        """, maxReplacements: 1)
  }
}
