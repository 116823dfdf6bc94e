import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// What dashboards ask of a large program, as a login that reads dashboards alone.
func views(of bench: Bench, _ history: History) -> Contest {
  Contest(
    name: "views", rounds: bench.scale.longRounds,
    entrants: ViewQuestion.all.map { question in
      Entrant(
        name: question.name, title: question.title, quantity: .latency,
        prepare: { _ = try history.program(.large) },
        measure: {
          _ = try history.program(.large)
          let reader = try bench.place.reader(of: history.database(.large))
          let statement = question.statement(try ViewQuestion.Subject(reader))
          // The first answer fills caches, as any dashboard's does that somebody looks at.
          _ = try reader.query(statement)
          return .latency(try timed(calls: 9) { _ = try reader.query(statement) })
        })
    })
}

/// A question to a view of `cem_bi`, in a form in which dashboards ask it.
struct ViewQuestion: Sendable {
  let name: String
  let title: String
  /// The most milliseconds that it may take in the large program.
  let limit: Double
  let statement: @Sendable (Subject) -> SQL

  private init(
    _ name: String, _ title: String, limit: Double = 50,
    _ statement: @escaping @Sendable (Subject) -> SQL
  ) {
    self.name = "view-\(name)"
    self.title = "view: \(title)"
    self.limit = limit
    self.statement = statement
  }

  /// What is asked about: the department with the most gaps, and the quarter and year before the last.
  struct Subject {
    let program = History.slug
    let department: String
    let quarter: (first: Day, last: Day)
    let year: (first: Day, last: Day)

    init(_ reader: Connection) throws {
      department = try reader.query(
        """
        SELECT department FROM cem_bi.department_current WHERE program = \(program) \
        ORDER BY open_gaps + accepted_gaps + closed_gaps DESC, department LIMIT 1
        """
      ).one(String.self)
      // Where the program was at work, and not where a few facts lie after it.
      let last = try reader.query(
        """
        SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY day) FROM cem_bi.department_flow \
        WHERE program = \(program)
        """
      ).one(Day.self)
      quarter = (last.adding(days: -180), last.adding(days: -90))
      year = (last.adding(days: -365), last)
    }
  }

  static let all: [ViewQuestion] = [
    ViewQuestion("department-current", "where all departments stand") {
      "SELECT * FROM cem_bi.department_current WHERE program = \($0.program)"
    },
    ViewQuestion("program-current", "where the program stands") {
      "SELECT * FROM cem_bi.program_current WHERE program = \($0.program)"
    },
    ViewQuestion("daily-year", "what was open on each day of a year", limit: 300) {
      """
      SELECT day, sum(open_gaps), sum(open_initiatives) FROM cem_bi.department_daily \
      WHERE program = \($0.program) AND day BETWEEN \($0.year.first) AND \($0.year.last) GROUP BY day
      """
    },
    ViewQuestion("daily-year-rows", "all departments on each day of a year", limit: 300) {
      """
      SELECT * FROM cem_bi.department_daily \
      WHERE program = \($0.program) AND day BETWEEN \($0.year.first) AND \($0.year.last)
      """
    },
    ViewQuestion("daily-day", "all departments on one day") {
      """
      SELECT * FROM cem_bi.department_daily WHERE program = \($0.program) AND day = \($0.year.first)
      """
    },
    ViewQuestion("flow-year", "what changed in a year, by department") {
      """
      SELECT department, sum(gaps_opened), sum(gaps_ended) FROM cem_bi.department_flow \
      WHERE program = \($0.program) AND day BETWEEN \($0.year.first) AND \($0.year.last) \
      GROUP BY department
      """
    },
    ViewQuestion("gaps-chain", "open gaps along the chain") {
      """
      SELECT link, count(*) FILTER (WHERE severity >= 4), count(*) FROM cem_bi.fact_gap \
      WHERE program = \($0.program) AND is_open GROUP BY link
      """
    },
    ViewQuestion("gaps-state", "all gaps, counted by department and state") {
      """
      SELECT department, state, sum(gaps) FROM cem_bi.gap_current \
      WHERE program = \($0.program) GROUP BY 1, 2
      """
    },
    ViewQuestion("gaps-worst", "the fifty worst open gaps") {
      """
      SELECT department, ref, title, link, severity, relative_size, owner, due_on FROM cem_bi.fact_gap \
      WHERE program = \($0.program) AND is_open \
      ORDER BY severity DESC NULLS LAST, relative_size DESC NULLS LAST, gap LIMIT 50
      """
    },
    ViewQuestion("gaps-department", "all gaps of the largest department") {
      """
      SELECT * FROM cem_bi.fact_gap \
      WHERE program = \($0.program) AND department = \($0.department)
      """
    },
    ViewQuestion("gaps-recorded", "gaps recorded in a quarter") {
      """
      SELECT * FROM cem_bi.fact_gap WHERE program = \($0.program) \
      AND recorded_on BETWEEN \($0.quarter.first) AND \($0.quarter.last)
      """
    },
    ViewQuestion("gaps-closed", "gaps closed in a quarter") {
      """
      SELECT * FROM cem_bi.fact_gap WHERE program = \($0.program) \
      AND closed_on BETWEEN \($0.quarter.first) AND \($0.quarter.last)
      """
    },
    ViewQuestion("gaps-due", "gaps due in a quarter") {
      """
      SELECT * FROM cem_bi.fact_gap WHERE program = \($0.program) \
      AND due_on BETWEEN \($0.quarter.first) AND \($0.quarter.last)
      """
    },
    ViewQuestion("events-department", "what the largest department's gaps went through, by month") {
      """
      SELECT date_trunc('month', occurred_on::timestamp), change, count(*) \
      FROM cem_bi.fact_gap_event \
      WHERE program = \($0.program) AND department = \($0.department) GROUP BY 1, 2
      """
    },
    ViewQuestion("events-quarter", "what gaps went through in a quarter, by month") {
      """
      SELECT date_trunc('month', occurred_on::timestamp), change, count(*) \
      FROM cem_bi.fact_gap_event WHERE program = \($0.program) \
      AND occurred_on BETWEEN \($0.quarter.first) AND \($0.quarter.last) GROUP BY 1, 2
      """
    },
    ViewQuestion("events-year", "what gaps went through in a year, by month") {
      """
      SELECT date_trunc('month', occurred_on::timestamp), change, count(*) \
      FROM cem_bi.fact_gap_event WHERE program = \($0.program) \
      AND occurred_on BETWEEN \($0.year.first) AND \($0.year.last) GROUP BY 1, 2
      """
    },
    ViewQuestion("events-year-departments", "what gaps went through in a year, by department") {
      """
      SELECT department, change, count(*) \
      FROM cem_bi.fact_gap_event WHERE program = \($0.program) \
      AND occurred_on BETWEEN \($0.year.first) AND \($0.year.last) GROUP BY 1, 2
      """
    },
    ViewQuestion("events-department-rows", "all gap events of the largest department, in full") {
      """
      SELECT * FROM cem_bi.fact_gap_event \
      WHERE program = \($0.program) AND department = \($0.department)
      """
    },
    ViewQuestion("events-rows", "the largest department's gap events of a quarter, in full") {
      """
      SELECT * FROM cem_bi.fact_gap_event \
      WHERE program = \($0.program) AND department = \($0.department) \
      AND occurred_on BETWEEN \($0.quarter.first) AND \($0.quarter.last)
      """
    },
    ViewQuestion("events-gap", "the life of one gap") {
      "SELECT * FROM cem_bi.fact_gap_event WHERE program = \($0.program) AND gap = 7"
    },
    ViewQuestion("initiatives-stage", "initiatives by stage and colour") {
      """
      SELECT status, colour, count(*) FROM cem_bi.fact_initiative \
      WHERE program = \($0.program) GROUP BY 1, 2
      """
    },
    ViewQuestion("maturity", "all changes of levels") {
      "SELECT * FROM cem_bi.fact_maturity_change WHERE program = \($0.program)"
    },
  ]
}
