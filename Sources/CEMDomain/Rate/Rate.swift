/// What a unit of one currency was worth in another on a day (domain §0: totals stay per currency unless a
/// rate was recorded).
package struct Rate: EntityState {
  package static let kind = EntityKind.rate

  package var details: RateDetails

  package init(details: RateDetails) { self.details = details }
}

/// The recorded fields of a rate. Its day is the business date on which it was recorded.
package struct RateDetails: EntityDetails {
  package var from: Currency
  package var to: Currency
  /// How many units of `to` one of `from` is worth; more than zero.
  package var value: Exact
  /// Where it was published.
  package var source: Text?

  package func validate() throws(FieldError) {
    guard from != to else {
      throw FieldError(path: "to", "must be another currency than \(from)")
    }
    guard value > .zero else {
      throw FieldError(path: "value", "must be more than zero, not \(value)")
    }
  }
}

/// What can happen to a rate, beside corrections.
package enum RateEvent: StoredEvents {
  case recorded(RateDetails)

  package static let forms: [StoredForm<RateEvent>] = [
    StoredForm("rate.recorded", 1, command: "rate.record") { .recorded($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .recorded(let payload): ("rate.recorded", 1, payload)
    }
  }
}

/// Records a rate of exchange.
package struct RecordRate: Command {
  package static let name = "rate.record"
  package var from: Currency
  package var to: Currency
  package var rate: Exact
  package var source: Text?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.program()
    let details = RateDetails(from: from, to: to, value: rate, source: source)
    do { try details.validate() } catch {
      throw .input(FieldError(path: error.path == "value" ? "rate" : error.path, error.message))
    }
    return [Change(try situation.next(.rate), .rate(.recorded(details)))]
  }
}

/// The rates that a program recorded, by which amounts of one day come into one currency.
package struct RateTable: Sendable {
  /// One recorded rate.
  package struct Entry: Hashable, Sendable {
    package var ref: RateRef
    package var day: Day
    package var details: RateDetails
  }

  /// The oldest first.
  package let entries: [Entry]

  /// - Parameter records: rates among things of any kind; voided ones do not count.
  package init(_ records: some Sequence<EntityRecord>) {
    entries = records.compactMap { record in
      guard case .rate(let rate) = record.entity, !record.isVoided else { return nil }
      return Entry(ref: RateRef(record.stream.number), day: record.since, details: rate.details)
    }.sorted { ($0.day, $0.ref) < ($1.day, $1.ref) }
  }

  /// The newest rate on or before a day; of two of one day the one recorded later. Only a rate that was
  /// recorded in this direction: what it would be the other way round nobody said.
  package func rate(from: Currency, to: Currency, on day: Day) -> Entry? {
    entries.last { $0.day <= day && $0.details.from == from && $0.details.to == to }
  }
}

/// A total in one currency of amounts in several.
package struct ConvertedSum: Hashable, Sendable {
  package let currency: Currency
  /// What the amounts add up to for which there was a rate.
  package private(set) var total = Total.zero
  /// The rates that were used, each once, in order.
  package private(set) var rates: [RateRef] = []
  /// The currencies of amounts for which there was no rate, with the first day of such an amount: then there
  /// is no total.
  package private(set) var missing: [Missing] = []

  /// A rate that nobody recorded.
  package struct Missing: Hashable, Sendable, CustomStringConvertible {
    package var currency: Currency
    /// It would have to be of this day or before.
    package var day: Day

    package var description: String { "\(currency) (≤ \(day))" }
  }

  package init(in currency: Currency) { self.currency = currency }

  /// Adds an amount by the rate of its day.
  package mutating func add(_ amount: Exact, _ from: Currency, on day: Day, by table: RateTable) {
    if from == currency { return total += Total(amount) }
    guard let entry = table.rate(from: from, to: currency, on: day) else {
      if let index = missing.firstIndex(where: { $0.currency == from }) {
        missing[index].day = min(missing[index].day, day)
      } else {
        missing.append(Missing(currency: from, day: day))
      }
      return
    }
    if !rates.contains(entry.ref) {
      rates.append(entry.ref)
      rates.sort()
    }
    total += amount.multiplied(by: entry.details.value)
  }

  /// Whether any amount was in another currency.
  package var isConverted: Bool { !rates.isEmpty || !missing.isEmpty }

  /// The total, where there was a rate for every amount.
  package var known: Total? { missing.isEmpty ? total : nil }
}

extension Exact {
  /// The product to six places, rounded half to even.
  package func multiplied(by other: Exact) -> Total {
    let product = Int128(millionths) * Int128(other.millionths)
    return Total(millionths: product.roundedQuotient(dividingBy: 1_000_000))
  }
}
