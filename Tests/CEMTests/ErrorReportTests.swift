import CEMDomain
import CEMStore
import Postgres
import Testing

@testable import cem

@Suite struct ErrorReportTests {
  @Test(arguments: [
    (Rejection.Kind.rule, CommandStatus.input), (.input, .input), (.notFound, .notFound),
    (.conflict, .conflict), (.notAllowed, .notAllowed),
  ])
  func rejections(kind: Rejection.Kind, exit: CommandStatus) {
    let report = ErrorReport(
      StoreError.rejected(Rejection(kind, "gap.closed", "no", hint: "do"), index: 0) as any Error)
    #expect(report.exit == exit)
    #expect(report.code == "gap.closed")
  }

  @Test(arguments: [
    (PostgresError.Kind.connectionFailure, CommandStatus.unavailable),
    (.cannotConnectNow, .unavailable),
    (.invalidCatalogName, .unavailable), (.invalidPassword, .notAllowed),
    (.insufficientPrivilege, .notAllowed), (.lockNotAvailable, .conflict),
    (.serializationFailure, .conflict), (.queryCanceled, .conflict),
    (.undefinedTable, .configuration),
    (.misuse, .configuration), (.syntaxError, .bug), (.other("CEM09"), .notAllowed),
  ])
  func databaseErrors(kind: PostgresError.Kind, exit: CommandStatus) {
    #expect(ErrorReport(PostgresError(kind: kind, message: "m") as any Error).exit == exit)
  }

  @Test func blocked() {
    let report = ErrorReport(StoreError.switchBlocked(["clerk (process 7)"]) as any Error)
    #expect(report.exit == .conflict && report.cause?.contains("clerk (process 7)") == true)
  }

  @Test func interruption() {
    var error = PostgresError(kind: .queryCanceled, message: "canceled")
    error.isInterrupted = true
    #expect(ErrorReport(error as any Error).exit.rawValue == 130)
  }

  @Test(arguments: [
    StoreError.notMigrated, .newerDatabase(version: 99), .olderDatabase(version: 1),
    .editedMigration(number: 1, name: "roles"), .otherProjections("x", isProgramOlder: true),
    .otherProjections("x", isProgramOlder: false),
    .notUTF8("LATIN1"),
    .noProgram(nil), .noHead, .severalPrograms(["a", "b"]),
  ])
  func configuration(error: StoreError) {
    let report = ErrorReport(error as any Error)
    #expect(report.exit == .configuration)
    #expect(report.hint != nil)
  }

  @Test func texts() throws {
    let report = ErrorReport(
      "gap.closed", "GAP-1 \u{1b}[31m is closed", cause: "it was\nclosed",
      hint: "cem gap reopen GAP-1",
      details: ["reference": "GAP-1"], exit: .input)
    try Golden.expect(
      report.text(usesColor: false) + "\n" + report.json + "\n", equals: "error")
  }

  @Test(arguments: [
    ("host=x password=hunter2 dbname=y", "host=x password=… dbname=y"),
    ("postgresql://u:hunter2@host/db", "postgresql://u:…@host/db"),
    ("password='a b\\'c' x", "password=… x"),
    ("postgresql://u@host/db?password=hunter2&x=1", "postgresql://u@host/db?password=…&x=1"),
    ("nothing secret", "nothing secret"),
  ])
  func secretsAreRemoved(text: String, expected: String) {
    #expect(Secrets.removed(from: text) == expected)
    #expect(Secrets.contains(in: text) == (text != expected))
  }
}
