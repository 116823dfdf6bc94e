extension Catalog {
  /// The version of the ethics text that is attested today; a new wording takes the next number.
  package static let ethicsVersion = 1

  /// What whoever runs a word-of-mouth initiative attests (domain §7).
  package static let ethicsText =
    "no stealth, no undisclosed paid buzz, no fake identities, no lies, no spam"
}
