import CEMDomain
import CEMStore
import Foundation
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
    ("nothing secret", "nothing secret"), ("at 2026-11-28T10:05 a@b", "at 2026-11-28T10:05 a@b"),
    ("off1:hunter2@localhost/cem", "off1:…@localhost/cem"),
    (
      "database \"postgres//u:hunter2@h/d\" does not exist",
      "database \"postgres//u:…@h/d\" does not exist"
    ),
    ("cem://u:hunter2@h/d", "cem://u:…@h/d"), ("postgresql:/u:hunter2@h", "postgresql:/u:…@h"),
    ("dbname=u:hunter2@h", "dbname=u:…@h"),
    ("postgresql://u:p@ss wo/rd@host/db", "postgresql://u:…@host/db"),
  ])
  func secretsAreRemoved(text: String, expected: String) {
    #expect(Secrets.removed(from: text) == expected)
    #expect(Secrets.contains(in: text) == (text != expected))
  }

  @Test(
    "What libpq took for a host or a port may be a part of a password",
    arguments: [
      ("postgresql://bob:50%off@h/cem", true), ("postgresql://bob:p@ssw0rd@db.invalid/cem", true),
      ("postgresql://bob:secret#1/x@127.0.0.1:1/cem", true), ("postgres://bob:a b@h/cem", true),
      ("postgresql://bob:a?b/c@h/cem", true), ("postgresql://bob:a/b?c@h/cem", true),
      ("postgresql://bob:p%40ss@db.invalid/cem", false), ("postgresql://db.invalid/cem", false),
      ("postgresql://bob:s#1?@db.invalid/cem", false),
      ("postgresql://db.invalid:5432,other/cem?user=a@b", false),
      ("host=db.invalid password=secret", false),
    ])
  func addresses(conninfo: String, isMisread: Bool) {
    let error = PostgresError(kind: .connectionFailure, message: "m")
    #expect((Secrets.advice(on: conninfo, for: error) != nil) == isMisread)
  }

  @Test(
    "No password is printed, by errors nor by the doctor",
    arguments: [
      ("postgresql://bob:50%off@h/cem", "50"),
      ("postgresql://bob:p@ssw0rd@db.invalid/cem", "ssw0rd"),
      ("postgresql://bob:secret#1/x@127.0.0.1:1/cem", "secret"),
      ("postgresql://h/cem?password=50%off", "50%"), ("host=h password=one two", "two"),
    ])
  func passwords(conninfo: String, secret: String) throws {
    let cem = try CommandProcess(database: conninfo)
    defer { cem.remove() }
    for arguments in [
      ["person", "list"], ["person", "list", "--json"], ["doctor"], ["doctor", "--json"],
    ] {
      let result = try cem(arguments)
      #expect(result.status == (arguments[0] == "doctor" ? 1 : 78))
      let text = result.output + result.errors
      #expect(!text.contains(secret) && text.contains("address is wrong: a "), "\(text)")
    }
  }

  @Test(arguments: [
    ("22023", CommandStatus.configuration), ("42704", .configuration), ("42601", .configuration),
    ("55000", .unavailable),
  ])
  func refusedSessions(sqlState: String, exit: CommandStatus) {
    var error = PostgresError(
      kind: PostgresError.Kind(sqlState: sqlState), sqlState: sqlState, message: "m")
    #expect(ErrorReport(error as any Error).exit == .bug)
    error.isConnectionLost = true
    #expect(ErrorReport(error as any Error).exit == exit)
  }

  @Test func files() {
    #expect(SystemError(code: ENOSPC).remedy(for: "/x") == "free space on the disk of /x")
    #expect(SystemError(code: EROFS).remedy(for: "/x") == "make /x writable")
    #expect(ErrorReport(BundleError.file("events", "r") as any Error).exit == .inputOutput)
  }
}
