import CEMStore
import TransparencyLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A private key in a file of its own, outside of any database, and beside it what it signed last.
///
/// While this lives, the file is locked: two signers with one key could sign two histories.
struct KeyFile: ~Copyable {
  let key: SignerKey
  private let path: String
  private let file: OpenFile

  /// Where a key's state is kept.
  static func statePath(of path: String) -> String { path + ".state" }

  /// Writes a new key, and the state from which it begins.
  /// - Throws: `CommandError` where there is such a file, or it cannot be written.
  static func create(
    _ path: String, _ key: SignerKey, state: SigningState
  ) throws(CommandError) {
    let path = Files.absolute(path)
    guard !Files.exists(path), !Files.exists(statePath(of: path)) else {
      throw CommandError(
        "key.exists", "there is a key already: \(path)",
        hint: "keep it, or name another file: a key that is lost cannot be made again",
        exit: .input)
    }
    do {
      let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
      try file.writeDurably(key.secretText + "\n")
      try Files.replace(statePath(of: path), with: state.text)
    } catch {
      throw CommandError(
        "key.unwritable", "the key cannot be written to \(path)", cause: error.reason,
        exit: .inputOutput)
    }
  }

  private init(_ key: SignerKey, _ path: String, _ file: consuming OpenFile) {
    self.key = key
    self.path = path
    self.file = file
  }

  /// Opens and locks a key.
  /// - Throws: `CommandError` where it is missing, no key, or others may read it.
  static func open(
    _ path: String, _ algorithm: SignatureAlgorithm
  ) throws(CommandError) -> KeyFile {
    let absolute = Files.absolute(path)
    let file = try lock(absolute)
    guard file.isPrivate else {
      throw CommandError(
        "key.not-private", "others may read the key \(path)", hint: "chmod 600 \(path)",
        exit: .configuration)
    }
    let key = try read(absolute)
    guard key.verifier.algorithm == algorithm else {
      throw CommandError(
        "key.other-use",
        algorithm == .ed25519
          ? "\(path) is a witness's key; a log is signed with its own"
          : "\(path) is a log's key; a witness signs with its own",
        hint: "cem audit checkpoint keygen --help", exit: .input)
    }
    return KeyFile(key, absolute, file)
  }

  private static func lock(_ path: String) throws(CommandError) -> OpenFile {
    let reason: String
    do throws(SystemError) {
      let file = try OpenFile(path, O_RDONLY)
      if file.lock(waiting: true) { return file }
      reason = "it cannot be locked"
    } catch {
      reason = error.reason
    }
    throw CommandError(
      "key.unreadable", "the key \(path) cannot be used", cause: reason, exit: .notFound)
  }

  private static func read(_ path: String) throws(CommandError) -> SignerKey {
    let bytes = try Files.contents(path)
    do throws(NoteError) {
      guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else {
        throw .malformedKey("a key is one line")
      }
      return try SignerKey(String(text.dropLast()))
    } catch {
      throw CommandError(
        "key.malformed", "\(path) is no private key", cause: error.words, exit: .input)
    }
  }

  /// What the key signed last.
  /// - Throws: `CommandError` where it is missing or damaged: then the key must not sign.
  func state() throws(CommandError) -> SigningState {
    let path = KeyFile.statePath(of: path)
    guard Files.exists(path) else {
      throw CommandError(
        "key.no-state", "it is not known what this key signed last: \(path) is missing",
        cause: "a key that forgets could sign two histories",
        hint: "bring the file back, or begin with a new key: cem audit checkpoint keygen",
        exit: .configuration)
    }
    do {
      return try SigningState(text: try Files.contents(path))
    } catch let error as CommandError {
      throw error
    } catch {
      throw CommandError(
        "key.no-state", "\(path) does not say what this key signed last", cause: "\(error)",
        hint: "bring the file back, or begin with a new key: cem audit checkpoint keygen",
        exit: .configuration)
    }
  }

  /// Remembers what the key is about to sign. It is on the disk when this returns, so that nothing is
  /// given out that could be forgotten.
  /// - Throws: `CommandError`.
  func remember(_ state: SigningState) throws(CommandError) {
    do {
      try Files.replace(KeyFile.statePath(of: path), with: state.text)
    } catch {
      throw CommandError(
        "key.unwritable", "what this key signs cannot be noted beside it", cause: error.reason,
        exit: .configuration)
    }
  }
}
