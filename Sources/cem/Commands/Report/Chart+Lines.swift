import CEMDomain
import CEMStore

extension Chart {
  /// A department's level as a line of steps up to the day of the report.
  static func steps(
    _ id: String, title: String, _ steps: [Report.LevelStep], until day: Day
  ) -> Markup {
    let (left, right, top, row) = (26, 16, 10, 18)
    let highest = Catalog.highestLevel
    let bottom = top + highest * row
    guard let first = steps.first else { return .empty }
    let span = max(1, first.day.days(to: day))
    func x(_ day: Day) -> Int { left + first.day.days(to: day) * (width - left - right) / span }
    func y(_ level: Int) -> Int { bottom - level * row }
    var parts: [Markup] = []
    for level in 0...highest {
      parts.append(line((left, y(level)), (width - right, y(level)), class: "grid"))
      parts.append(text("\(level)", x: left - 10, y: y(level) + 4, class: "tick", anchor: "end"))
    }
    // Where it was not assessed there is no line.
    var path = ""
    var isDrawing = false
    for step in steps {
      if isDrawing { path += "H\(x(step.day))" }
      if let level = step.level {
        path += isDrawing ? "V\(y(level))" : "M\(x(step.day)) \(y(level))"
      }
      isDrawing = step.level != nil
    }
    if isDrawing { path += "H\(width - right)" }
    parts.append(Markup("path", ["d": path, "class": "steps"]))
    for step in steps {
      guard let level = step.level else { continue }
      parts.append(
        Markup(
          "circle", ["cx": "\(x(step.day))", "cy": "\(y(level))", "r": "4.5", "class": "l\(level)"])
      )
    }
    parts.append(text("\(first.day)", x: left, y: bottom + 20, class: "tick"))
    parts.append(text("\(day)", x: width - right, y: bottom + 20, class: "tick", anchor: "end"))
    let says = steps.map { step in
      "\(step.day): \(step.level.map(String.init) ?? Words.say("not assessed"))"
    }.joined(separator: "; ")
    return picture(id, title: title, says: says, height: bottom + 28, parts)
  }

  /// What we believe and what customers say, from none to all: the groups one below the other, each
  /// under its name with a line a period.
  static func delivery(
    _ id: String, title: String, _ groups: [[ProgramOverview.Delivery]]
  ) -> Markup {
    let (width, left, right, row) = (900, 90, 20, 34)
    let room = width - left - right
    let bottom = groups.reduce(0) { $0 + $1.count + 1 } * row + 8
    func x(_ share: Exact) -> Int { left + Int(share.millionths * Int64(room) / 1_000_000) }
    var parts: [Markup] = []
    for share in stride(from: 0, through: 100, by: 25) {
      let place = left + share * room / 100
      parts.append(line((place, 0), (place, bottom), class: "grid"))
      parts.append(text("\(share) %", x: place, y: bottom + 18, class: "tick", anchor: "middle"))
    }
    var y = row / 2 + 4
    for periods in groups {
      parts.append(text(periods[0].group.name, x: 0, y: y + 4, class: "value"))
      y += row
      for delivery in periods {
        parts.append(text(delivery.period, x: left - 14, y: y + 4, class: "label", anchor: "end"))
        let ours = delivery.gap.employees.share
        let theirs = delivery.gap.customers.share
        if let ours, let theirs { parts.append(line((x(theirs), y), (x(ours), y), class: "span")) }
        if let theirs { parts.append(circle(x(theirs), y, class: "customers")) }
        if let ours { parts.append(circle(x(ours), y, class: "ours")) }
        y += row
      }
    }
    let says = groups.joined().map { delivery in
      func shown(_ share: Exact?) -> String { share.map { "\($0)" } ?? "–" }
      return "\(delivery.group.name) \(delivery.period): "
        + "\(Words.say("believe")) \(shown(delivery.gap.employees.share)), "
        + "\(Words.say("agree")) \(shown(delivery.gap.customers.share))"
    }.joined(separator: "; ")
    return picture(
      id, title: title, says: says, width: width, height: bottom + 26, parts)
  }

  private static func circle(_ x: Int, _ y: Int, class name: String) -> Markup {
    Markup("circle", ["cx": "\(x)", "cy": "\(y)", "r": "7", "class": name])
  }

  private static func line(
    _ from: (x: Int, y: Int), _ to: (x: Int, y: Int), class name: String
  ) -> Markup {
    Markup(
      "line",
      ["x1": "\(from.x)", "y1": "\(from.y)", "x2": "\(to.x)", "y2": "\(to.y)", "class": name])
  }
}

extension ProgramOverview.Delivery.Group {
  /// Its department, touchpoint and segment, as far as there are.
  var name: String {
    [department.code, touchpoint?.description, segment].compactMap(\.self).joined(separator: " · ")
  }
}

extension [ProgramOverview.Delivery] {
  /// The latest period first, and in it the largest gap; what is unknown comes last.
  var latestFirst: [ProgramOverview.Delivery] {
    sorted { a, b in
      if a.last != b.last { return a.last > b.last }
      guard a.gap.size != b.gap.size else { return a.group.name.precedesByBytes(b.group.name) }
      return a.gap.size.map { size in b.gap.size.map { size > $0 } ?? true } ?? false
    }
  }

  /// The groups in the order of their names, each with its periods in order.
  var grouped: [[ProgramOverview.Delivery]] {
    Dictionary(grouping: self, by: \.group).values
      .sorted { $0[0].group.name.precedesByBytes($1[0].group.name) }
  }
}
