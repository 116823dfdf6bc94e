import CEMDomain
import CEMStore

/// Prints one thing with its fields: what the `show` of most nouns does.
/// - Throws: `Rejection.notFound` and what `ErrorReport` understands.
func show(
  _ stream: StreamID, _ fields: [Field<EntityRecord>], _ read: ReadOptions,
  _ options: GlobalOptions
) async throws {
  let session = try await Session.open(options)
  let record = try session.read(read) { try $0.reader.record(stream) }
  try options.show(record, fields)
}

extension ScalarCodable {
  /// Reads an argument.
  /// - Throws: `FieldError` that names the field.
  init(given text: String, field: String) throws(FieldError) {
    do {
      try self.init(scalar: text)
    } catch {
      throw FieldError(path: field, error.message)
    }
  }
}
