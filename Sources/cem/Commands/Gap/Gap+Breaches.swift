import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

extension GapNoun.RecordVerb {
  /// Records a breach of a standard as a gap, with the fields that can be given beside it.
  func recordBreach(_ breach: String) async throws {
    var fields = given(["breach": breach])
    for member in gap.values.members { fields[member.key] = member.value }
    if let department = fields["department"]?.string {
      fields["department"] = nil
      try await refuse(breach, outside: department)
    }
    try await issue("gap.record-breach", fields, write, options)
  }

  /// Refuses a breach of another department's standard: whose it is follows from the standard.
  private func refuse(_ breach: String, outside department: String) async throws {
    let session = try await Session.open(options)
    let ref = try BreachRef(given: breach, field: "breach")
    let standard = try LiveReader(session.connection, programID: session.program.id)
      .record(ref.standard.stream).entity.state
    guard let own = standard.departments.first, own.code != department else { return }
    throw CommandError(
      "breach.department", "\(ref.standard) is a standard of \(own), not of \(department)",
      hint: "leave out --department, or name \(own)", exit: .input)
  }

  /// Records all breaches of a department that no gap was recorded from, in one transaction.
  func recordAllBreaches(of department: String) async throws {
    let session = try await Session.open(options)
    let breaches = try session.connection.transaction(.snapshot) { _ in
      try LiveReader(session.connection, programID: session.program.id)
        .breaches(of: department, in: period, unrecorded: true)
    }
    guard !breaches.isEmpty else {
      if options.style.saysSentences {
        let sentence = Words.say("nothing to do: no breach of %1 is without a gap", department)
        try Console.standard.write(sentence.printable() + "\n")
      } else {
        try options.show(Listing([IssuedReceipt](), IssuedReceipt.fields))
      }
      return
    }
    let submissions = try breaches.map { breach in
      var fields = gap.values
      fields["breach"] = .string(breach.ref.description)
      return Submission(try write.command("gap.record-breach", fields), commandID: .ordered())
    }
    let receipts = try await session.issue(submissions, write)
    try IssuedReceipt.reporting(receipts) { try show(receipts, of: department) }
  }

  private func show(_ receipts: [IssuedReceipt], of department: String) throws {
    guard options.style.saysSentences else {
      return try options.show(Listing(receipts, IssuedReceipt.fields))
    }
    for receipt in receipts {
      try Console.standard.write(receipt.sentence.printable(keepingLines: true) + "\n")
    }
    let count = Words.count(receipts.count, "breach")
    let sentence =
      switch (write.dryRun, receipts.count) {
      case (true, 1): Words.say("%1 of %2 would become a gap", count, department)
      case (true, _): Words.say("%1 of %2 would become gaps", count, department)
      case (false, 1): Words.say("%1 of %2 became a gap", count, department)
      case (false, _): Words.say("%1 of %2 became gaps", count, department)
      }
    try Console.standard.write(sentence.printable() + "\n")
  }
}
