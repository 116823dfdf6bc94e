/// What people in a made-up program write. Roles, never names.
enum Words {
  static let subjects = [
    "Callers", "Applicants", "Visitors at the counter", "Business customers", "First-time buyers",
    "Returning customers", "Subscribers", "Tenants", "Patients and their families", "Exporters",
    "Small suppliers", "Users of the mobile app",
  ]
  static let troubles = [
    "wait longer than we promise", "are asked for the same papers twice",
    "hear three answers to one question", "do not find the form they need",
    "cannot tell when their case will be decided", "are passed on without being heard out",
    "get letters that they do not understand", "pay before they see what they pay for",
    "do not learn why they were refused", "find the line closed at lunch time",
  ]
  static let occasions = [
    "after an address change", "in the renewal season", "at the first contact", "on weekends",
    "when two units share a case", "after the price change", "during the pilot in the north",
    "when the case is urgent",
  ]
  static let works = [
    "One page per customer for all who answer calls", "Call back within two hours",
    "Letters in plain language", "A queue that tells its length", "Training on listening first",
    "Status of a case by text message", "One counter for families", "A diary kept by new customers",
    "Tests of each form with five users", "Rewards for solving it at once",
    "A welcome kit that keeps the promise", "Shadowing: a day at the counter",
  ]
  static let notes = [
    "The first region follows the new script; complaints there fell, the others wait for training.",
    "Two of five teams are trained. The vendor asks for three more weeks.",
    "Figures of the last month are in and hold. Nothing else to report.",
    "Staff turnover at the desk slows us down; the sponsor knows.",
    "The measure moved for the first time since we began, in both channels.",
    "Legal has to look at the wording again before it goes out.",
    "On track.", "Survey of the segment is under way, half of the answers are in.",
  ]
  static let reasons = [
    "The survey of the quarter shows it", "Agreed in the monthly review",
    "Typed into the wrong field", "The budget was moved", "The unit asked for it in writing",
    "New figures from the contact centre", "The owner changed places", "Found in the audit",
  ]
  static let resolutions = [
    "The standard is met for three months in a row.", "The form was taken away; nobody needs it.",
    "Staff decide on the spot up to the limit, so nobody is passed on.",
    "The letter was written anew with customers and tested.",
  ]
  static let proofs = [
    "Minutes of the steering group", "Training records of the unit", "Report of the contact centre",
    "Signed plan of the unit", "Recording of the all-staff meeting", "Export from the survey tool",
    "Budget decision", "Page on the intranet",
  ]
  static let sources = [
    "Exit survey", "Complaints register", "Mystery visits", "Calls listened to", "Focus group",
  ]
  static let roles = [
    "CX lead", "Service owner", "Team lead", "Process owner", "Data steward", "Desk manager",
    "Sponsor", "Analyst",
  ]
  static let units = [
    "Contact centre", "Billing", "Counter services", "Field services", "Online services",
    "Complaints", "Logistics", "Membership", "Licensing", "Technical support",
  ]
}
