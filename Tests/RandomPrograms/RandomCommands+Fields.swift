extension RandomCommands {
  /// What each command can be given. Names of fields followed by `?` are often left out.
  package static let fields: [(command: String, fields: String)] = [
    ("program.found", "slug name timeZone? currency? fiscalYearStart? fourEyes?"),
    ("person.add", "id name login?"), ("person.handover", "id to department?"),
    ("department.register", "code name lead?"),
    ("department.retire", "department into?"), ("department.reinstate", "department withWork?"),
    ("department.merge", "departments intoOne name? lead?"),
    ("department.split", "department parts move?"),
    ("evidence.add", "title text? url? file? date? author? expires? retainUntil?"),
    ("evidence.renew", "evidence expires?"), ("waiver.revoke", "waiver"),
    ("maturity.assess", "department programLevel? level rationale method? assessor?"),
    ("maturity.action.complete", "department all? action more? proof expires?"),
    ("maturity.action.reopen", "department all? action"),
    ("maturity.action.waive", "department all? action approver until?"),
    ("maturity.advance", "department programLevel? rationale"),
    ("maturity.regress", "department programLevel? to.level"),
    ("maturity.correct", "department programLevel? to.level?"),
    (
      "platform.state",
      "title promise department? owner? impressions? restsOn? insights? theme? positiveCues? hook?"
    ),
    (
      "initiative.open",
      "department title step.first with? owner? sponsor? start? due? gaps? metric baseline? target? "
        + "metricUnit? links?"
    ),
    (
      "initiative.open",
      "department title step.later platform brandElements? budget currency? owner? gaps?"
    ),
    ("initiative.open", "department title step.later waivePlatform approver? until? with? owner?"),
    ("initiative.open", "department title step.first womRule attestEthics?"),
    (
      "initiative.open",
      "department title step with? budget? currency? platform? metric? metricUnit? womRule? "
        + "waivePlatform? approver? attestEthics? platformWaiver? ethicsVersion? brandElements?"
    ),
    ("initiative.attest", "initiative"), ("initiative.start", "initiative"),
    ("initiative.waive", "initiative approver? until?"),
    ("initiative.pilot.start", "initiative scope?"),
    (
      "initiative.pilot.conclude",
      "initiative cost benefit currency? benefitKind? horizon? proof? verdict note?"
    ),
    (
      "initiative.pilot.correct",
      "initiative cost? benefit? currency? benefitKind? horizon? evidence? verdict?"
    ),
    ("initiative.pilot.correct", "initiative cost"),
    ("initiative.pilot.correct", "initiative benefit horizon?"),
    ("initiative.scale", "initiative"), ("initiative.scale", "initiative waivePilot approver?"),
    ("initiative.complete", "initiative measured? note? proof?"),
    ("initiative.update", "initiative rag note?"), ("initiative.link", "initiative url"),
    ("initiative.hold", "initiative"), ("initiative.resume", "initiative"),
    ("initiative.cancel", "initiative"), ("initiative.reopen", "initiative"),
    (
      "gap.record",
      "department link title expected? perceived? unit lowerIsBetter? severity? phase? dimension? "
        + "attribute? evidence? source? measuredOn? owner? due?"
    ),
    ("gap.diagnose", "gap link"), ("gap.reassess", "gap perceived measuredOn?"),
    ("gap.close", "gap resolution unmetReason? proof?"), ("gap.accept", "gap approver? until"),
    ("gap.reopen", "gap"),
    ("gap.record-breach", "breach link? title? severity? evidence? owner? due?"),
    ("gap.record", "department link title expected perceived unit touchpoint breach"),
    ("segment.define", "segmentCode name description? market? role? purchase? owner?"),
    (
      "touchpoint.map",
      "department name channel? segment? type? stage? momentOfTruth? expectation? firstExperience? "
        + "rules? flexibility? modules? gives? owner?"
    ),
    ("touchpoint.plan", "touchpoint item text"), ("touchpoint.unplan", "touchpoint item"),
    ("touchpoint.retire", "touchpoint"), ("touchpoint.reinstate", "touchpoint"),
    (
      "standard.set",
      "touchpoint metric unit? target? lowerIsBetter? for? aspect? from.version owner?"
    ),
    ("standard.revise", "standard target from.version?"),
    ("standard.correct-version", "standard version.day target from.version?"),
    ("standard.correct-version", "standard version.day drop"),
    ("standard.measure", "standard period value volume? note?"),
    ("standard.measure", "standard period noData volume? note?"),
    ("standard.retire", "standard"), ("standard.reinstate", "standard"),
    (
      "survey.record",
      "department touchpoint? period audience segment? agree sample question? evidence?"
    ),
    ("channel.declare", "department name form? owner?"),
    ("channel.audit", "channelRef findings evidence?"), ("channel.plan", "channelRef plan"),
    (
      "insight.record",
      "insightQuestion finding segment plane department? touchpoint? stage? module? outcome? "
        + "share? peak? gaps? platforms? initiatives? evidence? source? owner?"
    ),
    ("note.add", "about text labels? noteLink?"),
    ("request.make", "request.of request.given"), ("gap.accept", "gap approver? until request"),
    ("maturity.advance", "department rationale request"),
    ("initiative.scale", "initiative waivePilot approver? request"),
    ("waiver.amend", "waiver because? approver? until? request"), ("undo", "position request"),
    ("request.approve", "request.ref"), ("request.reject", "request.ref"),
    ("request.amend", "request.ref"), ("request.void", "request.ref"),
    ("request.restore", "request.ref"),
    ("rate.record", "rate.from rate.to rate source?"),
    ("rate.amend", "rate.ref rate?.value source?"),
    ("rate.void", "rate.ref"), ("rate.restore", "rate.ref"), ("catalog.adopt", "version"),
    ("survey.amend", "survey agree? sample? question?"),
    ("channel.amend", "channelRef department? name? form? owner?"),
    ("insight.amend", "insight finding? plane? gaps? department? owner?"),
    ("insight.amend", "insight stage? touchpoint? outcome? share? peak?"),
    ("note.amend", "note text? labels? noteLink? about?"),
    ("survey.void", "survey"), ("survey.restore", "survey"),
    ("channel.void", "channelRef"), ("channel.restore", "channelRef"),
    ("insight.void", "insight"), ("insight.restore", "insight"),
    ("note.void", "note"), ("note.restore", "note"),
    ("program.amend", "slug? name? timeZone? fourEyes?"), ("person.amend", "person name? login?"),
    ("department.amend", "department name? lead?"),
    ("evidence.amend", "evidence title? text? file? date? author? expires?"),
    ("waiver.amend", "waiver because? approver? until? rule?"),
    ("platform.amend", "platform title? promise? department? owner? impressions? restsOn?"),
    (
      "initiative.amend",
      "initiative department? with? title? step? owner? sponsor? budget? currency? start? due? gaps? "
        + "platform? metric? metricUnit? baseline? target? womRule? links? platformWaiver? brandElements?"
    ),
    (
      "gap.amend",
      "gap department? link? title? expected? perceived? unit? lowerIsBetter? severity? evidence? "
        + "source? measuredOn? owner? due?"
    ),
    ("segment.amend", "segment name? description? market? owner?"),
    (
      "touchpoint.amend",
      "touchpoint department? name? channel? segment? type? stage? expectation? firstExperience? "
        + "rules? flexibility? modules? owner?"
    ),
    ("standard.amend", "standard metric? unit? target? lowerIsBetter? for? aspect? from? owner?"),
    ("segment.void", "segment"), ("segment.restore", "segment"),
    ("touchpoint.void", "touchpoint duplicateOf?"), ("touchpoint.restore", "touchpoint"),
    ("standard.void", "standard duplicateOf?"), ("standard.restore", "standard"),
    ("person.void", "person"), ("department.void", "department"),
    ("evidence.void", "evidence duplicateOf?"), ("waiver.void", "waiver"),
    ("platform.void", "platform duplicateOf?"), ("gap.void", "gap duplicateOf?"),
    ("initiative.void", "initiative duplicateOf?"), ("initiative.restore", "initiative"),
    ("program.void", ""),
    ("person.restore", "person"), ("department.restore", "department"),
    ("evidence.restore", "evidence"), ("waiver.restore", "waiver"),
    ("platform.restore", "platform"), ("gap.restore", "gap"), ("program.restore", ""),
    ("period.close", "period"), ("period.reopen", "period"),
    ("undo", "position"), ("undo", "position"), ("undo", "position"),
    ("audit.erase", "positions person?"), ("audit.recover", "from.position"),
    (
      "report.issue",
      "sha256 size format reportPosition root language reportDay period? reportFile? department? summary?"
    ),
  ]

  /// Those without which little else can happen.
  package static let frequent: Set = [
    "gap.record", "maturity.assess", "maturity.action.complete", "maturity.advance", "evidence.add",
    "platform.state", "person.add", "department.register", "person.restore", "department.restore",
    "maturity.action.waive", "gap.close", "gap.reopen", "person.handover", "waiver.void",
    "waiver.restore", "waiver.amend", "maturity.regress", "maturity.correct", "undo",
    "initiative.open", "initiative.start", "initiative.pilot.start", "initiative.pilot.conclude",
    "initiative.pilot.correct", "initiative.scale", "initiative.complete", "initiative.resume",
    "initiative.reopen",
    "initiative.void", "initiative.restore", "initiative.attest", "initiative.cancel",
    "touchpoint.plan", "touchpoint.restore", "standard.measure", "standard.revise",
    "standard.correct-version",
    "survey.record", "channel.audit", "insight.record", "note.add", "survey.restore",
    "channel.restore", "insight.restore", "note.restore",
    "standard.restore", "segment.restore", "gap.record-breach", "touchpoint.unplan",
    "touchpoint.reinstate", "initiative.resume", "department.reinstate",
  ]
}
