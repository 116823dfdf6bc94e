import CEMDomain

extension Field where Row == EntityRecord {
  /// The reference of a numbered thing.
  static var ref: Field { Field("ref") { .text($0.stream.reference) } }

  /// The id that another system gave it.
  static var external: Field { Field("external", inTable: false) { Datum($0.external) } }

  /// Whether it was voided; lists leave such things out.
  static var voided: Field { Field("voided", inTable: false) { .bool($0.isVoided) } }

  /// The stream's version, for `--expect`.
  static var version: Field {
    Field("version", inTable: false, numeric: true) { Datum($0.version) }
  }

  /// The position of its last event.
  static var changedAt: Field {
    Field("changedAtPosition", inTable: false, numeric: true) { .integer($0.position) }
  }
}
