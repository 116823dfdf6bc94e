/// A pure decision core: what a command means in a state, and what an event does to it.
///
/// Time, ids and numbers come in with the command; nothing here reads a clock or a database.
package protocol Decider {
  associatedtype State: Sendable
  associatedtype Command: Sendable
  associatedtype Event: Sendable
  associatedtype Rejection: Error & Equatable

  /// The state before the first event.
  static var initialState: State { get }

  /// The events that a command leads to; none where there is nothing to do.
  static func decide(_ command: Command, given state: State) throws(Rejection) -> [Event]

  /// Applies an event that happened. Never fails: what was recorded is so.
  static func evolve(_ state: inout State, with event: Event)
}
