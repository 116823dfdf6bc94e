import CEMDomain
import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// The sample program on terminals of two widths, in four languages.
@Suite("§9: pictures, tables and cards in four languages", .database(.migrated))
struct PictureTests {
  init() { System.prepare() }

  /// What calls show on a terminal of so many columns, a text each.
  private func shown(
    _ cem: CommandProcess, _ calls: [String], columns: Int, language: String
  ) throws -> [String] {
    let script = cem.home.appending(path: "show-\(columns)-\(language)")
    let lines = calls.map {
      "\"$CEM\" \($0) --color never --lang \(language) 2>/dev/null; printf '\\f\\n'"
    }
    try (["stty cols \(columns) rows 50"] + lines).joined(separator: "\n")
      .write(to: script, atomically: true, encoding: .utf8)
    let bytes = try cem.terminal("bash \(script.path())")
    return String(decoding: bytes.filter { $0 != 0x0d }, as: UTF8.self).split(
      separator: "\u{c}\n", omittingEmptySubsequences: false
    ).dropLast().map(String.init)
  }

  private static let calls = [
    "status", "status cbsa-asfc", "status cfia-acia", "agenda", "agenda cic", "department show cic",
    "department list", "person list", "maturity list", "maturity show cic",
    "maturity show --program-level", "initiative show INI-1", "initiative show INI-3",
    "initiative list", "gap show GAP-1", "gap list", "gap list --state closed",
    "touchpoint show TP-1", "touchpoint list", "touchpoint journey", "standard show STD-1",
    "standard list",
    "standard breaches", "platform show PLT-1", "platform list", "survey list", "survey delivery",
    "channel list", "channel show CH-1", "insight list", "insight show INS-1", "note list",
    "segment list", "evidence list", "evidence show EV-1", "waiver list", "waiver show WVR-1",
    "history --limit 30", "history show 200", "diff 120 now", "diff 120 now cic", "explain",
    "explain openGaps cic", "search illustrative --limit 20", "program show", "program list",
    "gap record --department cic --link 4 --title Test --dry-run",
  ]

  private static let columns = [80, 140]
  private static let languages = ["en", "uk", "ru", "zh"]

  @Test("§9: no line is wider than the terminal, and nothing of cem's own is left in English")
  func fits() throws {
    try CommandProcess.withSample { cem in
      for columns in Self.columns {
        for language in Self.languages {
          let texts = try shown(cem, Self.calls, columns: columns, language: language)
          #expect(texts.count == Self.calls.count)
          for (call, text) in zip(Self.calls, texts) {
            #expect(text.count > 10, "\(call)")
            for line in text.split(separator: "\n") {
              #expect(
                String(line).displayWidth <= columns, "\(call) \(language) \(columns)\n\(line)")
            }
            #expect(!text.contains("%1"), "\(call) \(language)")
          }
        }
      }
    }
  }

  /// Judged by a day that is past, so that they stay as they are.
  private static let pictures = [
    ("status", "status --period 2026-Q2"), ("department", "status cic --period 2026-Q2"),
    ("agenda", "agenda --limit 12 --period 2026-Q2"),
    ("initiative", "initiative show INI-1 --period 2026-Q2"),
    ("standard", "standard show STD-1 --period 2026-Q2"),
  ]

  @Test("§9: status, department, agenda, initiative and standard as they were looked at")
  func golden() throws {
    try CommandProcess.withSample { cem in
      for columns in Self.columns {
        for language in Self.languages {
          let texts = try shown(
            cem, Self.pictures.map(\.1), columns: columns, language: language)
          for (picture, text) in zip(Self.pictures, texts) {
            try Golden.expect(text, equals: "\(picture.0)-\(language)-\(columns)")
          }
        }
      }
    }
  }

  @Test("A narrow status explains the column that it has") func legend() {
    Words.$spoken.withValue(.english) {
      let narrow = StatusPicture([], width: 40, usesColor: false).lines.joined(separator: " ")
      #expect(narrow.contains("GAPS counts open gaps") && !narrow.contains("G1"), "\(narrow)")
      let wide = StatusPicture([], width: 120, usesColor: false).lines.joined(separator: " ")
      #expect(wide.contains("G1 to G5 count") && !wide.contains("GAPS"), "\(wide)")
    }
  }

  @Test("A locale speaks on a terminal alone; what is asked for holds everywhere")
  func locale() throws {
    try CommandProcess.withSample { cem in
      var ukrainian = cem
      ukrainian.environment["LC_ALL"] = "uk_UA.UTF-8"
      #expect(try ukrainian("gap", "list", "--format", "table").output.contains("DEPARTMENT"))
      let shown = try ukrainian.terminal("\"$CEM\" gap list --limit 1")
      #expect(String(decoding: shown, as: UTF8.self).contains("НАЗВА"))
      ukrainian.environment["CEM_LANG"] = "zh"
      #expect(try ukrainian("gap", "list", "--format", "table").output.contains("部门"))
    }
  }
}
