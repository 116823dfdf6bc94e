import SystemPackage
import Testing

@testable import CEMStore

extension LocalServerTests {
  @Test(arguments: [
    ("jane", "jane"), ("jane.doe", "jane.doe"), ("Žofie", "Žofie"), ("pg_monitor", "cem_local"),
    ("PG_x", "cem_local"), ("cem_admin", "cem_local"), ("public", "cem_local"),
    ("", "cem_local"), ("a\nb", "cem_local"), (String(repeating: "é", count: 32), "cem_local"),
  ])
  func workRoleIsALegalRole(login: String, role: String) {
    #expect(LocalServer.workRole(forLogin: login) == role)
  }

  @Test func aUserWithoutANameIsLocal() {
    #expect(LocalServer.workRole(forLogin: nil) == "cem_local")
  }

  @Test func conninfoQuotes() {
    let endpoint = LocalServer.Endpoint(socketDirectory: #"/a b\c"#, port: 5432, processID: 1)
    #expect(
      endpoint.conninfo(user: "o'neil") == #"""
        host='/a b\\c' hostaddr='' port='5432' dbname='cem' user='o\'neil' options='' \#
        requirepeer='' target_session_attrs='any' sslmode='disable' gssencmode='disable' \#
        channel_binding='disable' connect_timeout='10'
        """#)
  }

  @Test func hashesNeverChange() {
    #expect(POSIX.shortHash(of: "/home/jane/.local/share/cem/server") == "802c610e154dce34")
    #expect(LocalServer.quotedForShell("it's") == #"'it'\''s'"#)
  }
}
