/// How a touchpoint reaches people (接触管理, domain §5).
package enum ContactType: String, Term {
  case advertising
  case publicRelations = "public-relations"
  case personnel, meeting, delegated, medium, alliance, random
}

/// Where on their journey customers are (domain §4).
package enum JourneyStage: String, NumberedTerm {
  case learn, evaluate, enquire, buy, use
}

/// What customers do at a point of their journey (domain §4).
package enum JourneyOutcome: String, Term {
  case stays, leaves
}

/// A feeling that weighs most in what is remembered (domain §4).
package enum PeakFeeling: String, Term {
  case good, bad
}

/// The twelve items of a contact plan (domain §5), in order.
package enum ContactPlanItem: String, NumberedTerm {
  case plan, goal, audience, design, mode, channel, norms, incentive, archive, analysis, digestion
  case tracking
}

/// What a touchpoint can give (domain §5).
package enum TouchpointGift: String, Term {
  case recognition, service, convenience, benefit, information, identity
}

/// For whom a service standard is written (domain §3, §5).
package enum StandardAudience: String, Term {
  case external, `internal`
}

/// Which side of the customer interface a service standard holds (domain §3): how it is done, what is done, a
/// regulated service time that is kept, the time that customers spend.
package enum StandardAspect: String, Term {
  case style, substance
  case serviceTime = "service-time"
  case customerTime = "customer-time"
}

/// What a measurement says about its standard (domain §5).
package enum StandardVerdict: String, Term {
  case met, missed, unknown
}

/// Whom a segment buys for (domain §3).
package enum SegmentMarket: String, Term {
  case consumer, business
}

/// What a segment's people do about a purchase (domain §3).
package enum PurchaseRole: String, Term {
  case buyer, user, influencer
}

/// Whether a segment buys for the first time (domain §3).
package enum PurchaseTurn: String, Term {
  case first, `repeat`
}
