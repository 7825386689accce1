#!/usr/bin/env python3
"""How long a short statement takes while others compute, and how soon a computing statement is cancelled.

One session runs SELECT 1 again and again and notes each time; meanwhile one session, and then one a core
and one more, run SELECT count(*) FROM generate_series(1, 50000000). Then such a scan is cancelled, by a
CancelRequest as Ctrl-C in psql sends it, and the time until its error arrives is taken.
"""
import argparse
import os
import threading
import time

import harness
from protocol import Connection, cancel, error_fields, query

SCAN = query("SELECT count(*) FROM generate_series(1, 50000000)")
SHORT = query("SELECT 1")


class Scanner:
    """A session that scans again and again until it is stopped."""

    def __init__(self, server):
        self.server = server
        self.connection = Connection(server)
        self.stopping = False
        self.scans = 0
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self):
        while not self.stopping:
            self.connection.send(SCAN)
            answers = self.connection.messages()
            self.scans += answers[0][0] == "T" and answers[-2][0] == "C"

    def stop(self):
        self.stopping = True
        while self.thread.is_alive():
            cancel(self.server, self.connection.process, self.connection.secret)
            self.thread.join(0.05)
        self.connection.close()


def short_statements(server, seconds):
    """Milliseconds that each SELECT 1 took."""
    times = []
    with Connection(server) as connection:
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            connection.send(SHORT)
            connection.messages()
            times.append((time.perf_counter() - began) * 1000)
    return times


def cancelled_scan(server, watcher):
    """Milliseconds from the cancel request to the error."""
    with Connection(server) as connection:
        connection.send(SCAN)
        while watcher.value(f"SELECT state FROM pg_stat_activity WHERE pid = {connection.process}") != "active":
            pass
        began = time.perf_counter()
        cancel(server, connection.process, connection.secret)
        error = next(body for kind, body in connection.messages() if kind == "E")
        assert error_fields(error)["C"] == "57014", error
        return (time.perf_counter() - began) * 1000


def row(name, times, goal, decisive):
    verdict = "" if goal is None else "reached" if decisive <= goal else "missed"
    return [name, str(len(times)), f"{harness.median(times):.3f}", f"{harness.percentile(times, 99):.3f}",
            f"{max(times):.3f}", "" if goal is None else f"{goal}", verdict]


def measure(server, seconds):
    cores = os.cpu_count()
    rows = []
    for scans, goal in ((0, None), (1, 10), (cores + 1, None)):
        scanners = [Scanner(server) for _ in range(scans)]
        try:
            times = short_statements(server, seconds)
        finally:
            for scanner in scanners:
                scanner.stop()
        rows.append(row(f"SELECT 1, beside {scans} scans; goal: p99", times, goal, harness.percentile(times, 99)))
    with Connection(server) as watcher:
        times = [cancelled_scan(server, watcher) for _ in range(20)]
    rows.append(row("cancel of a scan; goal: slowest", times, 50, max(times)))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--isolde", default=harness.DEFAULT_ISOLDE, help="the server's binary")
    parser.add_argument("--postgres", action="store_true", help="measure PostgreSQL 15 instead")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement (default 5)")
    arguments = parser.parse_args()
    server = harness.start_postgres() if arguments.postgres else harness.start_isolde(arguments.isolde)
    try:
        rows = measure(server, arguments.seconds)
    finally:
        server.stop()
    harness.print_table(["milliseconds", "count", "median", "p99", "slowest", "goal", ""], rows)


if __name__ == "__main__":
    main()
