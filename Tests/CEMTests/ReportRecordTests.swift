import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// `cem report --record` and `--pdf` by the built program.
@Suite(.database(.migrated)) struct ReportRecordTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for line in [
      "init --program acme --name Acme", "department register ssc --name SSC",
      "gap record --department ssc --link 1 --title Waiting --severity 4",
    ] {
      try #require(try cem.shell("\"$CEM\" \(line)").status == 0, "\(line)")
    }
    try body(cem)
  }

  @Test("A device, a pipe and a link stay what they are, and a file keeps who may read it")
  func targets() throws {
    try withProgram { cem throws in
      let folder = cem.home.path()
      let shell = """
        cd '\(folder)'; umask 022
        "$CEM" report --out - | head -c 5; echo " ${PIPESTATUS[0]}"
        "$CEM" report --out /dev/stdout --csv | head -c 2; echo " ${PIPESTATUS[0]}"
        mkfifo pipe; head -c 5 pipe & "$CEM" report --out pipe >/dev/null 2>&1; wait; test -p pipe && echo " pipe"
        "$CEM" report --out /dev/full 2>&1 | head -1; test -c /dev/full && echo device
        touch real.html; chmod 600 real.html; ln -s real.html link.html
        "$CEM" report --out link.html >/dev/null; test -L link.html && stat -c %a real.html
        head -c 5 real.html; echo; "$CEM" report --out x.pdf --xlsx 2>&1 | head -1; ls *.new x.pdf 2>/dev/null
        """
      let lines = try cem.shell(shell).output.split(separator: "\n").map(String.init)
      #expect(
        lines.filter { !$0.hasPrefix("wrote") } == [
          "<!DOC 0", "PK 0", "<!DOC pipe", "error: /dev/full cannot be written", "device", "600",
          "<!DOC",
          "error: --xlsx does not go with a file named x.pdf",
        ])
    }
  }

  @Test("Recording a report keeps its digest, and the same command gives the same report again")
  func recorded() throws {
    try withProgram { cem throws in
      let id = "6f1c1e1c-8d5d-4b53-9d5a-1c1a1b1c1d1e"
      let name = "quarter \u{1b}[31m é \u{202e}.html"
      let file = cem.home.appending(path: name).path(percentEncoded: false)
      let dry = try cem("report", "--out", file, "--record", "--dry-run")
      #expect(dry.output.contains("would record report.issued on log version 1"))
      #expect(!FileManager.default.fileExists(atPath: file))

      let first = try cem("report", "--out", file, "--record", "--command-id", id, "--json")
      #expect(first.status == 0, "\(first.errors)")
      let receipt = try #require(try first.json() as? [String: Any])
      let report = try #require(receipt["report"] as? [String: Any])
      let digest = try cem.shell("cat '\(cem.home.path())'/quarter* | sha256sum").output.prefix(64)
      #expect(report["sha256"] as? String == String(digest))
      #expect(report["position"] as? Int == 3)
      let event = try #require(
        try cem("history", "show", "4", "--json").json() as? [String: Any])
      let data = try #require(event["data"] as? [String: Any])
      #expect(event["type"] as? String == "report.issued")
      #expect(data["sha256"] as? String == String(digest))
      #expect(data["root"] as? String == report["rootHash"] as? String)
      #expect(data["file"] as? String == name)
      let facts = try TestDatabase.current.connect().query(
        "SELECT facts FROM cem.event WHERE position = 4"
      ).one(String.self)
      #expect(!facts.contains("quarter"), "a file's name is private")

      // The log has gone on; the command has not.
      try #require(try cem("department", "register", "it", "--name", "IT").status == 0)
      let again = try cem("report", "--out", file, "--record", "--command-id", id, "--json")
      let second = try #require(try again.json() as? [String: Any])
      #expect(second["duplicate"] as? Bool == true)
      #expect((second["report"] as? [String: Any])?["sha256"] as? String == String(digest))
      #expect(
        try cem("history", "--json", "--type", "report.issued").output
          .components(separatedBy: "report.issued").count == 2)
      let other = try cem("report", "--out", file, "--record", "--command-id", id, "--lang", "uk")
      #expect(other.status == 65, "\(other.errors)")

      let words = try cem("history", "--format", "table", "--lang", "en").output
      #expect(words.contains("report issued as html of position 3"))
      #expect(!HostileText.isRaw(words.utf8))
      let verified = try cem("audit", "verify")
      #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
      #expect(try cem("report", "--out", file, "--reason", "r").status == 64)
    }
  }

  @Test("Only whoever may record may record a report; whoever may read may make one")
  func rights() throws {
    try withProgram { cem throws in
      var auditor = cem
      auditor.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "auditor")
      let file = cem.home.appending(path: "r.html").path()
      let made = try auditor("report", "--out", file)
      #expect(made.status == 0, "\(made.errors)")
      let refused = try auditor("report", "--out", file, "--record")
      #expect(refused.status == 77, "\(refused.errors)")
    }
  }

  @Test(
    "A report whose recording is refused leaves the file that was there, and none where none was")
  func refused() throws {
    try withProgram { cem throws in
      let folder = cem.home.path()
      let refused = try cem.shell(
        """
        cd '\(folder)'; echo old > old.html; chmod 640 old.html; ln -s old.html link.html
        for file in old.html link.html new.html old.xlsx; do
          "$CEM" report --out $file --record --expect program@99 >/dev/null 2>&1; echo $?
        done
        cat old.html; stat -c %a old.html; ls *.new new.html old.xlsx 2>/dev/null
        "$CEM" report --out old.html --record >/dev/null; echo $?; head -c 5 old.html; ls *.new 2>/dev/null
        """)
      #expect(
        refused.output.split(separator: "\n") == [
          "75", "75", "75", "75", "old", "640", "0", "<!DOC",
        ], "\(refused.errors)")
    }
  }

  @Test("A PDF is printed where a program for it is there, else a hint says which")
  func pdf() throws {
    try withProgram { cem throws in
      let file = cem.home.appending(path: "r.pdf").path()
      var bare = cem
      bare.environment["PATH"] = "/nonexistent"
      let none = try bare.run(["report", "--out", file])
      #expect(none.status == 78)
      #expect(none.errors.contains("apt-get install chromium"))
      #expect(!FileManager.default.fileExists(atPath: file))

      // A browser that fails, and one that does what it is asked.
      let folder = cem.home.appending(path: "bin")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      func browser(_ script: String) throws {
        let program = folder.appending(path: "chromium")
        try Data(("#!/bin/bash\n" + script).utf8).write(to: program)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: program.path())
      }
      bare.environment["PATH"] = folder.path() + ":/usr/bin:/bin"
      try browser("echo 'it broke' >&2; exit 3")
      let broken = try bare.run(["report", "--out", file])
      #expect(broken.status == 69)
      #expect(broken.errors.contains("it broke"))
      try browser(
        #"for a; do case $a in --print-to-pdf=*) out=${a#*=};; file://*) in=${a#file://};; esac; done"#
          + "\n" + #"echo "%PDF /CreationDate (D:20200101000000+00'00') $(wc -c <"$in")" >"$out""#)
      let printed = try bare.run(["report", "--out", file, "--json"])
      #expect(printed.status == 0, "\(printed.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.hasPrefix("%PDF") && !text.contains("D:2020"))
      let view = try #require(try printed.json() as? [String: Any])
      #expect(view["format"] as? String == "pdf")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "/tmp")
          .filter { $0.hasPrefix("cem-report-") && $0.hasSuffix(cem.home.lastPathComponent) } == [])
    }
  }
}
