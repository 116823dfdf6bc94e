/// The catalog of terms: numbered, and never changed once released (domain §9).
package enum Catalog {
  /// The released version that new programs adopt.
  package static let version = 2
  /// The released versions, all of which a program may have adopted.
  package static let released = [1, 2]
}
