import CEMDomain
import CEMStore
import Synchronization

/// What tables and cards say, in the language of whoever reads; JSON, CSV and pipes stay in ids.
///
/// Help, errors and progress are English. All else that a person reads is looked up here by its English
/// wording, and a test finds what the tables lack.
enum Words {
  private static let chosen = Mutex<Language?>(nil)
  /// The language of a closure alone: `Words.$spoken.withValue(.english) { … }` for what programs read.
  @TaskLocal static var spoken: Language?

  /// The language in use: `--lang`, then `CEM_LANG`, then on a terminal the locale, else English.
  static var language: Language {
    if let spoken { return spoken }
    if let language = chosen.withLock({ $0 }) { return language }
    // The locale is whoever sits there, and says nothing about who reads a pipe.
    let isTerminal = Console.standard.terminal.width != nil
    for name in ["CEM_LANG"] + (isTerminal ? ["LC_ALL", "LC_MESSAGES", "LANG"] : []) {
      if let locale = System.environment(name) { return Language(locale: locale) ?? .english }
    }
    return .english
  }

  /// Follows `--lang`.
  static func use(_ language: Language) { chosen.withLock { $0 = language } }

  /// What stands over a column or before a value.
  static func title(_ field: String, orEnglish english: String) -> String {
    guard language != .english else { return english }
    return (titles["\(field):\(english)"] ?? titles[field])?[language] ?? english
  }

  /// A word or a sentence by its English wording, with values in the place of `%1`, `%2` …
  static func say(_ english: String, _ values: String...) -> String {
    filled(language == .english ? english : phrases[english]?[language] ?? english, values)
  }

  /// What stands between the parts of a list.
  static var listMark: String { language == .chinese ? "、" : ", " }

  /// What stands between clauses.
  static var clauseMark: String { language == .chinese ? "，" : ", " }

  /// What stands between sentences in a row.
  static var sentenceMark: String { language == .chinese ? "；" : "; " }

  /// A number with what is counted, by its English singular: `1 gap`, `3 gaps`.
  /// - Parameter place: where in a sentence it stands, if another form is asked for there.
  static func count(_ number: Int, _ english: String, _ place: String = "") -> String {
    guard let forms = counted[place.isEmpty ? english : "\(english):\(place)"] else {
      return "\(number) \(english)"
    }
    switch language {
    case .english: return "\(number) \(number == 1 ? english : forms.english)"
    case .chinese: return "\(number)\(forms.chinese)"
    case .ukrainian: return "\(number) \(slavic(number, forms.ukrainian))"
    case .russian: return "\(number) \(slavic(number, forms.russian))"
    }
  }

  /// How many initiatives are in a state.
  static func count(_ number: Int, of status: InitiativeLife.Status) -> String {
    let name = Catalog.label("InitiativeLife.Status", status.rawValue, in: language)
    guard language != .english else { return "\(number) \(name ?? status.rawValue)" }
    return count(number, status.rawValue, "initiatives")
  }

  /// How many things changed in a way between two moments.
  static func count(_ number: Int, of change: LogDiff.Thing.Kind) -> String {
    language == .english
      ? "\(number) \(say(change.rawValue))" : count(number, change.rawValue, "things")
  }

  /// What is said where there is nothing to list, with the command that makes the first one.
  static func nothing(_ english: String, _ command: String) -> String {
    command.isEmpty ? say(english) : "\(say(english)): \(command)"
  }

  /// A sentence that says more after a colon.
  static func pair(_ name: String, _ value: String) -> String {
    language == .chinese ? "\(name)：\(value)" : "\(name): \(value)"
  }

  /// Field keys with their titles.
  static let titles = parsed(titleTable)
  /// Phrases by their English wording.
  static let phrases = phraseTables.reduce(into: [:]) { words, table in
    words.merge(parsed(table)) { first, _ in first }
  }.merging(actionTexts) { first, _ in first }
  /// What the required actions say, by their English wording.
  private static let actionTexts = Dictionary(
    Catalog.levels.flatMap(\.actions).map { action in
      (action.text, Catalog.labels["Level.Action"]?[action.id.description] ?? [:])
    }, uniquingKeysWith: { first, _ in first })
  /// The tables of phrases, one for each subject.
  static let phraseTables = [
    phraseTable, sentenceTable, eventTable, figureTable, reportTable, sheetTable,
  ]

  static func parsed(_ table: String) -> [String: [Language: String]] {
    var words: [String: [Language: String]] = [:]
    for cells in lines(table) where cells.count == 4 {
      words[cells[0]] = [.ukrainian: cells[1], .russian: cells[2], .chinese: cells[3]]
    }
    return words
  }

  /// The cells of a table's lines, without the blanks around them.
  static func lines(_ table: String) -> [[String]] {
    table.split(separator: "\n").map { line in
      line.split(separator: "|").map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    }
  }

  private static func filled(_ template: String, _ values: [String]) -> String {
    guard !values.isEmpty else { return template }
    // In one pass, so that a value that looks like a place is not filled in turn.
    var text = ""
    var rest = template[...]
    while let percent = rest.firstIndex(of: "%") {
      text += rest[..<percent]
      rest = rest[rest.index(after: percent)...]
      if let place = rest.first?.wholeNumberValue, (1...values.count).contains(place) {
        text += values[place - 1]
        rest.removeFirst()
      } else {
        text += "%"
      }
    }
    return text + rest
  }

  /// One of the three forms after a number: 1 (not 11), 2 to 4 (not 12 to 14), all others.
  private static func slavic(_ number: Int, _ forms: [String]) -> String {
    let (ones, tens) = (abs(number) % 10, abs(number) % 100)
    if ones == 1, tens != 11 { return forms[0] }
    return (2...4).contains(ones) && !(12...14).contains(tens) ? forms[1] : forms[2]
  }
}

extension Words {
  /// What is counted, in the forms that a number asks for.
  struct Forms {
    var english: String
    /// For 1, for 2 to 4, for 5 and more.
    var ukrainian: [String]
    var russian: [String]
    var chinese: String
  }

  /// By the English singular.
  static let counted: [String: Forms] = {
    var counted: [String: Forms] = [:]
    for cells in lines(countTable) where cells.count == 5 {
      func forms(_ cell: String) -> [String] {
        cell.split(separator: ",").map { String($0.drop { $0 == " " }) }
      }
      counted[cells[0]] = Forms(
        english: cells[1], ukrainian: forms(cells[2]), russian: forms(cells[3]), chinese: cells[4])
    }
    return counted
  }()

  /// A line a thing: English singular and plural, Ukrainian and Russian for 1, for 2 to 4 and for 5 and
  /// more, Chinese.
  static let countTable = """
    department | departments | підрозділ, підрозділи, підрозділів | подразделение, подразделения, подразделений | 个部门
    open gap | open gaps | відкритий розрив, відкриті розриви, відкритих розривів | открытый разрыв, открытых разрыва, открытых разрывов | 个未关闭差距
    initiative with a budget | initiatives with a budget | ініціатива з бюджетом, ініціативи з бюджетом, ініціатив із бюджетом | инициатива с бюджетом, инициативы с бюджетом, инициатив с бюджетом | 项有预算的举措
    initiative under way | initiatives under way | ініціатива в роботі, ініціативи в роботі, ініціатив у роботі | инициатива в работе, инициативы в работе, инициатив в работе | 项进行中举措
    department:where | departments | підрозділі, підрозділах, підрозділах | подразделении, подразделениях, подразделениях | 个部门
    open:initiatives | open | відкрита, відкриті, відкритих | открыта, открыты, открыто | 项已立项
    started:initiatives | started | розпочата, розпочаті, розпочатих | начата, начаты, начато | 项已启动
    piloting:initiatives | piloting | у пілоті, у пілоті, у пілоті | в пилоте, в пилоте, в пилоте | 项试点中
    concluded:initiatives | concluded | після пілота, після пілота, після пілота | после пилота, после пилота, после пилота | 项试点结束
    scaling:initiatives | scaling | у розгортанні, у розгортанні, у розгортанні | развёртывается, развёртываются, развёртывается | 项推广中
    onHold:initiatives | on hold | на паузі, на паузі, на паузі | на паузе, на паузе, на паузе | 项已暂停
    completed:initiatives | completed | завершена, завершені, завершених | завершена, завершены, завершено | 项已完成
    cancelled:initiatives | cancelled | скасована, скасовані, скасованих | отменена, отменены, отменено | 项已取消
    new:things | new | нове, нових, нових | новое, новых, новых | 项新增
    changed:things | changed | змінено, змінено, змінено | изменено, изменено, изменено | 项已变更
    voided:things | voided | анульовано, анульовано, анульовано | аннулировано, аннулировано, аннулировано | 项已作废
    restored:things | restored | відновлено, відновлено, відновлено | восстановлено, восстановлено, восстановлено | 项已恢复
    retired:things | retired | виведено, виведено, виведено | выведено, выведено, выведено | 项已停用
    reinstated:things | reinstated | повернено, повернено, повернено | возвращено, возвращено, возвращено | 项已恢复使用
    event | events | подія, події, подій | событие, события, событий | 个事件
    breach | breaches | порушення, порушення, порушень | нарушение, нарушения, нарушений | 次违标
    row | rows | рядок, рядки, рядків | строка, строки, строк | 行
    ready to advance | ready to advance | готовий до підвищення, готові до підвищення, готових до підвищення | готово к повышению, готовы к повышению, готово к повышению | 个可晋级
    standard missed | standards missed | стандарт порушено, стандарти порушено, стандартів порушено | стандарт нарушен, стандарта нарушено, стандартов нарушено | 项标准未达标
    pilot | pilots | пілот, пілоти, пілотів | пилот, пилота, пилотов | 个试点
    line more | lines more | рядок ще, рядки ще, рядків ще | строка ещё, строки ещё, строк ещё | 行未显示
    day | days | день, дні, днів | день, дня, дней | 天
    """
}

extension Words {
  /// A database as receipts name it, for people.
  static func database(_ name: String) -> String {
    guard language != .english else { return name }
    if let match = name.wholeMatch(of: /private database in (.+)/) {
      return say("private database in %1", String(match.1))
    }
    if let match = name.wholeMatch(of: /(.+) on this machine \((.+)\)/) {
      return say("%1 on this machine (%2)", String(match.1), String(match.2))
    }
    if let match = name.wholeMatch(of: /(.+) on (.+)/) {
      return say("%1 on %2", String(match.1), String(match.2))
    }
    return name
  }

  /// What a level is called.
  static func level(_ number: Int) -> String {
    Catalog.label("Level", String(number), in: language) ?? String(number)
  }

  /// What a required action says.
  static func action(_ action: ActionID) -> String {
    Catalog.label("Level.Action", action.description, in: language) ?? action.description
  }

  /// What a field is called in the middle of a text, `measurements.2026.value` by its parts. In English it
  /// is the id, which is what people type.
  static func field(_ path: String) -> String {
    guard language != .english else { return path }
    let parts = path.split(separator: ".").map(String.init)
    var text = ""
    var isNumber = false
    for (index, part) in parts.enumerated() {
      let isNext = part.first?.isNumber == true
      // The parts of an action's id belong together.
      if index > 0 { text += isNumber && isNext ? "." : " " }
      isNumber = isNext
      let kind = index > 0 ? partKinds[parts[0]] : nil
      text +=
        kind.flatMap { Catalog.label($0, part, in: language) }
        ?? titles[part]?[language]?.lowercased() ?? part
    }
    return text
  }

  /// The terms by which some fields have parts.
  private static let partKinds = [
    "plan": "ContactPlanItem", "planned": "ContactPlanItem", "gapsByLink": "GapLink",
    "initiatives": "InitiativeLife.Status", "impressions": "ExperienceModule",
  ]

  /// A field's value as a person reads it: the name of a term where the field holds one.
  static func value(_ id: String, of field: String) -> String {
    guard language != .english else { return id }
    let last = field.split(separator: ".").last.map(String.init) ?? field
    for kind in termKinds[last] ?? [] {
      if let label = Catalog.label(kind, id, in: language) { return label }
    }
    return id
  }

  /// The kinds of terms that a field may hold.
  private static let termKinds: [String: [String]] = [
    "link": ["GapLink"], "worstLink": ["GapLink"], "phase": ["Phase"], "dimension": ["Dimension"],
    "attribute": ["Attribute"], "step": ["Step"], "rag": ["StatusColour"],
    "verdict": ["Verdict", "StandardVerdict"], "benefitKind": ["BenefitKind"],
    "womRule": ["WordOfMouthRule"], "method": ["AssessmentMethod"],
    "basis": ["LevelStanding.Basis"], "levelBasis": ["LevelStanding.Basis"],
    "levelName": ["Level.Name"], "levelId": ["Level.ID"],
    "outcome": ["JourneyOutcome"], "peak": ["PeakFeeling"],
    "type": ["ContactType"], "stage": ["JourneyStage"], "audience": ["SurveyAudience"],
    "question": ["DiagnosticQuestion"], "plane": ["ExperientialPlane"],
    "market": ["SegmentMarket"], "role": ["PurchaseRole"], "purchase": ["PurchaseTurn"],
    "for": ["StandardAudience"], "aspect": ["StandardAspect"],
    "brandElements": ["BrandElement"],
    "rule": ["WaiverDetails.Subject"], "modules": ["ExperienceModule"],
    "module": ["ExperienceModule"], "gives": ["TouchpointGift"],
    "state": ["GapLife.Stage", "InitiativeLife.Stage", "ActionStatus.State"],
  ]
}
