/// What a row becomes: columns that are set, amounts that are added, or that it goes.
struct RowChange: Hashable, Sendable {
  var key: [Value]
  /// `nil` for an untouched column; for a column that adds up, the difference.
  var values: [Value?]
  var makesRow: Bool
  var isDeleted = false
  /// Whether the row goes if it adds up to nothing now.
  var mayVanish = false

  /// Whether all columns of a row are written.
  var isWhole: Bool { makesRow && !isDeleted && !values.contains(nil) }
}

extension TableSchema {
  /// The changes that lead from what was contributed to what is.
  func changes(from before: [Contribution], to after: [Contribution]) -> [RowChange] {
    var old: [[Value]: Contribution] = [:]
    for contribution in before { old[contribution.key] = contribution }
    var changes: [RowChange] = []
    for contribution in after {
      let previous = old.removeValue(forKey: contribution.key)
      var values = contribution.values
      for index in columns.indices where columns[index].merge == .add {
        values[index] = difference(values[index], previous?.values[index] ?? nil)
      }
      if let previous, contribution.makesRow == previous.makesRow {
        for index in columns.indices
        where columns[index].merge != .add && values[index] == previous.values[index] {
          values[index] = nil
        }
        if values.allSatisfy({ $0 == nil }) { continue }
        changes.append(RowChange(key: contribution.key, values: values, makesRow: false))
      } else {
        changes.append(
          RowChange(key: contribution.key, values: values, makesRow: contribution.makesRow))
      }
    }
    for contribution in before where old[contribution.key] != nil {
      var values = contribution.values
      for index in columns.indices where values[index] != nil {
        switch columns[index].merge {
        case .set: values[index] = .null
        case .add: values[index] = difference(nil, values[index])
        case .latest: values[index] = nil
        }
      }
      changes.append(
        RowChange(
          key: contribution.key, values: values, makesRow: isSum,
          isDeleted: contribution.makesRow && !isSum, mayVanish: isSum))
    }
    return changes
  }

  /// `nil` where there is none, so that nothing is written.
  private func difference(_ new: Value?, _ old: Value?) -> Value? {
    func amount(_ value: Value?) -> Int64 { if case .integer(let n)? = value { n } else { 0 } }
    let difference = amount(new) - amount(old)
    return difference == 0 ? nil : .integer(difference)
  }

  /// Brings changes of the same row together, so that a batch writes each row once.
  func coalesced(_ changes: [RowChange]) -> [RowChange] {
    guard changes.count > 1 else { return changes }
    var places: [[Value]: Int] = [:]
    var result: [RowChange] = []
    for change in changes {
      guard let place = places[change.key] else {
        places[change.key] = result.count
        result.append(change)
        continue
      }
      if change.isDeleted || result[place].isDeleted {
        result[place] = change
        continue
      }
      result[place].makesRow = result[place].makesRow || change.makesRow
      result[place].mayVanish = result[place].mayVanish || change.mayVanish
      for index in columns.indices {
        result[place].values[index] = merged(
          result[place].values[index], change.values[index], columns[index].merge)
      }
    }
    return result
  }

  /// Two values for one column; the second is the later.
  func merged(_ first: Value?, _ second: Value?, _ merge: Column.Merge) -> Value? {
    guard let second else { return first }
    guard let first else { return second }
    switch (merge, first, second) {
    case (.add, .integer(let a), .integer(let b)): return .integer(a + b)
    case (.latest, .integer(let a), .integer(let b)): return .integer(max(a, b))
    default: return second
    }
  }
}
