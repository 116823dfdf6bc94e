/// A closed set of catalog ids. Events store the id; names and languages are the catalog's.
package protocol Term: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {}

/// A term whose members have numbers that people use, from 1 in the order of declaration.
package protocol NumberedTerm: Term {}

extension Term {
  package init(from decoder: any Decoder) throws {
    let decoder = decoder as! FieldDecoder
    let text = try decoder.string()
    if let term = Self(rawValue: text) {
      self = term
    } else if decoder.acceptsNumbers, Self.self is any NumberedTerm.Type,
      let number = positiveNumber(text), (1...Self.allCases.count).contains(number)
    {
      self = Self.allCases[Self.allCases.index(Self.allCases.startIndex, offsetBy: number - 1)]
    } else {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw FieldError("must be one of \(known), not \(shown(text))")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).encode(scalar: rawValue)
  }
}
