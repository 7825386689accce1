#!/usr/bin/env python3
"""What the server needs: memory at rest, memory of idle connections, time to start on an existing directory."""
import argparse
import resource
import time

import harness
from protocol import Connection

MEGABYTE = 1 << 20
STARTS = 10


def raise_descriptor_limit(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))


def start_times(path):
    """Milliseconds from starting the program to its line "ready on", in a directory that exists."""
    server = harness.start_isolde(path)
    times = []
    for _ in range(STARTS):
        server.signal_stop()
        server.wait()
        server.process.stdout.close()
        began = time.perf_counter()
        server.start()
        times.append((time.perf_counter() - began) * 1000)
    server.stop()
    return times


def memory(path, connections):
    """Megabytes at rest, and those that so many idle connections add."""
    server = harness.start_isolde(path, max_connections=connections + 10)
    with Connection(server) as first:
        first.value("SELECT 1")
        at_rest = server.resident_bytes()
        idle = [Connection(server) for _ in range(connections)]
        added = server.resident_bytes() - at_rest
        first.value("SELECT 1")
        for connection in idle:
            connection.close()
    server.stop()
    return at_rest / MEGABYTE, added / MEGABYTE


def row(name, found, goal):
    return [name, f"{found:.1f}", f"{goal}", "reached" if found < goal else "missed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--isolde", default=harness.DEFAULT_ISOLDE, help="the server's binary")
    parser.add_argument("--connections", type=int, default=5000, help="idle ones (default 5000)")
    arguments = parser.parse_args()
    raise_descriptor_limit(arguments.connections + 100)
    at_rest, added = memory(arguments.isolde, arguments.connections)
    started = harness.median(start_times(arguments.isolde))
    harness.print_table(["", "found", "goal", ""], [
        row("resident memory at rest, MB", at_rest, 30),
        row(f"added by {arguments.connections:,} idle connections, MB", added, 250),
        row(f"start to ready, ms, median of {STARTS}", started, 100),
    ])


if __name__ == "__main__":
    main()
