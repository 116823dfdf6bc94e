import CEMDomain

extension Field where Row == EntityRecord {
  /// The reference of a numbered thing.
  static var ref: Field { Field("ref") { .text($0.stream.reference) } }

  /// The id that another system gave it.
  static var external: Field { Field("external", inTable: false) { Datum($0.external) } }

  /// Whether another login approved what takes an approver, and which.
  static var approval: [Field] {
    [
      Field("independentlyApproved", inTable: false) { record in
        Datum(record.approvedMatter.map { $0.approval != nil })
      },
      Field("approvedBy", inTable: false) { Datum($0.approvedMatter?.approval?.by) },
      Field("approvedAs", inTable: false) { Datum($0.approvedMatter?.approval?.request) },
    ]
  }

  /// Whether it was voided; lists leave such things out.
  static var voided: Field { Field("voided", inTable: false) { .bool($0.isVoided) } }

  /// The stream's version, for `--expect`.
  static var version: Field {
    Field("version", inTable: false, numeric: true) { Datum($0.version) }
  }

  /// What it was voided as a duplicate of.
  static var duplicateOf: Field {
    Field("duplicateOf", inTable: false) { Datum($0.duplicateOf?.reference) }
  }

  /// The position of its last event.
  static var position: Field {
    Field("position", inTable: false, numeric: true) { .integer($0.position) }
  }

  /// The same by the name that some nouns had for it first.
  static var changedAt: Field {
    Field("changedAtPosition", inTable: false, numeric: true) { .integer($0.position) }
  }
}
