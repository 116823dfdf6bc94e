import CEMStore
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The receipts of this user's commands, one a line: what the log is held to.
enum ReceiptFile {
  /// Where a program's receipts are kept.
  static func path(program: UUID) -> String? {
    Directories.state.map { "\($0)/receipts/\(program.text).ndjson" }
  }

  /// Adds a receipt.
  /// - Throws: `SystemError`.
  static func append(_ receipt: IssuedReceipt) throws(SystemError) {
    guard let path = path(program: receipt.receipt.programID) else { return }
    Files.makeDirectory(Files.directory(of: path))
    let file = try OpenFile(path, O_WRONLY | O_CREAT | O_APPEND)
    _ = file.lock(waiting: true)
    try file.writeDurably(receipt.json.jsonText + "\n")
  }
}
