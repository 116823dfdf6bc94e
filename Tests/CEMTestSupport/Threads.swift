import Dispatch
import Foundation

/// Runs a body on as many threads at once, for real: calls that block would starve a task group or
/// a dispatch queue, which have only as many threads as the machine has cores.
package func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let done = DispatchSemaphore(value: 0)
  for index in 0..<count {
    let thread = Thread {
      body(index)
      done.signal()
    }
    thread.stackSize = 4 << 20
    thread.start()
  }
  for _ in 0..<count { done.wait() }
}
