import CEMDomain
import CEMStore

/// Prints events piece by piece as they are read, in any format, as if they had been one list.
struct EventPrinter {
  let style: OutputStyle
  /// Whether there is no end to the list, so that rows come whose width nobody knows.
  var isEndless = false
  private var layout: TableLayout?
  private var isBegun = false
  private(set) var count = 0
  /// A terminal gets a JSON list indented, which is made as a whole.
  private var held: [EventView] = []

  init(_ style: OutputStyle, isEndless: Bool = false) {
    self.style = style
    self.isEndless = isEndless
  }

  private var isPrettyList: Bool { style.format == .json && style.width != nil }

  /// Prints the next events.
  mutating func write(_ events: [StoredEvent]) throws {
    let views = events.map { EventView($0) }
    let listing = Listing(views, style.eventFields)
    if !isBegun {
      isBegun = true
      try Console.standard.write(listing.beginning(style))
      if style.format == .json, !isPrettyList { try Console.standard.write("[") }
    }
    if isPrettyList {
      held += views
    } else if style.format == .json {
      let rows = try listing.continuation(style, layout: &layout).split(separator: "\n")
      guard !rows.isEmpty else { return }
      try Console.standard.write((count > 0 ? "," : "") + rows.joined(separator: ","))
    } else {
      try Console.standard.write(
        listing.continuation(
          style, layout: &layout, growing: isEndless ? Words.title("what", orEnglish: "WHAT") : nil)
      )
    }
    count += events.count
  }

  /// Prints what belongs after the last event.
  mutating func finish(empty: String) throws {
    try write([])
    if isPrettyList {
      try Console.standard.write(Listing(held, style.eventFields).text(style))
    } else if style.format == .json {
      try Console.standard.write("]\n")
    } else if count == 0, style.isForPeople, style.width != nil {
      try Console.standard.write(Words.say(empty) + "\n")
    }
  }
}
