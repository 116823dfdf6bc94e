/// One thing that is measured.
struct Entrant {
  /// What a measured value says.
  enum Quantity: String {
    case rate = "events/s"
    case latency = "ms"
    case seconds = "s"
    case memory = "MiB"
    case size = "bytes/event"
  }

  /// The name by which it is asked for, such as `append-8`.
  let name: String
  /// What it is, for people.
  let title: String
  var quantity = Quantity.rate
  /// What has to be there first, outside of the measured time.
  var prepare: () throws -> Void = {}
  /// One round.
  let measure: () throws -> Sample
}

/// Why something could not be measured, where that is no failure: a tool that is not there.
struct Unavailable: Error, CustomStringConvertible {
  let description: String
  init(_ reason: String) { description = reason }
}

/// Things that are measured in turns, each once a round, so that whatever else goes on in the
/// machine disturbs all of them alike.
struct Contest {
  let name: String
  var rounds: Int
  /// What all entrants need.
  var prepare: () throws -> Void = {}
  let entrants: [Entrant]
  /// What is to be taken away when all contests are over, whether this one was run or not.
  var finish: () throws -> Void = {}
}

/// What became of an entrant.
struct Outcome {
  let name: String
  let title: String
  let quantity: Entrant.Quantity
  var rounds: [Sample] = []
  /// Why there are no rounds, where that is no failure.
  var unavailable: String?
  /// What went wrong.
  var failure: String?

  var median: Double? { rounds.map(\.value).median }
  var lowest: Double? { rounds.map(\.value).min() }
  var highest: Double? { rounds.map(\.value).max() }
}

extension Contest {
  /// Runs all rounds. What fails is left out from then on, and the others go on.
  ///
  /// - Parameter wanted: which entrants to run.
  func run(only wanted: (String) -> Bool) -> [Outcome] {
    let entrants = entrants.filter { wanted($0.name) }
    guard !entrants.isEmpty else { return [] }
    note("\(name): preparing")
    var outcomes = entrants.map {
      Outcome(name: $0.name, title: $0.title, quantity: $0.quantity)
    }
    var preparation = Outcome(name: name, title: name, quantity: .rate)
    preparation.attempt(prepare)
    for (index, entrant) in entrants.enumerated() {
      outcomes[index].unavailable = preparation.unavailable
      outcomes[index].failure = preparation.failure
      if preparation.isRunning { outcomes[index].attempt(entrant.prepare) }
    }
    for round in 1...rounds {
      for (index, entrant) in entrants.enumerated() where outcomes[index].isRunning {
        guard let sample = outcomes[index].attempt(entrant.measure) else { continue }
        outcomes[index].rounds.append(sample)
        note(
          "\(name): round \(round)/\(rounds), \(entrant.name): \(format(sample.value)) \(entrant.quantity.rawValue)"
        )
      }
    }
    return outcomes
  }
}

extension Outcome {
  fileprivate var isRunning: Bool { unavailable == nil && failure == nil }

  /// Notes what keeps the closure from its end; its result is `nil` then.
  @discardableResult
  fileprivate mutating func attempt<T>(_ body: () throws -> T) -> T? {
    do { return try body() } catch let error as Unavailable {
      unavailable = error.description
      note("\(name): not measured: \(error.description)")
    } catch {
      failure = "\(error)"
      note("\(name): failed: \(error)")
    }
    rounds = []
    return nil
  }
}
