/// How many of our own people believe that we deliver a superior experience, less how many customers
/// agree (domain §6).
package struct DeliveryGap: Hashable, Sendable {
  /// What was asked, taken together: millionths of people who agreed, and people.
  package struct Answers: Hashable, Sendable {
    package var agreeing: Int64
    package var sample: Int64

    package init(agreeing: Int64, sample: Int64) {
      self.agreeing = agreeing
      self.sample = sample
    }

    /// The share who agreed, to six places; unknown where nobody was asked.
    package var share: Exact? {
      guard sample > 0 else { return nil }
      let (quotient, remainder) = agreeing.quotientAndRemainder(dividingBy: sample)
      let isUp = remainder * 2 > sample || (remainder * 2 == sample && quotient % 2 != 0)
      return try? Exact(millionths: quotient + (isUp ? 1 : 0))
    }
  }

  package var employees: Answers
  package var customers: Answers

  package init(employees: Answers, customers: Answers) {
    self.employees = employees
    self.customers = customers
  }

  /// Unknown where one side was not asked.
  package var size: Exact? {
    guard let ours = employees.share, let theirs = customers.share else { return nil }
    return ours - theirs
  }
}

extension Catalog {
  /// Bain's published reference: firms that believe it, and customers who agree.
  package static let deliveryGapReference = (believing: "0.8", agreeing: "0.08", gap: "0.72")
  /// What has to be said beside it.
  package static let deliveryGapCaveat =
    "Bain's published reference asked firms, ours asks our own people: compare the direction, not the size."
  /// Why our own people are asked first (domain §6).
  package static let employeesFirst =
    "Good impressions begin with our own people: theirs come before those of customers."
  /// What closes it, in order.
  package static let deliveryGapRemedies = [
    "design the right experience", "deliver it in the whole company", "keep the ability to delight",
  ]
}
