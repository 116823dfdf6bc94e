import CEMStore
import FoundationEssentials
import Postgres
import Synchronization

/// What all measurements share.
final class Bench: Sendable {
  let place: Place
  /// A server whose every flush takes a millisecond more, and how that is done.
  let slowPlace: Place?
  let scale: Scale
  let tools: Tools
  let peers: [Peer]
  private let runs = Atomic<Int>(0)

  init(place: Place, slowPlace: Place?, scale: Scale, tools: Tools, peers: [Peer]) {
    self.place = place
    self.slowPlace = slowPlace
    self.scale = scale
    self.tools = tools
    self.peers = peers
  }

  /// A number that no other round has: what is made in it is named by it.
  func nextRun() -> Int { runs.add(1, ordering: .relaxed).newValue }

  /// All that is measured, in the order in which it is.
  var contests: [Contest] {
    let history = History(self)
    return [
      writes(of: self), slowWrites(of: self), bulk(of: self), replays(of: self, history),
      growth(of: self, history), views(of: self, history), processes(of: self, history),
      busy(of: self, history),
    ]
  }
}
