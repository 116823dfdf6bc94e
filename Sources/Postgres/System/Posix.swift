#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few system calls that the module needs, each in a form that is safe to call.
enum Posix {
  /// What a wait on a connection's socket ended with.
  struct Readiness {
    var isReadable = false
    var isWritable = false
    var isWoken = false
  }

  /// Waits until the socket is readable (or, where asked, writable), the wake descriptor is readable,
  /// or the time is over.
  ///
  /// - Parameters:
  ///   - wake: a descriptor that interrupts the wait, or -1.
  ///   - milliseconds: the longest wait, or -1 for no limit.
  static func wait(
    socket: Int32, forWriting: Bool, wake: Int32, milliseconds: Int32
  ) -> Readiness {
    unsafe withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { descriptors in
      let interest = Int16(POLLIN) | (forWriting ? Int16(POLLOUT) : 0)
      unsafe descriptors.initializeElement(
        at: 0, to: pollfd(fd: socket, events: interest, revents: 0))
      unsafe descriptors.initializeElement(
        at: 1, to: pollfd(fd: wake, events: Int16(POLLIN), revents: 0))
      // A signal ends poll() early; its handler has made the wake descriptor readable by then.
      while true {
        let ready = unsafe poll(descriptors.baseAddress, wake < 0 ? 1 : 2, milliseconds)
        if ready >= 0 { break }
        if errno != EINTR { return Readiness(isReadable: true) }
      }
      let socketEvents = unsafe descriptors[0].revents
      let wakeEvents = unsafe descriptors[1].revents
      // An error or a hang-up counts as readable: reading is what makes libpq report it.
      return Readiness(
        isReadable: socketEvents & ~Int16(POLLOUT) != 0,
        isWritable: socketEvents & Int16(POLLOUT) != 0,
        isWoken: wake >= 0 && wakeEvents != 0)
    }
  }

  /// Milliseconds on a clock that never runs backwards.
  static var milliseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// A pipe whose ends do not block and are not inherited by child processes, or nil where the process
  /// has no descriptor left.
  static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: (Int32, Int32) = (-1, -1)
    let made = unsafe withUnsafeMutablePointer(to: &ends) { pointer in
      unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe pipe($0) }
    }
    guard made == 0 else { return nil }
    for end in [ends.0, ends.1] {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends.0, ends.1)
  }

  /// Writes one byte; a full pipe is as good as a written one.
  static func wake(_ descriptor: Int32) {
    var byte: UInt8 = 1
    _ = unsafe write(descriptor, &byte, 1)
  }

  static func closeDescriptor(_ descriptor: Int32) {
    _ = close(descriptor)
  }

  /// The value of an environment variable, nil where it is not set.
  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The offset of the first `byte` in `bytes`, found by the C library's vectorised search.
  @inline(__always)
  static func firstOffset(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, unsafe !bytes.isEmpty else { return nil }
    guard let found = unsafe memchr(base, Int32(byte), bytes.count) else { return nil }
    return unsafe base.distance(to: UnsafeRawPointer(found))
  }
}
