/// One step of the database's schema: a numbered file of `schema/`, applied once in a transaction.
package struct Migration: Sendable {
  /// Ascending; a number that was never released is left out.
  package let number: Int
  /// The file's name without its number and ending.
  package let name: String
  package let sql: String

  private init(_ number: Int, _ name: String, _ bytes: [UInt8]) {
    self.number = number
    self.name = name
    sql = String(decoding: bytes, as: UTF8.self)
  }

  /// All migrations, in order. A test compares the list with the folder.
  package static let all: [Migration] = [
    Migration(1, "roles", PackageResources._001_roles_sql),
    Migration(2, "log", PackageResources._002_log_sql),
    Migration(3, "append", PackageResources._003_append_sql),
    Migration(4, "projections", PackageResources._004_projections_sql),
    Migration(5, "event_types", PackageResources._005_event_types_sql),
    Migration(6, "rebuild", PackageResources._006_rebuild_sql),
    Migration(8, "erasure", PackageResources._008_erasure_sql),
    Migration(9, "touchpoints", PackageResources._009_touchpoints_sql),
    Migration(10, "voice", PackageResources._010_voice_sql),
    Migration(12, "append_speed", PackageResources._012_append_speed_sql),
    Migration(14, "access", PackageResources._014_access_sql),
    Migration(15, "days", PackageResources._015_days_sql),
    Migration(16, "dashboards", PackageResources._016_dashboards_sql),
    Migration(17, "report", PackageResources._017_report_sql),
    Migration(21, "projection_versions", PackageResources._021_projection_versions_sql),
    Migration(22, "salt", PackageResources._022_salt_sql),
    Migration(23, "append_one", PackageResources._023_append_one_sql),
    Migration(25, "event_lookup", PackageResources._025_event_lookup_sql),
    Migration(29, "command_cost", PackageResources._029_command_cost_sql),
    Migration(30, "departments", PackageResources._030_departments_sql),
    Migration(31, "periods", PackageResources._031_periods_sql),
    Migration(32, "four_eyes", PackageResources._032_four_eyes_sql),
    Migration(33, "rates", PackageResources._033_rates_sql),
    Migration(34, "gap_event", PackageResources._034_gap_event_sql),
    Migration(35, "append", PackageResources._035_append_sql),
    Migration(36, "early_release", PackageResources._036_early_release_sql),
    Migration(37, "private_hash", PackageResources._037_private_hash_sql),
    Migration(38, "append_one", PackageResources._038_append_one_sql),
    Migration(39, "erasure", PackageResources._039_erasure_sql),
    Migration(40, "register", PackageResources._040_register_sql),
    Migration(41, "reverted_rights", PackageResources._041_reverted_rights_sql),
    Migration(42, "dates", PackageResources._042_dates_sql),
    Migration(43, "absences", PackageResources._043_absences_sql),
    Migration(44, "pilots", PackageResources._044_pilots_sql),
    Migration(45, "daily", PackageResources._045_daily_sql),
    Migration(46, "standard_versions", PackageResources._046_standard_versions_sql),
    Migration(47, "measured_gaps", PackageResources._047_measured_gaps_sql),
    Migration(48, "event_checks", PackageResources._048_event_checks_sql),
    Migration(49, "platform_waived", PackageResources._049_platform_waived_sql),
    Migration(50, "gap_event_plans", PackageResources._050_gap_event_plans_sql),
  ]

  /// The number of the last one.
  package static let latest = all.map(\.number).max() ?? 0
}
