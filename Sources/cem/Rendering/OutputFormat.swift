import ArgumentParser

/// The forms in which a result can be printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
  case ndjson
  case csv
}

/// When to use colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// The fields asked for with `--json=ref,title`; none is all of them.
struct JSONFields: ExpressibleByArgument, Hashable {
  var names: [String]

  init(argument: String) {
    // What `Arguments.normalized` puts after a `--json` that stands alone.
    guard argument != "*" else {
      names = []
      return
    }
    names = argument.split(separator: ",").map { String($0.filter { $0 != " " }) }
  }
}

/// How a result is to be printed.
struct OutputStyle {
  /// `nil` leaves it to where the output goes: a table on a terminal, tab-separated values in a pipe.
  var format: OutputFormat?
  /// The fields to print, in this order; empty is all of them.
  var fields: [String] = []
  /// The columns of the terminal; `nil` in a pipe.
  var width: Int?
  var usesColor = false

  /// Whether what was done is said in a sentence, on a terminal and in a pipe.
  var saysSentences: Bool { format == nil || format == .table }
  /// Whether everything is for programs, errors too.
  var isJSON: Bool { format == .json || format == .ndjson }
}
