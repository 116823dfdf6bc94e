extension PostgresError {
  /// Errors by what a caller does about them; from the SQLSTATE codes of PostgreSQL's Appendix A.
  package enum Kind: Hashable, Sendable {
    /// Class 08, or the connection could not be made or broke.
    case connectionFailure
    /// 57P01, 57P02: the server ended the session.
    case adminShutdown
    /// 57P03: the server is starting up or shutting down.
    case cannotConnectNow
    /// 53300.
    case tooManyConnections
    /// 28P01 and the rest of class 28.
    case invalidPassword
    /// 3D000: no such database.
    case invalidCatalogName
    /// 3F000: no such schema.
    case invalidSchemaName
    /// 42501.
    case insufficientPrivilege
    /// 42P01.
    case undefinedTable
    /// 42703.
    case undefinedColumn
    /// 42883.
    case undefinedFunction
    /// 42704: no such role, type, setting …
    case undefinedObject
    /// 42P04, 42P06, 42P07, 42710, 42723: it exists already.
    case duplicateObject
    /// 42601.
    case syntaxError
    /// 23505.
    case uniqueViolation
    /// 23503.
    case foreignKeyViolation
    /// 23502.
    case notNullViolation
    /// 23514.
    case checkViolation
    /// The rest of class 23.
    case integrityViolation
    /// Class 22: a value that does not fit its type.
    case dataException
    /// 55P03: lock timeout or NOWAIT.
    case lockNotAvailable
    /// 55006: in use by others.
    case objectInUse
    /// 40001.
    case serializationFailure
    /// 40P01.
    case deadlockDetected
    /// 57014: cancelled, by a user, a timeout or ``Interrupts``.
    case queryCanceled
    /// 25P02: an earlier statement failed, only ROLLBACK is allowed.
    case failedTransaction
    /// 25006.
    case readOnlyTransaction
    /// 25P03 and 57P05: the session sat idle for too long and was ended.
    case idleTimeout
    /// The rest of class 53, and 54: disk, memory or limits.
    case insufficientResources
    /// 0A000.
    case featureNotSupported
    /// P0001, RAISE EXCEPTION without a code of its own.
    case raiseException
    /// Any other code, among them those that our functions raise.
    case other(String)
    /// A parameter (or the statement's text) holds a NUL byte; nothing was sent.
    case nulByte
    /// More than 65,535 parameters; nothing was sent.
    case tooManyParameters
    /// A column's text is not of the Swift type asked for, or there is no such column.
    case decoding
    /// A call that does not fit the connection's state, such as a query inside a COPY.
    case misuse

    /// The kind that an SQLSTATE stands for.
    package init(sqlState: String) {
      self =
        switch sqlState {
        case "57P01", "57P02": .adminShutdown
        case "57P03": .cannotConnectNow
        case "53300": .tooManyConnections
        case "3D000": .invalidCatalogName
        case "3F000": .invalidSchemaName
        case "42501": .insufficientPrivilege
        case "42P01": .undefinedTable
        case "42703": .undefinedColumn
        case "42883": .undefinedFunction
        case "42704": .undefinedObject
        case "42P04", "42P06", "42P07", "42710", "42723": .duplicateObject
        case "42601": .syntaxError
        case "23505": .uniqueViolation
        case "23503": .foreignKeyViolation
        case "23502": .notNullViolation
        case "23514": .checkViolation
        case "55P03": .lockNotAvailable
        case "55006": .objectInUse
        case "40001": .serializationFailure
        case "40P01": .deadlockDetected
        case "57014": .queryCanceled
        case "25P02": .failedTransaction
        case "25006": .readOnlyTransaction
        case "25P03", "57P05": .idleTimeout
        case "0A000": .featureNotSupported
        case "P0001": .raiseException
        default:
          switch sqlState.prefix(2) {
          case "08": .connectionFailure
          case "28": .invalidPassword
          case "23": .integrityViolation
          case "22": .dataException
          case "53", "54": .insufficientResources
          default: .other(sqlState)
          }
        }
    }
  }
}
