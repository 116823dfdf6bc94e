extension LocalServer {
  /// The account a server runs under. PostgreSQL refuses to run as root.
  enum Account: String, Sendable {
    /// The user's own account.
    case current
    /// Root behind a user namespace that shows it as `nobody`; files stay root's own.
    case userNamespace = "unshare"
    /// The user `postgres`, for containers that grant no user namespaces.
    case switchedUser = "setpriv"

    /// The words in front of every command that this account is to run.
    ///
    /// 65534 is `nobody` on every Linux; `initdb` needs a user that the password database knows.
    var commandPrefix: [String] {
      switch self {
      case .current: []
      case .userNamespace: ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
      case .switchedUser:
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
      }
    }

    /// The user who must own what the server writes, where that isn't the user of this process.
    var user: POSIX.User? {
      self == .switchedUser ? POSIX.user(named: "postgres") : nil
    }
  }
}
