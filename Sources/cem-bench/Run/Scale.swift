/// How large and how long everything is.
struct Scale {
  /// Seconds of a round of writers.
  var seconds: Double
  var rounds: Int
  /// Rounds of what takes long.
  var longRounds: Int
  /// The programs over which writers spread.
  var programs = 32
  /// Events of the large program, and its departments.
  var events: Int
  var departments: Int
  /// Events of the small program.
  var fewEvents: Int
  /// Few, so that each has as much to show as one of the large program.
  var fewDepartments: Int
  /// Events of one long stream.
  var streamEvents: Int
  /// Commands of an import.
  var commands: Int
  /// Calls that are timed one by one in a round.
  var calls: Int
  /// Whole processes that are timed in a round.
  var processes: Int

  /// The sizes that the targets are about.
  static let full = Scale(
    seconds: 3, rounds: 5, longRounds: 3, events: 1_000_000, departments: 200, fewEvents: 1_000,
    fewDepartments: 4, streamEvents: 100_000, commands: 100_000, calls: 400, processes: 40)
  /// The same rows in less than three minutes.
  static let quick = Scale(
    seconds: 1, rounds: 3, longRounds: 2, events: 60_000, departments: 200, fewEvents: 1_000,
    fewDepartments: 4, streamEvents: 10_000, commands: 10_000, calls: 100, processes: 15)
  /// Only to see that everything runs.
  static let tiny = Scale(
    seconds: 0.05, rounds: 1, longRounds: 1, programs: 2, events: 400, departments: 4,
    fewEvents: 60,
    fewDepartments: 4, streamEvents: 50, commands: 100, calls: 3, processes: 1)
}
