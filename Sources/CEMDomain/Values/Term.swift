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
      throw FieldError(Self.expectation(against: text))
    }
  }

  /// Reads an id that was given as an argument.
  /// - Throws: `FieldError` that names the field.
  package init(given text: String, field: String) throws(FieldError) {
    guard let term = Self(rawValue: text) else {
      throw FieldError(path: field, Self.expectation(against: text))
    }
    self = term
  }

  private static func expectation(against text: String) -> String {
    "must be one of \(allCases.map(\.rawValue).joined(separator: ", ")), not \(shown(text))"
  }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).encode(scalar: rawValue)
  }
}
