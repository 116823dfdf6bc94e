/// Who answers a perception survey (domain §6).
package enum SurveyAudience: String, Term {
  case customers, employees
}

/// The diagnostic questions that insights answer (domain §6): of the company, then of the brand.
package enum DiagnosticQuestion: String, Term {
  case perception, emotions, reactions, environment, interaction
  case proposition
  case valueChange = "value-change"
  case competitors
  case returnRate = "return-rate"
  case positioning, functions
  case segmentDifferences = "segment-differences"
}

/// The planes of the customer's experiential world (domain §3).
package enum ExperientialPlane: String, Term {
  case product, category, usage, sociocultural
}
