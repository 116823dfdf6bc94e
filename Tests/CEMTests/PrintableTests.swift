import Testing

@testable import cem

@Suite struct PrintableTests {
  init() { System.prepare() }

  @Test(arguments: [
    ("plain", "plain"),
    ("\u{1b}[31mred", #"\u{1b}[31mred"#),
    ("a\u{9b}2J", #"a\u{9b}2J"#),
    ("a\u{7f}", #"a\u{7f}"#),
    ("evil\u{202e}txt", #"evil\u{202e}txt"#),
    ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#),
    ("a\nb\tc\r", #"a\nb\tc\r"#),
    ("a\r\nb", #"a\r\nb"#),
    ("żółw 👩‍💻 共", "żółw 👩‍💻 共"),
  ])
  func escapes(given: String, expected: String) {
    #expect(given.printable() == expected)
  }

  @Test func keepsLinesWhereTheyAreWanted() {
    #expect("a\nb\u{7}".printable(keepingLines: true) == "a\nb\\u{7}")
  }

  @Test(arguments: [
    ("abc", 3), ("共享", 4), ("é", 1), ("e\u{301}", 1), ("👩‍💻", 2), ("🇺🇦", 2), ("❤️", 2),
    ("한국", 4), ("ｶﾅ", 2), ("", 0),
  ])
  func measures(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("共享服务", 5, "共享…"), ("共享服务", 4, "共…"),
    ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("ab cd", 4, "ab…"), ("abc", 1, "…"),
    ("abc", 0, ""),
  ])
  func cuts(text: String, width: Int, expected: String) {
    let cut = text.fitted(to: width)
    #expect(cut == expected)
    #expect(cut.displayWidth <= width)
  }
}
