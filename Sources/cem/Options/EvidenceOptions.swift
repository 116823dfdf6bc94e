import ArgumentParser
import CEMDomain

/// Evidence that is there already.
struct EvidenceReference: ParsableArguments {
  @Option(
    help: ArgumentHelp("The evidence, like EV-4.", valueName: "ref"),
    completion: Completion.references(.evidence))
  var evidence: String?
}

/// Evidence that is there already, or the words of a new one.
struct EvidenceOrText: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Evidence like EV-4, or a file, a link or a text that becomes some.", valueName: "evidence"),
    completion: Completion.references(.evidence))
  var evidence: String?
}
