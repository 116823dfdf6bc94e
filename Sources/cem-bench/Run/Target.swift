/// What must be reached.
struct Target {
  enum Bound {
    case atLeast(Double)
    case atMost(Double)
  }

  let name: String
  /// What is measured, by its name.
  let ours: String
  /// What it is compared with; without it the value itself is what is bounded.
  var peer: String?
  let bound: Bound

  /// A target on the ratio of two measurements.
  static func ratio(_ ours: String, to peer: String, _ bound: Bound) -> Target {
    Target(name: "\(ours) / \(peer)", ours: ours, peer: peer, bound: bound)
  }

  /// A target on a value.
  static func value(_ ours: String, _ bound: Bound) -> Target {
    Target(name: ours, ours: ours, peer: nil, bound: bound)
  }

  /// All targets, in the order in which they are shown.
  static let all: [Target] = [
    .ratio("append-8", to: "insert-1", .atLeast(0.3)),
    .ratio("append-8-slow", to: "insert-1-slow", .atLeast(0.8)),
    .ratio("append-8x32", to: "insert-8", .atLeast(0.35)),
    .ratio("append-8x32-slow", to: "insert-8-slow", .atLeast(0.75)),
    .ratio("append-busy", to: "append-idle", .atLeast(0.8)),
    .ratio("command-8", to: "eventsourcing-8", .atLeast(2.5)),
    .ratio("import", to: "copy", .atLeast(0.35)),
    .ratio("import", to: "eventsourcing-batch", .atLeast(1)),
    .value("rebuild", .atLeast(200_000)),
    .value("rebuild-memory", .atMost(1024)),
    .value("verify", .atLeast(150_000)),
    .ratio("command-large", to: "command-small", .atMost(1.2)),
    .ratio("command-long", to: "command-small", .atMost(1.2)),
    .value("status-large", .atMost(5)),
    .ratio("status-large", to: "status-small", .atMost(1.2)),
    .value("as-of", .atMost(3)),
    .value("prove-large", .atMost(20)),
    .ratio("cem-gap-record", to: "psql-select", .atMost(1.5)),
    .ratio("cem-status", to: "psql-select", .atMost(1.3)),
    .ratio("size", to: "size-bare", .atMost(1.9)),
  ]
}

/// How a target stands.
struct Verdict {
  let target: Target
  let ours: Outcome?
  let peer: Outcome?
  /// The ratio, or the value where there is no peer; `nil` where something was not measured.
  let figure: Double?

  init(_ target: Target, _ outcomes: [String: Outcome]) {
    self.target = target
    ours = outcomes[target.ours]
    peer = target.peer.flatMap { outcomes[$0] }
    if target.peer == nil {
      figure = ours?.median
    } else if let ours = ours?.median, let peer = peer?.median {
      figure = ours / peer
    } else {
      figure = nil
    }
  }

  /// `nil` where it was not measured; what failed is not met.
  var isMet: Bool? {
    guard let figure else { return failure == nil ? nil : false }
    switch target.bound {
    case .atLeast(let bound): return figure >= bound
    case .atMost(let bound): return figure <= bound
    }
  }

  /// Why there is no figure.
  var unavailable: String? {
    figure == nil && failure == nil
      ? ours?.unavailable ?? peer?.unavailable ?? "not asked for" : nil
  }

  /// What went wrong.
  var failure: String? { ours?.failure ?? peer?.failure }
}

extension Target.Bound {
  var text: String {
    switch self {
    case .atLeast(let bound): "≥ \(format(bound))"
    case .atMost(let bound): "≤ \(format(bound))"
    }
  }
}
