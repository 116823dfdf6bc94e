// swift-tools-version: 6.2
import PackageDescription

/// The migrations, compiled into the library so that one binary can set up a database.
let migrations = [
  "0001_roles", "0002_log", "0003_append", "0004_projections", "0005_event_types", "0006_rebuild",
  "0008_erasure", "0009_touchpoints", "0010_voice", "0012_append_speed", "0014_access",
  "0015_days", "0016_dashboards", "0017_report", "0021_projection_versions", "0022_salt",
  "0023_append_one", "0025_event_lookup", "0029_command_cost",
  "0030_departments", "0031_periods", "0032_four_eyes", "0033_rates", "0034_gap_event",
  "0035_append", "0036_early_release", "0037_private_hash", "0038_append_one",
  "0039_erasure", "0040_register", "0041_reverted_rights", "0042_dates", "0043_absences",
  "0044_pilots", "0045_daily", "0046_standard_versions", "0047_measured_gaps",
  "0048_event_checks", "0049_platform_waived", "0050_gap_event_plans",
]

let package = Package(
  name: "cem",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "cem", targets: ["cem"]),
    .executable(name: "cem-bench", targets: ["cem-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Zip", dependencies: ["CZlib"], swiftSettings: [.strictMemorySafety()]),
    .target(
      name: "Postgres", dependencies: ["CLibPQ"],
      swiftSettings: [.strictMemorySafety()]),
    .target(name: "CEMDomain"),
    .target(
      name: "TransparencyLog",
      dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "CEMStore",
      dependencies: [
        "CEMDomain", "Postgres", "TransparencyLog",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      exclude: ["Schema/sql/README.md", "Projections/README.md"],
      resources: (migrations.map { "\($0).sql" } + ["LOG-FORMAT.md", "definitions.txt"])
        .map { .embedInCode("Schema/sql/\($0)") }),
    .executableTarget(
      name: "cem",
      dependencies: [
        "CEMStore", "CEMDomain", "Postgres", "TransparencyLog", "Zip",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "cem-bench",
      dependencies: [
        "CEMStore", "CEMDomain", "Postgres", "TransparencyLog",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "CEMTestSupport",
      dependencies: ["CEMStore", "CEMDomain", "Postgres", "TransparencyLog"],
      path: "Tests/CEMTestSupport"),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres", "CEMTestSupport"]),
    .target(
      name: "RandomPrograms", dependencies: ["CEMDomain"], path: "Tests/RandomPrograms"),
    .testTarget(
      name: "CEMDomainTests", dependencies: ["CEMDomain", "RandomPrograms"], exclude: ["Fixtures"]),
    .testTarget(name: "TransparencyLogTests", dependencies: ["TransparencyLog"]),
    .testTarget(
      name: "CEMStoreTests",
      dependencies: ["CEMStore", "TransparencyLog", "CEMTestSupport", "RandomPrograms"]),
    .testTarget(
      name: "CEMTests",
      dependencies: [
        "cem", "cem-bench", "CEMStore", "CEMDomain", "Postgres", "TransparencyLog",
        "CEMTestSupport", "RandomPrograms", "Zip",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["Golden"]),
  ]
)

/// Language settings shared by every Swift target: all upcoming features of the toolchain, and no
/// warning left standing (a deprecation may come with a new toolchain, so it only warns).
for target in package.targets where target.type != .system {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("InferIsolatedConformances"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .enableUpcomingFeature("ImmutableWeakCaptures"),
      .treatAllWarnings(as: .error),
      .treatWarning("DeprecatedDeclaration", as: .warning),
    ]
}
