/// Text with whatever goes wrong in texts.
enum HostileText {
  /// Quotes, SQL, shell, formats, markup; escape sequences, C1 controls, marks of direction, invisible
  /// tags; é composed and decomposed, emoji joined, combining characters; a minus sign in front.
  static let everything =
    "\u{2212}5 '\"`$(exit 9)\\'); DROP TABLE cem.event; -- %s%n {{x}} <b> =1+1 \u{1b}[31m\u{1b}]0;x\u{7} "
    + "\u{8}\u{9b}2J \u{202e}\u{2066}\u{200f}\u{feff}\u{2028}\u{e0041} é e\u{301} a\u{300}\u{301}\u{302} "
    + "👩‍💻🇺🇦 共享 Їжак ﷽ \u{fffd} \r\n\t end"

  /// The same as a code, a date or a number would be misused.
  static let intruder = "x'); DROP TABLE cem.event; --\u{1b}[2J\u{202e}é"

  /// Whether a terminal would obey something in a text, line ends aside.
  static func isRaw(_ bytes: some Sequence<UInt8>) -> Bool {
    String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x0a, 0x0d: false
      case 0..<0x20, 0x7f..<0xa0: true
      case 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
      case 0xFEFF, 0xE0000...0xE007F: true
      default: false
      }
    }
  }
}

/// Calls that record something, each valid after the ones before it. `§` stands for a text; every
/// text that a verb takes has one here.
enum RecordingCalls {
  static let all: [String] = [
    "program amend --name=§",
    "person add kim --name=§ --login=§", "person add lee --name=§", "person add max --name=§",
    "person amend kim --name=§ --login=§",
    "department register ssc --name=§ --lead=kim", "department register it --name=§",
    "department register old --name=§", "department amend ssc --name=§",
    "department void old", "department restore old",
    "department register desk --name=§", "department register field --name=§",
    "department merge desk field --into=care --name=§ --lead=kim",
    "department split care --into=east --into=west --name=east=§", "department retire old",
    "department reinstate old",
    "person handover kim --to=lee --department=ssc", "person void max", "person restore max",
    "evidence add § --title=§ --author=§", "evidence add other --title=§",
    "evidence renew EV-1 --expires=2999-12-31", "evidence amend EV-1 --title=§ --text=§ --author=§",
    "evidence void EV-2", "evidence restore EV-2",
    "maturity assess ssc --level=0 --rationale=§ --assessor=kim",
    "maturity action complete ssc 0.1 --evidence=§", "maturity action reopen ssc 0.1",
    "maturity action complete ssc 0.1 --evidence=§", "maturity action waive ssc 0.2 --approver=lee",
    "maturity advance ssc --rationale=§", "maturity regress ssc --to=0",
    "maturity correct ssc --to=1",
    "waiver amend WVR-1 --because=§", "waiver revoke WVR-1", "waiver void WVR-1",
    "waiver restore WVR-1",
    "gap record --department=ssc --link=4 --title=§ --expected=0.9 --perceived=0.5 --unit=§ --source=§",
    "gap record --department=ssc --link=undiagnosed --title=§", "gap diagnose GAP-2 --link=1",
    "gap amend GAP-1 --title=§ --unit=§ --source=§", "gap reassess GAP-1 --perceived=0.6",
    "gap close GAP-1 --resolution=§ --unmet-reason=§ --evidence=§", "gap reopen GAP-1",
    "gap accept GAP-1 --until=2999-12-31 --approver=lee", "gap void GAP-2", "gap restore GAP-2",
    "platform state --title=§ --promise=§ --sense=§ --feel=§ --think=§ --act=§ --relate=§ "
      + "--theme=§ --positive-cue=§ --negative-cue=§ --memento=§ --hook=§",
    "platform amend PLT-1 --title=§ --promise=§ --sense=§ --feel=§ --think=§ --act=§ --relate=§ "
      + "--theme=§ --positive-cue=§ --negative-cue=§ --memento=§ --hook=§",
    "platform void PLT-1", "platform restore PLT-1",
    "initiative open --department=ssc --title=§ --step=4 --waive-platform=§ --metric=§ --metric-unit=§ --wom-rule=listen",
    "initiative open --department=it --title=§ --step=1",
    "initiative amend INI-1 --title=§ --metric=§ --metric-unit=§", "initiative attest INI-1",
    "initiative waive INI-2 --approver=lee", "initiative start INI-1",
    "initiative start INI-2", "initiative link INI-1 https://a.example/1",
    "initiative update INI-1 --rag=red --note=§", "initiative hold INI-1",
    "initiative resume INI-1",
    "initiative pilot start INI-1 --scope=§",
    "initiative pilot conclude INI-1 --cost=1 --benefit=2 --verdict=stop --evidence=§ --note=§",
    "initiative pilot start INI-2 --scope=§",
    "initiative pilot conclude INI-2 --cost=1 --benefit=2 --verdict=repeat --note=§",
    "initiative pilot correct INI-2 --cost=3 --reason=§",
    "initiative scale INI-2 --waive-pilot=§ --approver=lee",
    "initiative complete INI-2 --note=§ --evidence=§", "initiative reopen INI-2",
    "initiative cancel INI-1",
    "initiative void INI-1", "initiative restore INI-1",
    "segment define first --name=§ --description=§", "segment amend first --name=§ --description=§",
    "segment void first", "segment restore first",
    "touchpoint map --department=ssc --name=§ --channel=phone --expectation=§ --first-experience=§ "
      + "--rules=§ --flexibility=§",
    "touchpoint map --department=it --name=§",
    "touchpoint amend TP-1 --name=§ --channel=phone --expectation=§ --first-experience=§ "
      + "--rules=§ --flexibility=§",
    "touchpoint plan TP-1 goal --text=§", "touchpoint unplan TP-1 goal", "touchpoint retire TP-2",
    "touchpoint reinstate TP-2", "touchpoint void TP-2", "touchpoint restore TP-2",
    "standard set TP-1 --metric=§ --unit=§ --target=0.9 --from=2020-01-01",
    "standard set TP-1 --metric=§ --unit=§ --target=1", "standard amend STD-1 --metric=§ --unit=§",
    "standard measure STD-1 --period=2024 --value=0.5 --note=§", "standard retire STD-2",
    "standard reinstate STD-2", "standard void STD-2", "standard restore STD-2",
    "survey record --department=ssc --period=2024 --audience=customers --agree=0.3 --sample=10 --question=§",
    "survey amend SRV-1 --question=§", "survey void SRV-1", "survey restore SRV-1",
    "channel declare --department=ssc --name=§ --form=panel", "channel audit CH-1 --findings=§",
    "channel plan CH-1 --text=§", "channel amend CH-1 --name=§ --form=panel", "channel void CH-1",
    "channel restore CH-1",
    "insight record --question=emotions --finding=§ --segment=first --plane=usage --source=§",
    "insight amend INS-1 --finding=§ --source=§", "insight void INS-1", "insight restore INS-1",
    "note add GAP-1 --text=§ --link=https://a.example/1", "note amend NOTE-1 --text=§",
    "note void NOTE-1", "note restore NOTE-1",
    "rate record USD CAD --rate=1.36 --source=§", "rate amend RATE-1 --rate=1.37 --source=§",
    "rate void RATE-1", "rate restore RATE-1", doesNothing,
    "gap accept GAP-2 --until=2999-12-31 --request",
    "gap accept GAP-2 --until=2999-12-31 --request",
    "maturity action waive ssc 1.1 --approver=lee --request", "request void REQ-3",
    "request restore REQ-3", "undo 2", "period close 2024", "period reopen 2024",
    "report --out=- --record",
  ]

  /// The present version of the catalog is adopted already: nothing is recorded, its reason neither.
  static let doesNothing = "catalog adopt 2"

  /// What another login does after all of these.
  static let deciding: [String] = ["approve REQ-1", "reject REQ-2"]
}
