import SystemPackage

extension LocalServer {
  /// The programs of one PostgreSQL release.
  struct Binaries: Equatable, Sendable {
    var directory: FilePath
    var majorVersion: Int

    var postgres: FilePath { directory.appending("postgres") }
    var initdb: FilePath { directory.appending("initdb") }
    var pgCtl: FilePath { directory.appending("pg_ctl") }

    static func areComplete(in directory: FilePath) -> Bool {
      ["postgres", "initdb", "pg_ctl"].allSatisfy {
        POSIX.isExecutable(directory.appending($0))
      }
    }
  }

  /// Where PostgreSQL's programs may lie.
  struct BinarySearch: Sendable {
    /// Folders with one subfolder per major version, each with a `bin`: Debian keeps the programs
    /// there and out of `PATH`.
    var versionedFolders: [FilePath] = ["/usr/lib/postgresql"]
    /// `$PATH`, for installations by hand and other distributions.
    var searchPath: String
    /// Whether `pg_config --bindir` is asked where nothing else is found.
    var asksConfig = true
  }

  /// The programs to use: of the data directory's major version where there is one, else the newest.
  ///
  /// - Throws: ``LocalServerError/notInstalled(searched:)`` where no server is installed,
  ///   ``LocalServerError/releaseMissing(needed:found:dataDirectory:)`` where only others are.
  func binaries(forDataIn layout: Layout?) async throws -> Binaries {
    let installed = try await installedBinaries()
    if let layout, let needed = layout.majorVersion {
      if let match = installed.first(where: { $0.majorVersion == needed }) { return match }
      throw LocalServerError.releaseMissing(
        needed: needed, found: installed.map(\.majorVersion), dataDirectory: layout.data.string)
    }
    guard let newest = installed.max(by: { $0.majorVersion < $1.majorVersion }) else {
      let folders = binarySearch.versionedFolders.map { "\($0.string)/*/bin" }
      throw LocalServerError.notInstalled(
        searched: folders + binarySearch.searchPath.split(separator: ":").map(String.init))
    }
    return newest
  }

  /// Every complete set of programs that can be found, the versioned folders' first.
  func installedBinaries() async throws -> [Binaries] {
    var found: [Binaries] = []
    for folder in binarySearch.versionedFolders {
      for name in POSIX.entries(of: folder) {
        guard let version = Int(name) else { continue }
        let directory = folder.appending(name).appending("bin")
        guard Binaries.areComplete(in: directory) else { continue }
        found.append(Binaries(directory: directory, majorVersion: version))
      }
    }
    var others: [FilePath] = []
    for entry in binarySearch.searchPath.split(separator: ":") where entry.hasPrefix("/") {
      // Debian's wrappers and Homebrew's links stand in PATH for programs that lie elsewhere.
      let program = FilePath(String(entry)).appending("pg_ctl")
      guard let resolved = POSIX.resolve(program) else { continue }
      others.append(resolved.removingLastComponent())
    }
    if found.isEmpty, others.isEmpty, binarySearch.asksConfig {
      let config = try await execute(["pg_config", "--bindir"], as: .current)
      if config.succeeded, config.output.hasPrefix("/") { others.append(FilePath(config.output)) }
    }
    for directory in others
    where Binaries.areComplete(in: directory)
      && !found.contains(where: { $0.directory == directory })
    {
      let postgres = directory.appending("postgres").string
      let version = try await execute([postgres, "--version"], as: .current)
      guard version.succeeded, let major = Self.majorVersion(inVersionText: version.output) else {
        continue
      }
      found.append(Binaries(directory: directory, majorVersion: major))
    }
    return found
  }

  /// The major version in what `postgres --version` prints: `postgres (PostgreSQL) 15.4 (Debian …)`.
  static func majorVersion(inVersionText text: String) -> Int? {
    guard let name = text.firstIndex(of: ")") else { return nil }
    let number = text[text.index(after: name)...].drop { $0 == " " }
    return Int(number.prefix { $0.isASCII && $0.isNumber })
  }
}
