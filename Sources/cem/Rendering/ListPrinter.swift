/// Prints a list piece by piece as it is read, in any format, as if it had been one `Listing`.
struct ListPrinter<Row> {
  let style: OutputStyle
  private let fields: [Field<Row>]
  /// The title of the column that takes what is left of the width, where there is no end to the list, so
  /// that rows come whose width nobody knows.
  private let growing: String?
  private var layout: TableLayout?
  private var isBegun = false
  private(set) var count = 0
  /// A terminal gets a JSON list indented, which is made as a whole.
  private var held: [Row] = []

  init(_ style: OutputStyle, _ fields: [Field<Row>], growing: String? = nil) {
    self.style = style
    self.fields = fields
    self.growing = growing
  }

  private var isPrettyList: Bool { style.format == .json && style.width != nil }

  /// Prints the next rows.
  /// - Throws: `CommandError` for an unknown field; where nobody reads, what `Console` throws.
  mutating func write(_ rows: [Row]) throws {
    let listing = Listing(rows, fields)
    if !isBegun {
      isBegun = true
      try Console.standard.write(listing.beginning(style))
      if style.format == .json, !isPrettyList { try Console.standard.write("[") }
    }
    if isPrettyList {
      held += rows
    } else if style.format == .json {
      let lines = try listing.continuation(style, layout: &layout).split(separator: "\n")
      guard !lines.isEmpty else { return }
      try Console.standard.write((count > 0 ? "," : "") + lines.joined(separator: ","))
    } else {
      try Console.standard.write(
        listing.continuation(style, layout: &layout, growing: growing))
    }
    count += rows.count
  }

  /// Prints what belongs after the last row.
  mutating func finish(empty: String) throws {
    try write([])
    if isPrettyList {
      try Console.standard.write(Listing(held, fields).text(style))
    } else if style.format == .json {
      try Console.standard.write("]\n")
    } else if count == 0, style.isForPeople, style.width != nil {
      try Console.standard.write(Words.say(empty) + "\n")
    }
  }
}
