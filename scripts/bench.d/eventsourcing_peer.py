"""Saves events with the Python package eventsourcing on PostgreSQL, and prints how many, in how
many seconds.

    python eventsourcing_peer.py --database CONNINFO --threads 8 --batch 1 --seconds 3

Each save is one transaction with `batch` aggregates that were just created: one event each. The
aggregate holds what cem's gap.record holds. Nothing is projected.
"""

import argparse
import faulthandler
import os
import shlex
import threading
import time


def configure(conninfo: str) -> None:
    parts = dict(part.split("=", 1) for part in shlex.split(conninfo))
    os.environ["PERSISTENCE_MODULE"] = "eventsourcing.postgres"
    os.environ["POSTGRES_DBNAME"] = parts["dbname"]
    os.environ["POSTGRES_HOST"] = parts.get("host", "")
    os.environ["POSTGRES_PORT"] = parts.get("port", "5432")
    os.environ["POSTGRES_USER"] = parts["user"]
    os.environ["POSTGRES_PASSWORD"] = "none"
    os.environ["POSTGRES_POOL_SIZE"] = "16"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    arguments = parser.parse_args()
    configure(arguments.database)
    # It has been seen to wait for ever for an answer in the pipeline; then the row says so, and the run goes on.
    faulthandler.dump_traceback_later(5 * arguments.seconds + 60, exit=True)

    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Gap(Aggregate):
        @event("Recorded")
        def __init__(self, department, link, title, expected, perceived, unit, severity, source, owner):
            self.department = department
            self.link = link
            self.title = title
            self.expected = expected
            self.perceived = perceived
            self.unit = unit
            self.severity = severity
            self.source = source
            self.owner = owner

    def gap() -> Gap:
        return Gap(
            department="d-1",
            link="training-execution",
            title="Callers wait longer than we promise in the renewal season",
            expected="0.9",
            perceived="0.55",
            unit="share of contacts",
            severity=3,
            source="Calls listened to",
            owner="p-1",
        )

    application = Application()
    application.save(gap())  # connects, and makes its tables at the first time
    counts = [0] * arguments.threads
    barrier = threading.Barrier(arguments.threads + 1)

    def work(index: int) -> None:
        application.save(gap())
        barrier.wait()
        end = time.perf_counter() + arguments.seconds
        while time.perf_counter() < end:
            application.save(*[gap() for _ in range(arguments.batch)])
            counts[index] += arguments.batch

    threads = [threading.Thread(target=work, args=(index,)) for index in range(arguments.threads)]
    for thread in threads:
        thread.start()
    barrier.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    print(sum(counts), time.perf_counter() - start)
    faulthandler.cancel_dump_traceback_later()


main()
