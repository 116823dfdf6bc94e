import CEMDomain

extension Importer {
  /// The step that brings a period's measurement to what a row says of it; none where it is so.
  /// - Throws: `Rejection` where it is otherwise and the import does not revise.
  func remeasuring(
    _ issued: IssuedCommand, _ record: EntityRecord, _ open: OpenBatch
  ) throws -> [IssuedCommand] {
    var step = issued
    // The day that the row gives is that of the first recording; what came later has moved on.
    step.on = issued.on.flatMap { $0 >= record.occurredOn ? $0 : nil }
    if step.context.reason == nil {
      step.context.reason = try? Text("revised by import of \(source)")
    }
    guard try !open.drafts(for: Submission(step)).isEmpty else { return [] }
    guard options.revises else {
      throw Rejection(
        .input, "import.changed", "\(record.stream.reference) was measured otherwise before",
        hint: "add --revise to correct it to what the file says",
        details: ["reference": .string(record.stream.reference)])
    }
    return [step]
  }

  /// What the references to other systems' ids in a row (`@source:id`) stand for.
  func resolveExternals(of row: ImportRow, _ open: OpenBatch) throws {
    for text in row.fields.members.flatMap({ ImportRow.names(in: $0.value) })
    where names[text] == nil {
      // A breach has a period behind its standard.
      for name in [text[...], text[..<(text.lastIndex(of: "/") ?? text.endIndex)]] {
        guard let external = try? ExternalID(scalar: String(name.dropFirst())),
          let record = try open.record(external: external)
        else { continue }
        names[String(name)] = record.stream.reference
        break
      }
    }
  }
}

extension ImportRow {
  /// The texts of a value that begin with an @.
  fileprivate static func names(in value: JSON) -> [String] {
    switch value {
    case .string(let text): text.hasPrefix("@") ? [text] : []
    case .array(let items): items.flatMap { names(in: $0) }
    case .null, .bool, .int, .object: []
    }
  }
}
