import Foundation
import Testing

/// Opens and edits workbooks with openpyxl, which shares no code with `cem`.
enum Spreadsheet {
  /// Whether Python has the package.
  static let isAvailable: Bool = (try? run("import openpyxl", [])) != nil

  /// Runs a script with openpyxl; what it prints is JSON.
  @discardableResult
  static func run(_ script: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let problem = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(message: String(decoding: problem, as: UTF8.self))
    }
    return data
  }

  struct Failure: Error { var message: String }
}
