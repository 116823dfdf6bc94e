import FoundationEssentials
import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Makes a PDF of a page with a program that is on this machine: a browser, or WeasyPrint.
enum PagePrinter {
  /// How long a page may take, in seconds.
  static let patience = 120

  /// Names of programs, the best first.
  private static let browsers = ["chromium", "chromium-browser", "google-chrome", "chrome"]
  private static let others = ["weasyprint"]

  /// The PDF of a page.
  ///
  /// - Parameter time: what the file says of when it was made, as PDF writes it, so that the same page
  ///   gives the same bytes.
  /// - Throws: `CommandError` where no program is there (78) or it fails (69).
  static func pdf(of html: String, time: String) async throws -> [UInt8] {
    guard let printer = (browsers + others).lazy.compactMap(System.program).first else {
      throw CommandError(
        "report.no-printer", "nothing on this machine prints a page as PDF",
        cause: "neither chromium nor weasyprint is on PATH",
        hint:
          "sudo apt-get install chromium (or weasyprint), or print the HTML report in a browser",
        exit: .configuration)
    }
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.write(html, toUserFile: folder + "/report.html")
    let words = command(printer, folder)
    let result = try await Subprocess.run(
      .name("timeout"), arguments: Subprocess.Arguments(["-k", "5", "\(patience)"] + words),
      workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 16),
      error: .combinedWithOutput)
    guard result.terminationStatus.isSuccess, Files.exists(folder + "/report.pdf") else {
      throw CommandError(
        "report.not-printed", "\(printer) did not print the report",
        cause: result.terminationStatus == .exited(124)
          ? "it took longer than \(patience) seconds" : lastLine(of: result.standardOutput),
        hint: "write the HTML report and print it in a browser", exit: .unavailable)
    }
    return dated(try Files.contents(folder + "/report.pdf"), time)
  }

  private static func command(_ printer: String, _ folder: String) -> [String] {
    let (page, pdf) = ("\(folder)/report.html", "\(folder)/report.pdf")
    guard browsers.contains(where: { printer.hasSuffix("/" + $0) }) else {
      return [printer, page, pdf]
    }
    // A browser's sandbox refuses root; the page has no script and asks for nothing.
    let sandbox = geteuid() == 0 ? ["--no-sandbox"] : []
    return [printer, "--headless=new"] + sandbox + [
      "--disable-gpu", "--no-first-run", "--disable-extensions",
      "--user-data-dir=\(folder)/profile",
      "--no-pdf-header-footer", "--print-to-pdf=\(pdf)", "file://\(page)",
    ]
  }

  private static func temporaryFolder() throws(CommandError) -> String {
    let place = (System.environment("TMPDIR") ?? "/tmp") + "/cem-report-XXXXXX"
    var bytes = Array(place.utf8CString)
    guard mkdtemp(&bytes) != nil else {
      throw CommandError(
        "file.unwritable", "\(place) cannot be made", cause: SystemError(code: errno).reason,
        exit: .inputOutput)
    }
    return String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func lastLine(of text: String?) -> String {
    text?.split(separator: "\n").last.map(String.init) ?? "it said nothing"
  }

  /// The file with its own dates replaced by another of the same length.
  private static func dated(_ pdf: [UInt8], _ time: String) -> [UInt8] {
    var pdf = pdf
    for key in ["/CreationDate (D:", "/ModDate (D:"] {
      let key = Array(key.utf8)
      guard let first = pdf.indices.last(where: { pdf[$0...].starts(with: key) }) else { continue }
      let start = first + key.count
      // `20261126072600`; what follows, the zone, is +00'00' for a server's clock in UTC.
      for (offset, byte) in time.utf8.prefix(14).enumerated() where start + offset < pdf.count {
        pdf[start + offset] = byte
      }
    }
    return pdf
  }
}
