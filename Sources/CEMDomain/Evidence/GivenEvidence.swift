/// What a command gives as its evidence.
package enum GivenEvidence: Codable, Hashable, Sendable {
  /// A reference, or a text that becomes evidence.
  case words(Text)
  /// Evidence that is added by the command.
  case new(EvidenceDetails)

  package init(from decoder: any Decoder) throws {
    if case .object? = (decoder as! FieldDecoder).split.facts {
      self = .new(try EvidenceDetails(from: decoder))
    } else {
      self = .words(try Text(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .words(let text): try text.encode(to: encoder)
    case .new(let details): try details.encode(to: encoder)
    }
  }

  /// The evidence that is pointed to; `nil` where it is added.
  var stream: StreamID? {
    guard case .words(let text) = self, let stream = text.value.flatMap({ StreamID($0) }),
      stream.kind == .evidence
    else { return nil }
    return stream
  }

  /// What a person or a file means by it: a link is one, and a reference that is misspelt is no text.
  ///
  /// Only what is given now is read so. A decision takes words as they are, for it may be one of long ago.
  /// - Throws: `Rejection` for what was meant as a reference.
  func asMeant() throws -> GivenEvidence {
    guard case .words(let text) = self, stream == nil, let value = text.value else { return self }
    if let meant = GivenEvidence.reference(meantBy: value) {
      throw Rejection.noEvidence(value, meant)
    }
    // Whoever has the file itself at hand gives its size and digest.
    guard !GivenEvidence.isFileName(value) else { throw Rejection.evidenceIsFileName(value) }
    guard GivenEvidence.isLink(value) else { return self }
    return .new(EvidenceDetails(title: try Title(String(value.prefix(100))), url: text))
  }

  /// Whether a text is given as words that stay as they are.
  static func isText(_ text: String) -> Bool {
    reference(meantBy: text) == nil && !isFileName(text) && !isLink(text)
  }

  /// Whether it is one word that ends as the names of files do: nobody means such a word as a text.
  package static func isFileName(_ text: String) -> Bool {
    let name = text.split(separator: "/").last ?? ""
    guard let dot = name.dropFirst().lastIndex(of: "."), !text.contains("://") else { return false }
    return fileEndings.contains(name[name.index(after: dot)...].lowercased())
      && !text.contains(where: \.isWhitespace)
  }

  private static let fileEndings = Set(
    """
    7z avi bmp csv doc docx eml gif gz heic htm html ics jpeg jpg json key log m4a md mov mp3 mp4 msg ndjson \
    numbers odp ods odt pages pdf png ppt pptx rar rtf svg tar tif tiff tsv txt wav webp xls xlsm xlsx xml zip
    """.split(separator: " ").map(String.init))

  /// Whether a text is a link and nothing else.
  package static func isLink(_ text: String) -> Bool {
    (text.hasPrefix("http://") || text.hasPrefix("https://"))
      && !text.contains(where: \.isWhitespace)
  }

  /// The reference that a text was meant to be: `EV-2` for `ev 2`, `EV2` and `2`; the thing itself for what is no
  /// evidence; `nil` for a text.
  package static func reference(meantBy text: String) -> StreamID? {
    if let stream = StreamID(text), stream.number > 0 { return stream }
    let letters = text.lowercased().filter { $0.isLetter || $0.isNumber }
    let others = text.count - letters.count
    let digits =
      letters.hasPrefix("evidence")
      ? letters.dropFirst(8)
      : letters.hasPrefix("ev") ? letters.dropFirst(2) : letters[...]
    guard others <= 3, !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      digits.count == letters.count ? others == 0 : true
    else { return nil }
    // EV-0 is nothing, and no text either: an example stands for what was meant.
    return StreamID(.evidence, number: positiveNumber(digits.drop { $0 == "0" }) ?? 4)
  }
}

/// A command that points to evidence, or gives what becomes some.
package protocol EvidenceCommand: Command {
  /// What stands for its evidence.
  var evidenceGiven: GivenEvidence? { get set }
}

extension EvidenceCommand {
  /// The same with its evidence as it is meant.
  func withEvidenceAsMeant() throws -> any Command {
    var command = self
    do {
      command.evidenceGiven = try evidenceGiven?.asMeant()
    } catch let error as FieldError {
      throw error.under("evidence")
    }
    return command
  }
}

extension CompleteAction: EvidenceCommand {
  package var evidenceGiven: GivenEvidence? {
    get { evidence }
    set { if let newValue { evidence = newValue } }
  }
}
extension ConcludePilot: EvidenceCommand {
  package var evidenceGiven: GivenEvidence? {
    get { evidence }
    set { evidence = newValue }
  }
}
extension CloseGap: EvidenceCommand {
  package var evidenceGiven: GivenEvidence? {
    get { evidence }
    set { evidence = newValue }
  }
}
extension CompleteInitiative: EvidenceCommand {
  package var evidenceGiven: GivenEvidence? {
    get { evidence }
    set { evidence = newValue }
  }
}

extension Situation {
  /// The evidence with a reference.
  package func evidence(_ ref: EvidenceRef) throws(Rejection) -> Evidence {
    try require(ref.stream, as: \.evidence)
  }

  /// What a command means by the evidence that it may have.
  func evidence(
    _ given: GivenEvidence?, orTitled title: String
  ) throws(Rejection) -> (EvidenceRef?, added: [Change]) {
    guard let given else { return (nil, []) }
    let (ref, added): (EvidenceRef, [Change]) = try evidence(given, orTitled: title)
    return (ref, added)
  }

  /// What a command means by its evidence: some that holds on its date, or some that it adds. A text is titled by its
  /// own words, or by a title where it is too long to be one.
  func evidence(
    _ given: GivenEvidence, orTitled title: String
  ) throws(Rejection) -> (EvidenceRef, added: [Change]) {
    if let stream = given.stream {
      let ref = EvidenceRef(stream.number)
      guard try evidence(ref).isValid(on: on) else { throw .evidenceHasExpired(ref) }
      return (ref, [])
    }
    let added: [Change]
    switch given {
    case .new(let details): added = try AddEvidence(details: details).decide(in: self)
    case .words(let text):
      do {
        let words = text.value ?? ""
        let details =
          words.utf8.count <= TitleLimit.maximumBytes
          ? EvidenceDetails(title: try Title(words))
          : EvidenceDetails(title: try Title(title), text: text)
        added = [Change(try next(.evidence), .evidence(.added(details)))]
      } catch let error as FieldError {
        throw .input(FieldError(path: "evidence", error.message))
      } catch let error as Rejection {
        throw error
      } catch {
        throw .input(FieldError(path: "evidence", "cannot be read"))
      }
    }
    return (EvidenceRef(added[0].stream.number), added)
  }
}

extension Rejection {
  fileprivate static func evidenceHasExpired(_ ref: EvidenceRef) -> Rejection {
    Rejection(
      "evidence.expired", "\(ref) has expired", hint: "cem evidence renew \(ref) --expires DATE")
  }

  /// A file's name alone says nothing of what is in the file.
  fileprivate static func evidenceIsFileName(_ name: String) -> Rejection {
    Rejection(
      .input, "evidence.file-name", "evidence: \(shown(name)) is the name of a file, not a text",
      hint: "cem evidence add FILE --title TEXT (and name it here like EV-4, or write a sentence)",
      details: ["field": "evidence"])
  }

  fileprivate static func noEvidence(_ given: String, _ meant: StreamID) -> Rejection {
    let isEvidence = meant.kind == .evidence
    return Rejection(
      .input, "evidence.reference",
      "evidence: \(shown(given)) is neither a reference to evidence nor a text",
      hint: isEvidence
        ? "name it like \(meant.reference), or say in a sentence what was done"
        : "name evidence like EV-4, or say in a sentence what \(meant.reference) shows",
      details: ["field": "evidence"])
  }
}
