import CEMStore

/// Prints events piece by piece as they are read.
struct EventPrinter {
  private var printer: ListPrinter<EventView>

  /// - Parameter isEndless: whether events come whose width nobody knows.
  init(_ style: OutputStyle, isEndless: Bool = false) {
    printer = ListPrinter(
      style, style.eventFields, growing: isEndless ? Words.title("what", orEnglish: "WHAT") : nil)
  }

  /// Prints the next events.
  mutating func write(_ events: [StoredEvent]) throws {
    try printer.write(events.map { EventView($0) })
  }

  /// Prints what belongs after the last event.
  mutating func finish(empty: String) throws { try printer.finish(empty: empty) }
}
