import Foundation
import Testing

@testable import cem

@Suite struct EvidenceSourceTests {
  @Test func tellsFilesLinksAndTextsApart() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "abc.txt").path()
    try "abc".write(toFile: file, atomically: true, encoding: .utf8)

    // The digest of "abc" from FIPS 180-4's examples.
    #expect(
      try EvidenceSource(file)
        == .file(
          EvidenceSource.File(
            name: "abc.txt", size: 3,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")))
    #expect(try EvidenceSource("https://example.com/a") == .link("https://example.com/a"))
    #expect(try EvidenceSource("Two clerks said so") == .text("Two clerks said so"))
    #expect(throws: CommandError.self) { try EvidenceSource("./missing.pdf") }
    #expect(throws: CommandError.self) { try EvidenceSource(folder.path()) }
  }

  @Test("The name of a file that is not there is no text")
  func fileNames() throws {
    for name in [
      "minutes-2025.pdf", "Minutes.PDF", "board/minutes.docx", "протокол.xlsx", "a.b.md",
    ] {
      let error = #expect(throws: CommandError.self) { try EvidenceSource(name) }
      #expect(error?.exit == .notFound && error?.hint?.contains("sentence") == true)
    }
    for text in [
      "See minutes-2025.pdf", "minutes", "3.14", "v2.0", "example.com", "Done.", ".pdf", "e.g.",
      "crm://x.pdf",
    ] {
      #expect(try EvidenceSource(text) == .text(text))
    }
  }
}
