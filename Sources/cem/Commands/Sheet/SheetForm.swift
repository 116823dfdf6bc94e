import CEMDomain

/// The sheets that are given out: which columns they have, and what people may fill in.
enum SheetForm: String, CaseIterable {
  case gaps, initiatives, actions, newGaps, newInitiatives

  /// What a column holds.
  enum Kind {
    /// What only tells which thing it is; it is locked.
    case reference
    case text, number, day, code
    /// A person, by name or id.
    case person
    /// Several references in one cell.
    case references
    /// Yes or nothing.
    case flag
    /// A term of a kind, with the ids that it may have.
    case term(String, [String])
    /// Several of them in one cell, divided by commas.
    case terms(String, [String])
  }

  struct Column {
    /// The field's name, as commands have it where it is one of a command.
    var key: String
    /// English; every language is understood.
    var title: String
    var kind: Kind

    init(_ key: String, _ title: String, _ kind: Kind = .reference) {
      self.key = key
      self.title = title
      self.kind = kind
    }

    var isInput: Bool { if case .reference = kind { false } else { true } }
  }

  /// Raised when a workbook of an earlier kind could be misread.
  static let version = 1
  /// How many rows there are for new things.
  static let blankRows = 30

  /// The sheet's name in English.
  var title: String {
    switch self {
    case .gaps: "Gaps"
    case .initiatives: "Initiatives"
    case .actions: "Maturity actions"
    case .newGaps: "New gaps"
    case .newInitiatives: "New initiatives"
    }
  }

  /// The columns in their order; the first tells which thing a row is about.
  var columns: [Column] {
    switch self {
    case .gaps:
      [
        Column("ref", "Ref"), Column("title", "Title"), Column("link", "Link"),
        Column("severity", "Severity"), Column("expected", "Expected"),
        Column("before", "Perceived before"), Column("unit", "Unit"),
        Column("perceived", "Perceived now", .number), Column("measuredOn", "Measured on", .day),
        Column("resolution", "Closed by", .text), Column("unmetReason", "Why not met", .text),
        Column("owner", "Owner", .person), Column("due", "Due", .day),
        Column("reason", "Reason for the change", .text),
      ]
    case .initiatives:
      [
        Column("ref", "Ref"), Column("title", "Title"), Column("step", "Step"),
        Column("state", "State"), Column("ragBefore", "Colour before"),
        Column("rag", "Colour now", SheetForm.term(StatusColour.self)),
        Column("note", "Note", .text), Column("owner", "Owner", .person),
        Column("due", "Due", .day),
        Column("reason", "Reason for the change", .text), Column("completed", "Completed", .flag),
        Column("measured", "Measured outcome", .number),
      ]
    case .actions:
      [
        Column("action", "Action"), Column("text", "What"), Column("state", "State"),
        Column("evidence", "Evidence", .text), Column("on", "Done on", .day),
        Column("expires", "Expires", .day),
      ]
    case .newGaps:
      [
        Column("number", "No."), Column("title", "Title", .text),
        Column("link", "Link", SheetForm.term(GapLink.self)),
        Column("severity", "Severity", .number), Column("expected", "Expected", .number),
        Column("perceived", "Perceived", .number), Column("unit", "Unit", .text),
        Column("lowerIsBetter", "Lower is better", .flag), Column("owner", "Owner", .person),
        Column("due", "Due", .day),
      ]
    case .newInitiatives:
      [
        Column("number", "No."), Column("title", "Title", .text),
        Column("step", "Step", SheetForm.term(Step.self)),
        Column("brandElements", "Elements of the brand", SheetForm.terms(BrandElement.self)),
        Column("owner", "Owner", .person), Column("start", "Start", .day),
        Column("due", "Due", .day),
        Column("gaps", "Gaps", .references), Column("platform", "Platform", .code),
        Column("waivePlatform", "Why without a platform", .text),
      ]
    }
  }

  private static func term<T: Term>(_ type: T.Type) -> Kind {
    .term(Catalog.kindName(of: T.allCases.first!), T.allCases.map(\.rawValue))
  }

  private static func terms<T: Term>(_ type: T.Type) -> Kind {
    .terms(Catalog.kindName(of: T.allCases.first!), T.allCases.map(\.rawValue))
  }

  /// The title of the sheet that says how to fill in the others.
  static let guide = "Guide"
  /// The name of the hidden sheet that says what was given out.
  static let origin = "cem"
  /// The name of the hidden sheet with the terms that cells may have.
  static let lists = "Lists"
}

extension Words {
  /// Whether a text is a phrase in any language, whatever its capitals and the blanks around it.
  static func matches(_ text: String, _ english: String) -> Bool {
    let wanted = text.trimmed.lowercased()
    return ([english] + Array((phrases[english] ?? [:]).values)).contains {
      $0.lowercased() == wanted
    }
  }
}
