import CLibPQ

/// A message that the server sends besides a statement's result, such as `RAISE NOTICE`.
package struct Notice: Sendable, Equatable {
  /// `NOTICE`, `WARNING`, `INFO` …; never translated.
  package let severity: String
  /// The five-character code.
  package let sqlState: String?
  /// The message, in one line.
  package let message: String
  /// What to do about it.
  package let hint: String?

  init(result: OpaquePointer) {
    func field(_ code: Int32) -> String? {
      unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
    }
    severity = field(FieldCode.severity) ?? "NOTICE"
    sqlState = field(FieldCode.sqlState)
    message =
      unsafe field(FieldCode.primary) ?? String(cString: PQresultErrorMessage(result)).trimmed
    hint = field(FieldCode.hint)
  }
}

/// What libpq's notice receiver points at; outlived by no connection.
final class NoticeSink {
  var handler: ((Notice) -> Void)?

  /// Makes the connection deliver to this sink in place of stderr.
  func install(on connection: OpaquePointer) {
    _ = unsafe PQsetNoticeReceiver(
      connection,
      { context, result in
        guard let context = unsafe context, let result = unsafe result else { return }
        let sink = unsafe Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue()
        sink.handler?(unsafe Notice(result: result))
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
