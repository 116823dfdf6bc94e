import Zip

extension Workbook {
  /// The file.
  func bytes() -> [UInt8] {
    var strings = SharedStrings()
    let parts = sheets.enumerated().map { index, sheet in
      ("xl/worksheets/sheet\(index + 1).xml", sheet.markup(&strings, isFirst: index == 0))
    }
    var zip = ZipWriter()
    func add(_ name: String, _ markup: Markup) {
      zip.add(name, Array((Self.declaration + markup).code.utf8))
    }
    add("[Content_Types].xml", contentTypes)
    add("_rels/.rels", Self.relations([("rId1", "officeDocument", "xl/workbook.xml")]))
    add("xl/workbook.xml", workbook)
    let targets = sheets.indices.map {
      ("rId\($0 + 1)", "worksheet", "worksheets/sheet\($0 + 1).xml")
    }
    add(
      "xl/_rels/workbook.xml.rels",
      Self.relations(
        targets + [
          ("styles", "styles", "styles.xml"), ("strings", "sharedStrings", "sharedStrings.xml"),
        ]))
    add("xl/styles.xml", Self.styles)
    for (name, markup) in parts { add(name, markup) }
    add("xl/sharedStrings.xml", strings.markup)
    return zip.finish()
  }

  static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let office =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let declaration = Markup.verbatim(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n")

  private var contentTypes: Markup {
    let base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    func part(_ name: String, _ type: String) -> Markup {
      Markup("Override", ["PartName": name, "ContentType": "\(base).\(type)+xml"])
    }
    return Markup(
      "Types", ["xmlns": "\(Self.package)/content-types"],
      [
        Markup(
          "Default",
          [
            "Extension": "rels",
            "ContentType": "application/vnd.openxmlformats-package.relationships+xml",
          ]),
        Markup("Default", ["Extension": "xml", "ContentType": "application/xml"]),
        part("/xl/workbook.xml", "sheet.main"), part("/xl/styles.xml", "styles"),
        part("/xl/sharedStrings.xml", "sharedStrings"),
      ] + sheets.indices.map { part("/xl/worksheets/sheet\($0 + 1).xml", "worksheet") })
  }

  private static func relations(_ relations: [(id: String, type: String, target: String)]) -> Markup
  {
    Markup(
      "Relationships", ["xmlns": "\(package)/relationships"],
      relations.map { id, type, target in
        Markup(
          "Relationship", ["Id": id, "Type": "\(office)/\(type)", "Target": target])
      })
  }

  private var workbook: Markup {
    Markup(
      "workbook", ["xmlns": Self.main, "xmlns:r": Self.office],
      Markup(
        "sheets", [:],
        sheets.enumerated().map { index, sheet in
          Markup(
            "sheet",
            [
              "name": WorkbookSheet.name(sheet.name), "sheetId": "\(index + 1)",
              "state": sheet.isHidden ? "hidden" : nil, "r:id": "rId\(index + 1)",
            ])
        }))
  }

  /// The styles, in the order of `Style`.
  private static let styles = Markup.verbatim(
    """
    <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">\
    <numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
    <numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>\
    <fonts count="4"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>\
    <font><b/><sz val="15"/><color rgb="FF0F6B74"/><name val="Calibri"/><family val="2"/></font>\
    <font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font>\
    <font><sz val="10"/><color rgb="FF5B6877"/><name val="Calibri"/><family val="2"/></font></fonts>\
    <fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
    <fill><patternFill patternType="solid"><fgColor rgb="FF0F6B74"/></patternFill></fill>\
    <fill><patternFill patternType="solid"><fgColor rgb="FFFFF6DC"/></patternFill></fill></fills>\
    <borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
    <border><left/><right/><top/><bottom style="thin"><color rgb="FFDFE4EA"/></bottom><diagonal/></border></borders>\
    <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
    <cellXfs count="10">\
    <xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"><alignment vertical="top"/></xf>\
    <xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
    <xf numFmtId="0" fontId="2" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>\
    <xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>\
    <xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment vertical="top"/></xf>\
    <xf numFmtId="165" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment vertical="top"/></xf>\
    <xf numFmtId="49" fontId="0" fillId="3" borderId="1" xfId="0" applyNumberFormat="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="top" wrapText="1"/><protection locked="0"/></xf>\
    <xf numFmtId="164" fontId="0" fillId="3" borderId="1" xfId="0" applyNumberFormat="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="top"/><protection locked="0"/></xf>\
    <xf numFmtId="0" fontId="0" fillId="3" borderId="1" xfId="0" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="top"/><protection locked="0"/></xf>\
    <xf numFmtId="0" fontId="3" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
    </cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
    """)
}

/// The texts of a workbook, each once.
struct SharedStrings {
  private var places: [String: Int] = [:]
  private var texts: [String] = []
  private var uses = 0

  /// The place of a text.
  mutating func place(of text: String) -> Int {
    uses += 1
    if let place = places[text] { return place }
    places[text] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  var markup: Markup {
    Markup(
      "sst", ["xmlns": Workbook.main, "count": "\(uses)", "uniqueCount": "\(texts.count)"],
      texts.map { text in
        Markup("si", [:], Markup("t", ["xml:space": "preserve"], Markup(Self.guarded(text))))
      })
  }

  /// `_x0041_` would be read as the character of that number, so its first sign is written as one.
  private static func guarded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
    let bytes = Array(text.utf8)
    var guarded: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      guarded.append(byte)
      guard byte == UInt8(ascii: "_"), index + 6 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "x"), bytes[index + 6] == UInt8(ascii: "_"),
        bytes[index + 2..<index + 6].allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
      else { continue }
      guarded += Array("x005F_".utf8)
    }
    return String(decoding: guarded, as: UTF8.self)
  }
}
