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
    var isGone = Array(repeating: true, count: before.count)
    var next = 0
    var changes: [RowChange] = []
    for contribution in after {
      var values = contribution.values
      guard let place = place(of: contribution.key, in: before, from: next) else {
        for index in columns.indices where columns[index].merge == .add {
          values[index] = difference(values[index], nil)
        }
        changes.append(
          RowChange(key: contribution.key, values: values, makesRow: contribution.makesRow))
        continue
      }
      isGone[place] = false
      next = place + 1
      let previous = before[place]
      let keepsRow = contribution.makesRow == previous.makesRow
      let old = previous.values
      var isChanged = false
      for index in columns.indices {
        if columns[index].merge == .add {
          values[index] = difference(values[index], old[index])
        } else if keepsRow, values[index] == old[index] {
          values[index] = nil
        }
        isChanged = isChanged || values[index] != nil
      }
      guard !keepsRow || isChanged else { continue }
      changes.append(
        RowChange(
          key: contribution.key, values: values,
          makesRow: !keepsRow && contribution.makesRow))
    }
    for (contribution, isGone) in zip(before, isGone) where isGone {
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

  /// Where a key stands: most things contribute to one row, and to many in the same order each time, so that
  /// looking costs less than hashing.
  private func place(of key: [Value], in contributions: [Contribution], from start: Int) -> Int? {
    contributions[start...].firstIndex { $0.key == key }
      ?? contributions[..<start].firstIndex { $0.key == key }
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
