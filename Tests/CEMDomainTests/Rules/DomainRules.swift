/// The rules of the domain's description, by its sections, each with the tests that show it.
///
/// A line a rule: its section, what it says in short, then the names of tests, with `|` between. A name is a
/// display name or the raw identifier of a test function; every one names the rule's section.
enum DomainRules {
  /// What holds everywhere, maturity, and the chain of gaps.
  static let foundations = """
    §0 | zone, currency and fiscal year are set when a program is founded, and stay | §0: a program's zone, currency and fiscal year are fixed when it is founded | §0: a fiscal year begins in a month, 1 to 12
    §0 | a program is founded before anything else | §0: a program is founded once, and before anything else
    §0 | a fact is dated today, in the program's zone, unless a day is given | §0: a fact is dated today in the program's zone unless it says otherwise | §0: today is the day in the program's zone, not the machine's or the session's
    §0 | no fact lies in the future | §0: a fact is never dated in the future
    §0 | no fact is older than what happened to its thing before | §0: a fact is not dated before the thing's previous event
    §0 | no fact is older than what it rests on | §0: a fact is not dated before a fact that it rests on | §0: a person may be named in a fact that is older than the registration
    §0 | the server says when something was recorded | §0: the recorded time is the server's, whatever the business date
    §0 | as of a moment stands what was known then | §0: as of a moment stands what was known then
    §0 | a period shows what had happened by its end | §0: a period shows what had happened by its end, as known now or at a moment | §0: what happened later does not count | §0: a later correction of what stood then counts | §0: a correction of what came later does not | §0: a correction of what came later does not, whatever the value was before | §0: a measurement that is corrected later counts as it was corrected | §0: a step taken back counts where the step does | §0: what did not exist yet does not
    §0 | what is stored depends on no day and no place of reading | §0: the same log read on two days, in two time zones, gives the same rows
    §0 | expired, overdue and ready follow from the day of the question | §0, §1: evidence that expires tomorrow blocks an advance the day after, with no event in between
    §0 | rules go by the command's business date | §0, §1: evidence that expires tomorrow blocks an advance the day after, with no event in between | §0: evidence is not dated after the command, and does not expire before its date
    §0 | unknown is neither zero nor a lowest level | §0, §2: the size relative to a missing or zero base is unknown, never zero | §0, §5: no data is not zero, and without a target the verdict is unknown | §0: a dirty row of gaps is reported by line, column and reason; unknown stays unknown | §0, §1: a level rises by its actions; not assessed is no level
    §0 | what is relative to nothing, or to zero, is unknown | §0, §2: the size relative to a missing or zero base is unknown, never zero | §0: halves go to the even neighbour; nothing is divided by zero
    §0 | decimals of 18 digits with 6 after the point, and exact | §0: at most 18 digits, 6 of them after the point | §0: numbers are written in one way | §0: what is printed is read back | §0: quotients are rounded half to even, and checked against exact multiplication | §0: differences that do not fit are unknown | §0: totals are exact, whatever they come to
    §0 | money has a currency | §0, §3 a budget without a currency is in the program's
    §0 | totals are per currency | §0: totals stay per currency | §0: beside them one total in the program's currency, by the newest rate on or before the day | §0: a rate is of a day and a direction, and more than zero
    §0 | amending corrects a field, for a reason, and keeps both values | §0: an amendment corrects a recorded field; the event holds old and new | §0: an amendment needs a reason, unless it changes nothing | §0: null clears an optional field | §0: a required field cannot be cleared | §0: an amendment that breaks a rule between fields is refused
    §0 | voiding takes a thing out of every count, for a reason, perhaps as a duplicate | §0: a voided thing takes no further commands, until it is restored | §0: a thing may be voided as the duplicate of another of its kind | §0: what was voided or undone is in no fact and no count
    §0 | corrections stay in the history and make no trend | §0, §1: a corrected level change does not stand, nor does its correction | §0: a corrected level counts where the level does
    §0 | what can be undone is undone by a command that compensates | §0: an undone amendment brings the old values back | §0: an undone step of a gap's life brings the step before back | §0: an undone reassessment brings the old value back | §0: only a stream's last event can be taken back, with a reason | §0: an undone step, a revocation and the founding are not taken back
    §0 | a person is registered once, and facts refer to ids | §0: a person is registered once | §0: facts refer to people who are registered
    §0 | what somebody owns goes to somebody else in one command | §0: all that a person owns is handed over in one command | §0: only what concerns one department may be handed over | §0: nobody hands over to themselves or to a stranger
    §0 | a name can be erased | §0: a person's name can be erased, wherever it stands
    §0 | evidence is a text, a link or a file by name, size and digest, with its dates and author | §0: evidence is a text, a link or a file, with what describes it | §0: a file needs a name, a size and a SHA-256, and nothing else | §0: evidence is renewed until another day, or for good
    §0 | actions, pilots, outcomes and closings point to evidence | §0: actions, pilots, outcomes and closings point to evidence, or a text becomes some
    §0 | a waiver says what, why, by whom, perhaps until when | §0, §1: a waiver says what, why and by whom | §0: what a waiver was granted for is settled | §0: a waiver's approver is a registered person, amended or not
    §0 | a waiver can be revoked, and stays visible where it matters | §0: waivers can be revoked, and stay visible | §0: a waiver stays visible where it matters, also once it is revoked | §0, §1: a level shows what it rests on, by whose waiver, and what of it is gone
    §0 | external ids are unique, so that what comes again is known | §0: external ids are unique in a program | §0: an external id belongs to a new thing alone | §0: external ids that look alike but differ in their bytes are two | §0: what comes again from another system, by its external id, is revised
    §1 | a department is on a level 0 to 5, or not assessed | §1: a level is 0 to 5 | §0, §1: a level rises by its actions; not assessed is no level | §1: levels and their actions
    §1 | the actions under a level take it to the next | §1: levels and their actions | §1: there is no other action than the catalog's | §1: what is missing is named, and stops an advance
    §1 | up by one at a time, never past 5 | §1: a level is advanced by one when every required action is done, each with evidence | §1: a level never moves past 5
    §1 | a level is assessed before all else: by whom, how, why | §1: a level is first assessed, a baseline with assessor, method and rationale | §1: a department that was not assessed cannot advance, regress or be corrected
    §1 | later assessments confirm or lower, and never raise | §1: a later assessment may confirm a level, which changes neither its basis nor its date | §1: a later assessment may lower a level | §1: a later assessment never raises a level
    §1 | an advance takes a rationale, and every action done on that day with evidence, or waived | §1: a level is advanced by one when every required action is done, each with evidence | §1: an advance needs a rationale | §1: a waived action lets a department advance, with the basis waived | §1: an action done for all after the date of an advance does not count for it
    §1 | an action is done for one department, or for all | §1: an action may be completed for all departments at once | §1: an action of one department counts for no other
    §1 | expired evidence makes its action undone, which blocks and shows | §1: expired evidence blocks advancing from the day after its last day, without any event | §1: an action's own last day holds beside that of its evidence | §1: expired evidence shows the level as unsupported; nothing lowers it by itself | §1: voided evidence makes its action undone
    §1 | only a person lowers a level, for a reason; what is done stays done | §1: only a person lowers a level: regress, with a reason | §1: after a regress, unexpired actions stay done
    §1 | a wrong entry is corrected | §1: a wrong entry is corrected, which makes no trend | §1: a department can be corrected to not assessed, and back | §1: a corrected advance brings back the level before it, with its basis and date
    §1 | a level knows its basis, and since when | §1: levels and their actions | §1: a level is first assessed, a baseline with assessor, method and rationale | §1: a waived action lets a department advance, with the basis waived
    §1 | an advance carries the catalog's version and what it rested on | §1: a level is advanced by one when every required action is done, each with evidence
    §1 | the program's own level beside the lowest, the median, the counts and the unassessed | §1: the program's own level is assessed too, beside those of the departments | §1: the program's level stands beside the lowest, the median, the counts, the unassessed
    §2 | five links, and a place for what is not diagnosed | §2: the five links and the place of what is not diagnosed | §2: a gap sits on undiagnosed until its cause is known
    §2 | a gap has what it has, and all of it comes back | §2, §4: a gap has all its fields | §2: severity is 1 to 5 | §2: a value needs a unit | §2: a gap belongs to a department that exists and was not voided
    §2 | the two sides are named by the link | §2: a reading names the two sides that a gap's link joins
    §2 | its size is what is lacking in the direction that hurts, also relative to what was expected | §2: the size is what is lacking in the direction that hurts | §2: the relative size grows with the gap whatever the expected value's sign
    §2 | recorded, reassessed at will, closed, perhaps opened again | §2: a gap is recorded, reassessed, closed and reopened | §2: a value is not measured after the command's date, nor before the last one | §2: a closed gap takes no new value, and is not closed or accepted again
    §2 | closed when it is met, or with the reason why not | §2: an unmet gap closes only with the reason why unmet | §2: a gap that is met exactly closes | §2: a gap whose perceived value is unknown is unmet | §2: a gap that was closed as met is not corrected to be unmet
    §2 | accepted with a reason, by somebody, until a day | §2: a gap is accepted with a reason, an approver and a date to look again
    §2 | addressed while an open initiative names it | §2: a gap is addressed while an open initiative names it, and closed once it is met
    """
}
