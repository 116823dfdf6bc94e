import CEMTestSupport
import Foundation
import Postgres
import Testing

/// What goes on until it is told to end.
@Suite(.database(.migrated)) struct FollowTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(["init --program acme --name Acme"], body)
  }

  @Test func historyFollowsInOrder() throws {
    try withProgram { cem in
      let follow = try RunningCommand(cem, "history", "--follow", "--json=position,type")
      #expect(follow.wait { $0.lines.count == 1 } != nil)
      for index in 2...4 { _ = try cem("person", "add", "p\(index)", "--name", "P") }
      #expect(follow.wait { $0.lines.count == 4 } != nil)
      #expect(follow.lines[0] == "{\"position\":1,\"type\":\"program.founded\"}")
      #expect(follow.lines[3] == "{\"position\":4,\"type\":\"person.added\"}")
      #expect(follow.interrupt() == 130)
      #expect(follow.lines.count == 4)
    }
  }

  @Test func historyFollowsWhatIsAskedFor() throws {
    try withProgram { cem in
      let follow = try RunningCommand(
        cem, "history", "--follow", "--type", "department.*", "--limit", "1",
        "--json=position")
      for code in ["a", "b"] {
        _ = try cem("person", "add", "p\(code)", "--name", "P")
        _ = try cem("department", "register", code, "--name", "D")
      }
      #expect(follow.wait { $0.lines.count == 2 } != nil)
      #expect(follow.lines == ["{\"position\":3}", "{\"position\":5}"])
      #expect(follow.interrupt() == 130)
    }
  }

  @Test func anUpdateShowsWithinASecond() throws {
    try withProgram { cem in
      let follow = try RunningCommand(cem, "history", "--follow", "--json=position")
      try #require(follow.wait { $0.lines.count == 1 } != nil)
      let program = try TestDatabase.current.connect()
      // A commit made in this process, so that no start of a process is counted.
      try program.execute("UPDATE cem.head SET position = position")
      let watch = try RunningCommand(cem, "watch", "status", "--json=asOfPosition")
      try #require(follow.wait { _ in watch.lines.count >= 1 } != nil)
      var times: [Double] = []
      for index in 1...3 {
        let added = try cem("department", "register", "d\(index)", "--name", "D")
        try #require(added.status == 0)
        let seconds = try #require(
          follow.wait { $0.lines.count == index + 1 && watch.lines.count >= index + 1 })
        times.append(seconds)
      }
      // The limit is one second; a machine under load is given more.
      #expect(times.min() ?? 9 < 1, "\(times)")
      #expect(watch.interrupt() == 130)
      #expect(follow.interrupt() == 130)
      #expect(watch.lines.last?.hasSuffix("{\"asOfPosition\":4}]") == true, "\(watch.output)")
    }
  }

  /// What a look costs the database, however long the log is: one transaction, a few pages, no event.
  @Test func nothingNewCostsNextToNothing() throws {
    try withProgram { cem in
      _ = try cem("department", "register", "d", "--name", "D")
      let follow = try RunningCommand(cem, "history", "--follow", "--json=position")
      let watch = try RunningCommand(cem, "watch", "status", "--json=asOfPosition")
      try #require(follow.wait { $0.lines.count == 2 && watch.lines.count == 1 } != nil)
      let root = try TestDatabase.current.connect()
      struct Cost {
        var transactions: Int
        var pages: Int
        var looksAtEvents: Int
      }
      func cost() throws -> Cost {
        // Sessions hand over what they counted once a second.
        usleep(1_500_000)
        try root.execute("SELECT pg_stat_clear_snapshot()")
        let (transactions, pages, looks) = try root.query(
          """
          SELECT xact_commit, blks_hit + blks_read, (SELECT sum(seq_scan + coalesce(idx_scan, 0))::bigint \
          FROM pg_stat_user_tables WHERE schemaname = 'cem' AND relname NOT IN ('head', 'program', 'migration', 'projection')) \
          FROM pg_stat_database WHERE datname = current_database()
          """
        ).one((Int, Int, Int).self)
        return Cost(transactions: transactions, pages: pages, looksAtEvents: looks)
      }
      _ = try cost()
      let clock = ContinuousClock()
      let start = clock.now
      let before = try cost()
      usleep(4_000_000)
      let after = try cost()
      let seconds = (clock.now - start) / .seconds(1)
      // Two followers look every 0.3 s; the questions of this test are a few more.
      let looks = after.transactions - before.transactions
      #expect(
        looks > 5 && Double(looks) < seconds / 0.3 * 2 + 15,
        "\(looks) transactions in \(seconds) s")
      // Of other tables than the head's nothing was read, and of that a page or two.
      #expect(after.looksAtEvents == before.looksAtEvents)
      #expect((after.pages - before.pages) / looks < 60, "\(before) \(after)")
      #expect(follow.interrupt() == 130 && watch.interrupt() == 130)
    }
  }

  @Test func aClosedPipeEndsIt() throws {
    try withProgram { cem in
      _ = try cem("department", "register", "d", "--name", "D")
      for command in ["history --follow", "watch status"] {
        let result = try cem.shell(
          "timeout 20 \"$CEM\" \(command) 2>/dev/null | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}"
        )
        #expect(result.output == "0\n", "\(command): \(result.errors)")
      }
    }
  }

  @Test func aShorterLogIsSaid() throws {
    try withProgram { cem in
      _ = try cem("person", "add", "p", "--name", "P")
      let follow = try RunningCommand(cem, "history", "--follow")
      try #require(follow.wait { $0.lines.count == 2 } != nil)
      try TestDatabase.current.connect().execute("UPDATE cem.head SET position = 1")
      #expect(follow.wait { $0.errors.contains("the log ends at position 1, before 2") } != nil)
    }
  }

  @Test func followWantsNoEnd() throws {
    try withProgram { cem in
      for option in ["--until", "--as-of"] {
        let result = try cem("history", "--follow", option, "1")
        #expect(result.status == 64, "\(option)")
      }
    }
  }
}

/// Following on a server of its own, which can be stopped.
@Suite struct FollowRestartTests {
  @Test func aRestartedServerIsWaitedFor() throws {
    let cem = try CommandProcess(database: nil)
    defer {
      _ = try? cem("db", "stop")
      cem.remove()
    }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    let follow = try RunningCommand(cem, "history", "--follow", "--json=position")
    let watch = try RunningCommand(cem, "watch", "status", "--json=asOfPosition")
    try #require(follow.wait { $0.lines.count == 1 && watch.lines.count == 1 } != nil)
    try #require(try cem("db", "stop").status == 0)
    let lost = "the database is out of reach; trying again until it is back (Ctrl-C ends)\n"
    #expect(follow.wait { $0.errors == lost && watch.errors == lost } != nil, "\(follow.errors)")
    // Whoever stopped it meant it.
    #expect(try cem("db", "status").output.contains("running") == false)
    try #require(try cem("department", "register", "d", "--name", "D").status == 0)
    #expect(follow.wait { $0.lines.count == 2 && watch.lines.count == 2 } != nil)
    #expect(follow.errors == lost + "the database is back\n")
    #expect(follow.interrupt() == 130)
    #expect(watch.interrupt() == 130)
  }
}
