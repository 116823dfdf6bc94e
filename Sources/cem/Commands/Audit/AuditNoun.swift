import ArgumentParser

/// `cem audit`: what an auditor needs, who trusts nobody.
struct AuditNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Check that nothing was changed, removed, inserted or reordered; erase what must go.",
    discussion: examples(
      "cem audit verify",
      "cem audit export --out bundle"),
    subcommands: [
      Verify.self, Receipts.self, CheckpointNoun.self, Prove.self, Export.self, ReplayVerb.self,
      SampleVerb.self, Erase.self, Recover.self,
    ])
}
