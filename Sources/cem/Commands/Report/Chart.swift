import CEMDomain

/// The pictures of a report: inline SVG, each with a title and a description. Colours are the style
/// sheet's, so that they follow light, dark and paper.
enum Chart {
  /// The width of a picture in its own units; the page scales it.
  static let width = 560

  /// A bar with its name and its value.
  struct Bar {
    var label: String
    var value: Int
    /// The style sheet's name of its colour.
    var colour: String
  }

  /// A picture with what it is called and what it says, for those who cannot see it.
  static func picture(
    _ id: String, title: String, says description: String, width: Int = Chart.width, height: Int,
    _ content: [Markup]
  ) -> Markup {
    Markup(
      "svg",
      [
        "class": "chart", "viewBox": "0 0 \(width) \(height)", "role": "img",
        "aria-labelledby": "\(id)-t \(id)-d", "xmlns": "http://www.w3.org/2000/svg",
      ],
      [
        Markup("title", ["id": "\(id)-t"], Markup(title)),
        Markup("desc", ["id": "\(id)-d"], Markup(description)),
      ] + content)
  }

  /// Bars from left to right, one a line.
  static func bars(
    _ id: String, title: String, width: Int = Chart.width, _ bars: [Bar]
  ) -> Markup {
    let row = 30
    let longest = bars.map(\.label.displayWidth).max() ?? 0
    let left = min(width * 3 / 5, longest * 9 + 18)
    let room = width - left - 44
    let most = max(1, bars.map(\.value).max() ?? 1)
    var parts: [Markup] = []
    for (index, bar) in bars.enumerated() {
      let y = index * row
      // A label that is longer than its room is squeezed, not cut.
      let isLong = bar.label.displayWidth * 9 + 18 > left
      parts.append(
        text(
          bar.label, x: left - 12, y: y + 20, class: "label", anchor: "end",
          length: isLong ? left - 18 : nil))
      parts.append(
        rectangle(x: left, y: y + 6, width: room, height: row - 12, class: "track", round: 3))
      if bar.value > 0 {
        let length = max(4, bar.value * room / most)
        parts.append(
          rectangle(x: left, y: y + 6, width: length, height: row - 12, class: bar.colour, round: 3)
        )
      }
      parts.append(
        text("\(bar.value)", x: left + room + 12, y: y + 20, class: bar.value > 0 ? "value" : "nil")
      )
    }
    let says = bars.map { "\($0.label): \($0.value)" }.joined(separator: "; ")
    return picture(
      id, title: title, says: says, width: width, height: bars.count * row, parts)
  }

  /// Columns of departments by level, one a day; the highest level stands on top.
  static func levels(_ id: String, title: String, _ columns: [Report.LevelCounts]) -> Markup {
    let (width, top, height, bottom) = (900, 10, 230, 26)
    let most = max(1, columns.first?.counts.reduce(0, +) ?? 1)
    let step = width / max(1, columns.count)
    let gap = max(4, step / 6)
    var parts: [Markup] = []
    for (index, column) in columns.enumerated() {
      // Not assessed at the bottom, then level 0 and up.
      var y = top + height
      for level in [Catalog.highestLevel + 1] + Array(0...Catalog.highestLevel) {
        let count = column.counts[level]
        guard count > 0 else { continue }
        let part = count * height / most
        y -= part
        let x = index * step + gap / 2
        parts.append(
          rectangle(
            x: x, y: y, width: step - gap, height: max(1, part - 1),
            class: level > Catalog.highestLevel ? "none" : "l\(level)", round: 2))
        if part >= 15 {
          parts.append(
            text(
              "\(count)", x: x + (step - gap) / 2, y: y + part / 2 + 4,
              class: level > Catalog.highestLevel ? "on-none" : "on-l\(level)", anchor: "middle"))
        }
      }
      parts.append(
        text(
          String(column.day.description.prefix(7)), x: index * step + step / 2,
          y: top + height + 18,
          class: "tick", anchor: "middle"))
    }
    let says = columns.map { column in
      "\(column.day): "
        + column.counts.enumerated().filter { $0.element > 0 }.map { level, count in
          level > Catalog.highestLevel
            ? "\(count) \(Words.say("not assessed"))" : "\(count) × \(level)"
        }.joined(separator: ", ")
    }.joined(separator: "; ")
    return picture(id, title: title, says: says, width: width, height: top + height + bottom, parts)
  }

  /// The squares of a level: as many filled as it is high.
  static func meter(_ level: Int?) -> Markup {
    let says =
      level.map { "\(Words.say("level")) \($0) / \(Catalog.highestLevel)" }
      ?? Words.say("not assessed")
    return Markup(
      "svg",
      [
        "class": "meter", "viewBox": "0 0 74 14", "role": "img", "aria-label": says,
        "xmlns": "http://www.w3.org/2000/svg",
      ],
      [Markup("title", [:], Markup(says))]
        + (1...Catalog.highestLevel).map { step in
          rectangle(
            x: (step - 1) * 15, y: 1, width: 12, height: 12,
            class: step <= level ?? 0 ? "l\(level ?? 0)" : "track", round: 3)
        })
  }

  static func rectangle(
    x: Int, y: Int, width: Int, height: Int, class name: String, round: Int
  ) -> Markup {
    Markup(
      "rect",
      [
        "x": "\(x)", "y": "\(y)", "width": "\(width)", "height": "\(height)",
        "rx": round > 0 ? "\(round)" : nil, "class": name,
      ])
  }

  static func text(
    _ text: String, x: Int, y: Int, class name: String, anchor: String? = nil, length: Int? = nil
  ) -> Markup {
    Markup(
      "text",
      [
        "x": "\(x)", "y": "\(y)", "class": name, "text-anchor": anchor,
        "textLength": length.map { "\($0)" },
        "lengthAdjust": length == nil ? nil : "spacingAndGlyphs",
      ], Markup(text))
  }
}
