import Foundation

/// A socket that takes connections and never answers.
struct SilentListener {
  private let descriptor: Int32

  init?(path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let bound = SocketAddress.with(path) { bind(descriptor, $0, $1) }
    guard bound == 0, listen(descriptor, 8) == 0 else { return nil }
  }

  func close() {
    _ = Foundation.close(descriptor)
  }
}

enum SocketAddress {
  /// Lends the address of a socket in the file system.
  static func with(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
