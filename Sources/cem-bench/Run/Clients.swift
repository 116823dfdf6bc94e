import Foundation
import Synchronization

/// Somebody who writes or reads over connections of their own.
protocol Client {
  /// Does it once.
  /// - Returns: how many events that were.
  mutating func once() throws -> Int
}

/// Lets clients work at once for some time, each on a thread of its own (calls that block would starve
/// a task group, which has only as many threads as the machine has cores).
///
/// - Parameter make: makes a client on its thread; that, and its first call, are not measured.
/// - Throws: the first client's error.
func run(
  clients count: Int, seconds: Double, _ make: @escaping @Sendable (Int) throws -> any Client
) throws -> Sample {
  let results = Mutex<[Result<Work, any Error>]>([])
  let ready = DispatchSemaphore(value: 0)
  let start = DispatchSemaphore(value: 0)
  let done = DispatchSemaphore(value: 0)
  for index in 0..<count {
    let thread = Thread {
      let result = Result {
        let made = Result {
          var client = try make(index)
          // The first time fills caches and prepares statements.
          _ = try client.once()
          return client
        }
        ready.signal()
        start.wait()
        var client = try made.get()
        return try Work(of: &client, seconds: seconds)
      }
      results.withLock { $0.append(result) }
      done.signal()
    }
    thread.stackSize = 4 << 20
    thread.start()
  }
  for _ in 0..<count { ready.wait() }
  let clock = ContinuousClock.now
  for _ in 0..<count { start.signal() }
  for _ in 0..<count { done.wait() }
  let time = ContinuousClock.now - clock
  let works = try results.withLock { $0 }.map { try $0.get() }
  return .rate(
    works.map(\.events).reduce(0, +), in: time, latencies: works.flatMap(\.latencies))
}

/// What a client did.
private struct Work {
  var events = 0
  /// In milliseconds.
  var latencies: [Double] = []

  init(of client: inout any Client, seconds: Double) throws {
    let start = ContinuousClock.now
    var last = start
    let end = start + .seconds(seconds)
    repeat {
      events += try client.once()
      let now = ContinuousClock.now
      latencies.append((now - last).seconds * 1000)
      last = now
    } while last < end
  }
}

/// Times calls one by one.
func timed(calls: Int, _ call: () throws -> Void) rethrows -> [Double] {
  var latencies: [Double] = []
  for _ in 0..<calls {
    let start = ContinuousClock.now
    try call()
    latencies.append((ContinuousClock.now - start).seconds * 1000)
  }
  return latencies
}
