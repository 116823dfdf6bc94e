import CEMTestSupport
import Foundation
import Synchronization

/// A relay between a client and the test server that can swallow the server's next answer and hang up:
/// the network failing at the worst moment.
final class CuttingProxy: Sendable {
  let conninfo: String
  private let directory: String
  private let isCutting = Atomic<Bool>(false)

  init(to database: TestDatabase) throws {
    directory = "/tmp/cem-proxy-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    conninfo =
      "host=\(directory) port=5432 user=postgres dbname=\(database.name) gssencmode=disable"
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard SocketAddress.with(directory + "/.s.PGSQL.5432", { bind(listener, $0, $1) }) == 0,
      listen(listener, 1) == 0
    else { throw POSIXError(.EADDRINUSE) }
    let server = database.server.directory + "/.s.PGSQL.5432"
    Thread.detachNewThread { [self] in
      let client = accept(listener, nil, nil)
      let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      _ = SocketAddress.with(server) { connect(upstream, $0, $1) }
      relay(client, upstream)
      for descriptor in [client, upstream, listener] { close(descriptor) }
      try? FileManager.default.removeItem(atPath: directory)
    }
  }

  /// From now on: what the client sends is passed on, and the server's answer ends the connection.
  func cutBeforeNextAnswer() {
    isCutting.store(true, ordering: .releasing)
  }

  private func relay(_ client: Int32, _ server: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var descriptors = [
        pollfd(fd: client, events: Int16(POLLIN), revents: 0),
        pollfd(fd: server, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&descriptors, 2, -1) >= 0 else { return }
      for (from, to) in [(0, server), (1, client)] where descriptors[from].revents != 0 {
        let count = read(descriptors[from].fd, &buffer, buffer.count)
        guard count > 0 else { return }
        if from == 1, isCutting.load(ordering: .acquiring) { return }
        guard write(to, buffer, count) == count else { return }
      }
    }
  }
}
