import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A report's page as a parser sees it, not as it was written.
final class ReportDocument: NSObject, XMLParserDelegate {
  /// A figure as the page shows it.
  struct Shown: Hashable {
    var figure: String
    var department: String?
  }

  private(set) var ids: [String] = []
  private(set) var links: [String] = []
  private(set) var elements: Set<String> = []
  /// Every attribute's name.
  private(set) var attributes: Set<String> = []
  private(set) var figures: [Shown: Set<String>] = [:]
  /// What is read on the page, without the style sheet.
  private(set) var text = ""
  private(set) var metadata: [String: String] = [:]
  /// How many pictures there are, and how many of them have both a title and a description.
  private(set) var pictures = 0
  private(set) var described = 0
  private var path: [String] = []
  private var failure: String?

  /// - Throws: where the page is not well-formed.
  init(_ html: String) throws {
    super.init()
    // A parser of XML knows no HTML document type; the rest is well-formed as both.
    let xml = html.replacingOccurrences(of: "<!DOCTYPE html>", with: "")
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = self
    let isParsed = parser.parse()
    try #require(isParsed, "\(failure ?? "")")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes values: [String: String]
  ) {
    path.append(name)
    elements.insert(name)
    attributes.formUnion(values.keys)
    if let id = values["id"] { ids.append(id) }
    if let link = values["href"] { links.append(link) }
    if name == "meta", let key = values["name"] { metadata[key] = values["content"] }
    if name == "svg", values["class"] == "chart" { pictures += 1 }
    if name == "desc" { described += 1 }
    if let figure = values["data-figure"] {
      let shown = Shown(figure: figure, department: values["data-department"])
      figures[shown, default: []].insert(values["value"] ?? "")
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    path.removeLast()
    text += " "
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if path.last != "style" { text += string }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    failure = "line \(parser.lineNumber), column \(parser.columnNumber): \(error)"
  }
}
