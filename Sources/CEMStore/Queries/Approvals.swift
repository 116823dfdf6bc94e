package import CEMDomain

/// Something in force that takes an approver, with who approved it.
package struct StandingApproval: Hashable, Sendable {
  /// The thing.
  package var stream: StreamID
  package var matter: ApprovedMatter.Kind
  /// The department that it concerns first; `nil` for all.
  package var department: DepartmentCode?
  package var since: Day
  /// The last day on which it holds, or the day to look again.
  package var until: Day?
  /// `nil` where the login that recorded it approved it itself.
  package var approval: Approval?

  /// What people call it: a level goes by its department.
  package var reference: String { stream.reference }
}

/// How much of what is in force and takes an approver was approved by whom.
package struct ApprovalCount: Hashable, Sendable {
  /// By another login than the one that asked for it.
  package var independent = 0
  /// By nobody but the login that recorded it.
  package var notIndependent = 0

  package init() {}

  package init(_ standing: [StandingApproval]) {
    notIndependent = standing.count { $0.approval == nil }
    independent = standing.count - notIndependent
  }

  /// As `status --json` has it.
  var json: JSON {
    ["independent": .number(independent), "notIndependent": .number(notIndependent)]
  }
}

extension ProgramReader {
  /// What is in force on a day and takes an approver, of one department or of all: first what nobody approved
  /// but the login that recorded it, each in stable order.
  package func approvals(
    of department: DepartmentCode? = nil, on day: Day
  ) throws -> [StandingApproval] {
    try rows(of: ApprovalRegister.self, RowQuery(RowQuery.Condition.of(department)))
      .compactMap(StandingApproval.init)
      .filter { $0.since <= day && !$0.isOver(on: day) }
      .sorted { a, b in
        if (a.approval == nil) != (b.approval == nil) { return a.approval == nil }
        return a.stream < b.stream
      }
  }
}

extension StandingApproval {
  fileprivate init?(_ row: TableRow) {
    guard case .text(let kind) = row["kind"], let kind = EntityKind(rawValue: kind),
      case .integer(let number) = row["number"], case .text(let code) = row["code"],
      case .text(let matter) = row["matter"], let matter = ApprovedMatter.Kind(rawValue: matter),
      case .date(let since) = row["since_on"]
    else { return nil }
    self.init(
      stream: number > 0 ? StreamID(kind, number: Int(number)) : StreamID(kind, code: code),
      matter: matter, since: since)
    department = row.text("department").flatMap { try? DepartmentCode(scalar: $0) }
    until = row.day("until_on")
    if case .integer(let request) = row["request"], case .text(let login) = row["approved_by"] {
      approval = Approval(request: RequestRef(Int(request)), by: login)
    }
  }

  /// A waiver ends with its last day; an accepted gap stays accepted until somebody looks.
  fileprivate func isOver(on day: Day) -> Bool {
    matter == .waiver && until.map { $0 < day } ?? false
  }
}
