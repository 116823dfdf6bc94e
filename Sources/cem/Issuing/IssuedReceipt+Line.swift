import CEMStore
import TransparencyLog

extension IssuedReceipt {
  /// The receipt as a file keeps it and a pipe gets it with `--json`: one line.
  var line: String { json.jsonText + "\n" }

  /// The hash by which a changed byte in the line is noticed: SHA-256 of all that stands before it.
  ///
  /// It keeps a receipt from decaying, not from being forged: what a receipt says is proved by the log.
  var receiptHash: Hash {
    let object = Datum.object(
      IssuedReceipt.statedFields.map { Datum.Member(key: $0.key, value: $0.value(self)) })
    return .sha256(utf8: String(object.jsonText.dropLast()))
  }
}
