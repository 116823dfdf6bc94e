import ArgumentParser
import CEMDomain
import Crypto

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension EvidenceNoun {
  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a file, a link or a text as evidence.",
      discussion: examples(
        "cem evidence add survey.pdf --title \"Survey 2026\" --expires 2027-06-30",
        "cem evidence add https://example.com/minutes --title \"Minutes\"",
        "cem evidence add \"Two of three clerks said so\" --title \"Interviews\"",
        about:
          "A file stays where it is: its name, size and SHA-256 are recorded. What is neither a file nor a link is a text."
      ))

    @Argument(help: "A file's path, a link, or a text.", completion: .file())
    var source: String
    @Option(help: "Its title.") var title: String
    @Option(help: ArgumentHelp("When it was made.", valueName: "date")) var date: String?
    @Option(help: "Who made it.") var author: String?
    @Option(help: ArgumentHelp("The last day on which it holds.", valueName: "date"))
    var expires: String?
    @Option(help: ArgumentHelp("How long the original must be kept.", valueName: "date"))
    var retainUntil: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = given([
        "title": title, "date": date, "author": author, "expires": expires,
        "retainUntil": retainUntil,
      ])
      switch try EvidenceSource(Arguments.restored(source)) {
      case .file(let file): fields["file"] = .object(file.fields)
      case .link(let url): fields["url"] = .string(url)
      case .text(let text): fields["text"] = .string(text)
      }
      try await issue("evidence.add", fields, write, options)
    }
  }
}

/// What an argument for evidence turns out to be.
enum EvidenceSource: Hashable {
  case file(File)
  case link(String)
  case text(String)

  struct File: Hashable {
    /// Without folders.
    var name: String
    /// In bytes.
    var size: Int64
    /// In hexadecimal.
    var sha256: String

    var fields: JSONObject {
      ["name": .string(name), "size": .int(size), "sha256": .string(sha256)]
    }
  }

  /// - Throws: `CommandError` for what looks like a path but is no readable file.
  init(_ argument: String) throws(CommandError) {
    if argument.hasPrefix("http://") || argument.hasPrefix("https://") {
      self = .link(argument)
      return
    }
    let looksLikePath =
      ["/", "./", "../"].contains { argument.hasPrefix($0) } || GivenEvidence.isFileName(argument)
    var status = stat()
    guard !argument.isEmpty, !argument.utf8.contains(0), stat(argument, &status) == 0 else {
      guard !looksLikePath else {
        throw CommandError(
          "evidence.no-file", "there is no file \(argument)",
          cause: SystemError(code: errno).reason,
          hint: "check its name and folder; what is no file is given as a link, or as a sentence",
          exit: .notFound)
      }
      self = .text(argument)
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandError("evidence.not-a-file", "\(argument) is not a file", exit: .input)
    }
    let digest: (size: Int64, sha256: String)
    do {
      digest = try EvidenceSource.digest(of: argument)
    } catch {
      throw CommandError(
        "evidence.unreadable", "\(argument) cannot be read", cause: error.reason, exit: .input)
    }
    let name = argument.split(separator: "/").last.map(String.init) ?? argument
    self = .file(File(name: name, size: digest.size, sha256: digest.sha256))
  }

  /// Reads a file piece by piece, so that its size does not matter.
  private static func digest(
    of path: String
  ) throws(SystemError) -> (size: Int64, sha256: String) {
    let file = try OpenFile(path, O_RDONLY)
    var hasher = SHA256()
    var size: Int64 = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(file.descriptor, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw SystemError(code: errno) }
      if count == 0 { break }
      buffer.withUnsafeBytes { bytes in
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
      size += Int64(count)
    }
    let digits = hasher.finalize().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return (size, digits.joined())
  }
}
