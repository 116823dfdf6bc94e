import CLibPQ

extension Connection {
  /// The server's name as connected to, or the directory of its socket.
  package var host: String { unsafe text(handle.flatMap { unsafe PQhost($0) }) }

  /// The database's name.
  package var database: String { unsafe text(handle.flatMap { unsafe PQdb($0) }) }

  /// The login's name.
  package var user: String { unsafe text(handle.flatMap { unsafe PQuser($0) }) }

  /// The server's version as a number: 150004 is 15.4.
  package var serverVersion: Int { Int(unsafe handle.map { unsafe PQserverVersion($0) } ?? 0) }

  /// Whether the session is encrypted by TLS.
  package var isTLS: Bool { unsafe handle.map { unsafe PQsslInUse($0) == 1 } ?? false }

  /// Whether the connection goes through a socket of this machine's file system.
  package var isSocket: Bool { host.hasPrefix("/") || host.hasPrefix("@") }

  /// Whether the session is lost or closed.
  package var isLost: Bool {
    unsafe handle.map { unsafe PQstatus($0) == CONNECTION_BAD } ?? true
  }

  /// Whether a transaction is open, be it failed or not.
  package var isInTransaction: Bool {
    guard let handle = unsafe handle else { return false }
    let status = unsafe PQtransactionStatus(handle)
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
  }

  /// A setting that the server reports by itself, such as `TimeZone` or `server_version`; no round trip.
  package func parameterStatus(_ name: String) -> String? {
    guard let handle = unsafe handle else { return nil }
    return unsafe PQparameterStatus(handle, name).map { unsafe String(cString: $0) }
  }

  /// A warning for the user where a server elsewhere was not made to prove who it is, nil where all is
  /// well: whoever sits between could read and change everything.
  package var securityWarning: String? {
    guard let handle = unsafe handle, !isSocket else { return nil }
    // The address that was reached: `hostaddr` may send any name elsewhere.
    let address = unsafe text(PQhostaddr(handle))
    guard !Connection.isLoopback(address.isEmpty ? host : address) else { return nil }
    // Kerberos encryption authenticates both sides.
    guard unsafe PQgssEncInUse(handle) == 0 else { return nil }
    return Connection.securityWarning(host: host, sslMode: option("sslmode"), isTLS: isTLS)
  }

  static func securityWarning(host: String, sslMode: String?, isTLS: Bool) -> String? {
    guard sslMode != "verify-full", sslMode != "verify-ca" else { return nil }
    let state =
      isTLS
      ? "is encrypted, but the server's certificate was not verified" : "is not encrypted"
    return "the connection to \(host) \(state); use sslmode=verify-full with sslrootcert"
  }

  static func isLoopback(_ host: String) -> Bool {
    if host.isEmpty || host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The value of a connection option in effect, wherever it came from.
  func option(_ keyword: String) -> String? {
    guard let handle = unsafe handle, let options = unsafe PQconninfo(handle) else { return nil }
    defer { unsafe PQconninfoFree(options) }
    return unsafe ConnectionOption.list(options).first { $0.keyword == keyword }?.value
  }

  private func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
  }
}
