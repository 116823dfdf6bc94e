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
import sys
import threading
import time

# With large batches psycopg without its C part has been seen to wait for ever for an answer in the pipeline
# (psycopg issue 685). Where a thread has saved nothing for so long, the measurement begins anew.
STALL_SECONDS = 5
ATTEMPTS = 5


def configure(conninfo: str) -> None:
    parts = dict(part.split("=", 1) for part in shlex.split(conninfo))
    os.environ["PERSISTENCE_MODULE"] = "eventsourcing.postgres"
    os.environ["POSTGRES_DBNAME"] = parts["dbname"]
    os.environ["POSTGRES_HOST"] = parts.get("host", "")
    os.environ["POSTGRES_PORT"] = parts.get("port", "5432")
    os.environ["POSTGRES_USER"] = parts["user"]
    os.environ["POSTGRES_PASSWORD"] = "none"
    os.environ["POSTGRES_POOL_SIZE"] = "16"


def begin_anew() -> None:
    attempt = int(os.environ.get("CEM_PEER_ATTEMPT", "1"))
    if attempt < ATTEMPTS:
        os.environ["CEM_PEER_ATTEMPT"] = str(attempt + 1)
        print(f"no answer for {STALL_SECONDS} s, beginning anew", file=sys.stderr)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    sys.exit(f"no answer for {STALL_SECONDS} s, {ATTEMPTS} times")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    arguments = parser.parse_args()
    configure(arguments.database)
    # In the end the row says that there is no figure, and the run goes on.
    faulthandler.dump_traceback_later(2 * arguments.seconds + 30, exit=True)

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

    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(arguments.threads)]
    for thread in threads:
        thread.start()
    barrier.wait()
    start = time.perf_counter()
    for index, thread in enumerate(threads):
        while thread.is_alive():
            before = counts[index]
            thread.join(STALL_SECONDS)
            if thread.is_alive() and counts[index] == before:
                begin_anew()
    print(sum(counts), time.perf_counter() - start)
    faulthandler.cancel_dump_traceback_later()


main()
