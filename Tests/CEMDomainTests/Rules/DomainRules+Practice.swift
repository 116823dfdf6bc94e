extension DomainRules {
  /// The five steps, experience, touchpoints, the customers' voice, word of mouth, controls, the catalog.
  static let practice = """
    §3 | an initiative belongs to one of five steps | §3: the five steps; verdicts, colours, planes, segments | §3 what was given is recorded
    §3 | the first two are the foundation | §3 the foundation needs no platform
    §3 | segments buy for themselves or a business, as buyer, user or influencer, first or again | §3: the five steps; verdicts, colours, planes, segments | §3, §5: a touchpoint has a name, department, channel, segment, stage, type, moment of truth
    §3 | standards are for external and for internal customers | §3, §5: a standard is for external or for internal customers
    §3 | service times are kept, and what customers spend is measured: less is better | §3, §5: a miss is a breach in the direction that hurts
    §3 | the brand is designed by name, logo, packaging, slogan, look and feel, campaign | §3: the five steps; verdicts, colours, planes, segments | §3: the step that designs the brand names what it designs, and no other does | §3: initiatives are found by what they design of the brand, also those of a file
    §3 | style and substance are in balance, and what is not is said | §3: a standard says which aspect of the customer interface it holds | §3: what is missing for balance: style or substance beside the other, customers' time | §3: touchpoints are found by the aspects that their standards hold, and by what they lack
    §3 | rules stand beside flexibility | §3, §4, §5: a touchpoint says which phase, dimension, attribute and modules it works on, what it gives, its rules and its flexibility
    §3 | innovation derives from the platform | §3: innovation derives from the platform
    §3 | a platform states a promise, impressions by module, and the analyses it rests on | §3: a platform states a promise and the impressions wanted | §3: a platform rests on insights, and states theme, cues and hook (§4, §7)
    §3 | steps 3 to 5 name a platform or waive it | §3 other steps name a platform or waive it | §3 a platform waiver is granted with the opening | §3 a platform waiver that was revoked excuses no longer | §3 a voided platform is none
    §3 | scaling takes a pilot that says so, or a waiver | §3 a pilot that says scale opens the way | §3 without such a pilot it is refused | §3 a waiver stands for the pilot
    §3 | opened, started, piloted, concluded | §3 an opened one starts | §3 a started one may begin with a pilot | §3 one pilot runs at a time | §3 only a running pilot is concluded
    §3 | a pilot ends with cost, benefit, currency, kind, horizon, evidence and verdict | §3 the benefit is estimated, in the program's currency, unless said otherwise | §3 a horizon is a number and a unit | §3 evidence is a reference to some that holds
    §3 | completed with what was measured, scaled or not | §3 a started one may complete without scaling | §3 a target asks for what was measured | §3 not before the start, nor in a pilot, nor after stop
    §3 | after stop it is cancelled, or piloted again for a reason | §3 after stop another pilot needs a reason | §3 after stop it can be cancelled | §3 no waiver helps after stop, in a pilot, or before the start
    §3 | held and resumed | §3 holding needs a reason | §3 on hold it can only be resumed, cancelled or corrected, and told about
    §3 | cancelled for a reason, and reopened | §3 cancelling needs a reason | §3 reopening needs a reason and leads back to the stage before
    §3 | an update has a colour and a note | §3 an update carries the colour before
    §3 | it has a lead and partners, people, money, dates, gaps, touchpoints, links, an outcome | §3 what was given is recorded | §3 the header names the leading department, then the partners | §2, §3: gaps and initiatives name touchpoints that exist | §3 links are kept, each once | §3 fields that ask for another are refused without it
    §4 | phases, dimensions, attributes, modules and the journey are the catalog's | §4: how customers experience
    §4 | at any point of the journey customers stay or leave | §4: at any point the customer stays or leaves: an insight says which, where and how many | §4: the journey counts what is there at each stage, in cem_bi and in a replay alike | §4: the journey in one view, with what is missing in it
    §4 | peak feelings, good or bad, are told | §4: peak feelings are good or bad, and an insight tells of one
    §4 | gaps and touchpoints say where in the experience they are | §2, §4: a gap has all its fields | §3, §4, §5: a touchpoint says which phase, dimension, attribute and modules it works on, what it gives, its rules and its flexibility
    §4 | a moment of truth holds first experience against expectation | §4: a first experience is held against what was expected | §4: a touchpoint sets first experience beside expectation, and says what a moment of truth lacks
    §4 | a moment of truth where a gap is open or a standard was missed is at risk | §4: a moment of truth is at risk while a gap is open there or a standard is missed
    §4 | a theme, cues to strengthen and to remove, mementos | §3: a platform rests on insights, and states theme, cues and hook (§4, §7)
    §5 | a touchpoint has what it has | §3, §5: a touchpoint has a name, department, channel, segment, stage, type, moment of truth
    §5 | eight contact types, twelve items of a plan, six gifts | §5: contact management | §5: the contact types, the journey and the twelve items of the plan are the catalog's
    §5 | each item is filled in or open, and how many is shown | §5: each of the twelve items is filled in or open; a touchpoint shows how complete it is | §5: a touchpoint shows how complete its contact plan is
    §5 | a contact that reaches, has a purpose and a method, and brings feedback is effective | §5: a contact is effective once its plan says whom, what for, how, and with what feedback | §5: a touchpoint says what an effective contact still lacks
    §5 | a touchpoint says what it gives | §3, §4, §5: a touchpoint says which phase, dimension, attribute and modules it works on, what it gives, its rules and its flexibility
    §5 | a standard sits on a touchpoint, from a date | §5: a standard sits on a touchpoint and is in force from a date
    §5 | it is for customers or for colleagues | §3, §5: a standard is for external or for internal customers
    §5 | another target is another version from its date | §5: an amended standard is a new version from its date
    §5 | a measurement has a period, a value or no data, a volume | §5: a measurement has its period, value and volume | §0, §5: no data is not zero, and without a target the verdict is unknown
    §5 | the version of the period's last day judges; a change within is said | §5: the version in force on the period's last day judges, and a change within is flagged
    §5 | a miss is a breach, and a gap by one command | §3, §5: a miss is a breach in the direction that hurts | §5: what was met, unknown or never measured is no breach | §5: a breach becomes a gap in one command, which carries the figures over | §5: a miss is a breach, and becomes a gap in one command
    §6 | a survey has its place, period, audience, segment, share and sample | §6: a survey is of a department or a touchpoint, in a period, of an audience | §6: agreement is a share, of a sample of people | §5, §6: so are measurements and shares, one above 1 among them
    §6 | ours believing less customers agreeing, beside Bain's figures, and what they are not | §6: ours believing minus customers agreeing is the delivery gap | §6: samples add up, and a share is rounded to six places, half to even | §6: ours believing less customers agreeing, beside Bain's 80/8 and its caveat
    §6 | channels, their last audit, the plan that followed | §6: a feedback channel is declared, audited, and the plan follows the audit | §1, §6: the audits of feedback channels, and their plans, stand beside a level
    §6 | an insight answers a question of the catalog, for a segment and a plane | §6: an insight answers a diagnostic question for a segment and a plane | §6: the voice of the customer
    §6 | employees come before customers | §6: our own people come first, and where they were not asked is said
    §7 | one of five rules | §7: the rules of word of mouth, and what is attested | §7 other initiatives have nothing to attest
    §7 | attested by whom, to which text | §7 attesting on opening records the version of the text | §7 attesting may come later, once for a version | §7: an attestation says who attested, and to which version
    §7 | the text forbids five things | §7: the rules of word of mouth, and what is attested
    §7 | without it nothing starts | §7: each rule of word of mouth needs the ethics attestation before it starts | §7 it cannot begin without the attestation
    §7 | a hook is one idea | §3: a platform rests on insights, and states theme, cues and hook (§4, §7)
    §8 | the office records, approvers alone append what counts | §8: what approvers alone append, and what the office records
    §8 | the append function holds it against the login | §8: an event type without the right is refused
    §8 | codes of departments are never used again | §0, §8: a department's code is never used again
    §8 | a period is closed when it is over, and reopened for a reason | §8: a period is closed once it is over, once | §8: a closed period is opened again, with a reason
    §8 | a closed period refuses facts dated in it, but for restatements | §8: a closed period refuses facts dated in it, on its last day too and not the day after | §8: an approver restates a closed period, with a reason | §8: the office can neither close a period nor record in a closed one
    §8 | reports show as closed beside as restated | §8: a closed period is shown as it was closed, beside what is known now
    §0 | a closed period shows what was known at its close | §0, §8: a closed period reads as it was known at its close
    §8 | departments merge | §8: departments merge into a new one, which stands on the lowest of their levels | §8: departments merge into one of them | §8: what is merged is there, is several, and goes to one of them or to a new code
    §8 | departments split | §8: a department is divided; what is not named goes to the first part | §8: a part may keep the code, and stays where it is | §8: what a split names must be parts, and work of the department
    §8 | a department is retired unless work is open, or with the work moved | §8: a department with work is not retired | §8: a department without work is retired, for a reason, and its code is not used again | §8: work moves to the department that takes over, and what is over stays
    §8 | what is retired takes no new work | §8: a retired department takes no new work
    §8 | departments are reinstated | §8: a retired department is reinstated, with its work where that is asked for | §8: a department is taken out of a merger with its work
    §8 | a successor's level is the lowest of its sources, inherited, and due | §8: departments merge into a new one, which stands on the lowest of their levels | §8: an inherited level is due until it is assessed, and an assessment may confirm it | §0, §8: a source that was not assessed says nothing of the level
    §8 | retirements are an approver's | §8: what approvers alone append, and what the office records
    §8 | where a program asks for four eyes, what takes an approver is requested | §8: in a program with four eyes what takes an approver is asked for | §8: elsewhere it may be asked for
    §8 | another login decides than the one that asked, and than the one that recorded the evidence | §8: neither the login that asked nor one that recorded the evidence decides
    §8 | on approval it is decided anew | §8: an approval decides anew, on its own day; what a rule refuses by now stays open | §8: what was asked for is done as it was asked for
    §8 | what nobody else approved is said | §8: what came by a request knows who approved it, and all else that nobody did | §8: status and report say what was not independently approved
    §8 | leaving four eyes takes them | §8: leaving four eyes takes four eyes
    §8 | a request names nothing private in its facts | §8: whatever can be asked for, no word of it is a fact
    §8 | what is in use is not retired | §8: a touchpoint is retired with a reason, once its standards are
    §9 | the catalog has a number, and what was released stays | §9: the catalog is numbered, and what was released of it never changes
    §9 | a program adopts a version by an event | §9: a program is founded on a version of the catalog, and keeps it until it adopts another | §9: a newer version is adopted, an older or unknown one is not | §9: what the released version holds never changes | §9: a newer version has all that the one before it has, and more | §9: what came in a newer version than the program goes by is not named
    §9 | names in four languages | §9: every term has a name in every language, and no name belongs to no term | §9: a locale names its language | §9: no line is wider than the terminal, and nothing of cem's own is left in English
    §9 | the sources' own words are the names in their languages | §1 to §5, §9: the originals of the sources are the names in their languages | §1, §9: so are those of the levels
    §9 | events hold ids alone | §9: events hold ids alone, in whatever language they were recorded
    """
}
