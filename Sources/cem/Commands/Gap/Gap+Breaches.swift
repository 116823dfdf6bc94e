import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

extension GapNoun.RecordVerb {
  /// Records a breach of a standard as a gap, with the fields that can be given beside it.
  func recordBreach(_ breach: String) async throws {
    var fields = given(["breach": breach])
    for member in gap.values.members { fields[member.key] = member.value }
    try await issue("gap.record-breach", fields, write, options)
  }

  /// Records all breaches of a department that no gap was recorded from, in one transaction.
  func recordAllBreaches(of department: String) async throws {
    let session = try await Session.open(options)
    let breaches = try session.connection.transaction(.snapshot) { _ in
      try LiveReader(session.connection, programID: session.program.id)
        .breaches(of: department, in: period, unrecorded: true)
    }
    guard !breaches.isEmpty else {
      if options.style.isForPeople {
        try Console.standard.write("nothing to do: no breach of \(department) is without a gap\n")
      } else {
        try options.show(Listing([IssuedReceipt](), IssuedReceipt.fields))
      }
      return
    }
    let submissions = try breaches.map { breach in
      var fields = gap.values
      fields["breach"] = .string(breach.ref.description)
      return Submission(try write.command("gap.record-breach", fields), commandID: UUID())
    }
    let receipts = try await session.issueAll(submissions, isDryRun: write.dryRun)
    guard options.style.isForPeople else {
      try options.show(Listing(receipts, IssuedReceipt.fields))
      return
    }
    for receipt in receipts { try Console.standard.write(receipt.sentence.printable() + "\n") }
    let verb = write.dryRun ? "would become" : "became"
    try Console.standard.write("\(receipts.count) breaches of \(department) \(verb) gaps\n")
  }
}

extension Session {
  /// Records several commands in one transaction: all of them or none.
  func issueAll(_ submissions: [Submission], isDryRun: Bool) async throws -> [IssuedReceipt] {
    var options = ProgramStore.Options()
    options.isDryRun = isDryRun
    let receipts = try store.execute(submissions, options: options).map { receipt in
      IssuedReceipt(
        receipt: receipt, program: program.slug, database: databaseName, isDryRun: isDryRun)
    }
    guard !isDryRun else { return receipts }
    do {
      for receipt in receipts where !receipt.receipt.events.isEmpty {
        try ReceiptFile.append(receipt)
      }
    } catch {
      Console.standard.warn("recorded, but the receipts were not kept: \(error.reason)")
    }
    return receipts
  }
}
