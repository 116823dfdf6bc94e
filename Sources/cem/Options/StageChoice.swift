import ArgumentParser
import CEMDomain

/// The stage that a list is narrowed to.
struct StageChoice: ExpressibleByArgument {
  /// `nil` is what has none.
  var stage: JourneyStage?

  static let help = ArgumentHelp(
    "Only those of a stage of the journey, by number or id; none for those without one.",
    valueName: "stage")
  static let completion = CompletionKind.list(JourneyStage.allCases.map(\.rawValue) + ["none"])

  init?(argument: String) {
    if argument == "none" { return }
    let stages = JourneyStage.allCases
    if let number = Int(argument), (1...stages.count).contains(number) {
      stage = stages[number - 1]
    } else if let stage = JourneyStage(rawValue: argument) {
      self.stage = stage
    } else {
      return nil
    }
  }
}

extension JourneyOutcome: ExpressibleByArgument {}
extension PeakFeeling: ExpressibleByArgument {}
