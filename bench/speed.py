#!/usr/bin/env python3
"""Isolde and PostgreSQL 15 side by side: pgbench on one thread, taking turns, the median of the runs.

Machines differ and are noisy, so only the ratio counts, and only when both were measured in one run.
PostgreSQL is a private one in a temporary directory, with Debian's programs and its default settings,
unless --pg-port names one that runs.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

import harness
import server_under_test

# name, pgbench's options, clients, the ratio to reach (None: no goal)
WORKLOADS = [
    ("SELECT 1, prepared, 8 clients", ["-M", "prepared"], 8, 2.2),
    ("SELECT 1, prepared, 64 clients", ["-M", "prepared"], 64, 2.2),
    ("SELECT 1, simple, 8 clients", ["-M", "simple"], 8, 2.0),
    ("SELECT 1, simple, 64 clients", ["-M", "simple"], 64, 2.0),
    ("SELECT 1, extended, 8 clients", ["-M", "extended"], 8, None),
    ("SELECT 1, extended, 64 clients", ["-M", "extended"], 64, None),
    ("connect, SELECT 1, disconnect, 8 clients", ["-C", "-M", "simple"], 8, 10.0),
]


def transactions_per_second(server, options, clients, script, seconds):
    done = subprocess.run(["pgbench", "-n", "-j", "1", "-c", str(clients), "-T", str(seconds), "-f", script, *options],
                          env=server_under_test.client_environment(server), capture_output=True, text=True,
                          check=False)
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode != 0 or found is None:
        sys.exit(f"pgbench against {server.name} failed:\n{done.stdout}{done.stderr}")
    return float(found[1])


def measure(servers, workload, script, arguments):
    """The median rate of each server."""
    _, options, clients, _ = workload
    rates = [[] for _ in servers]
    for run in range(arguments.runs):
        order = list(range(len(servers)))
        for i in order if run % 2 == 0 else reversed(order):
            rates[i].append(transactions_per_second(servers[i], options, clients, script, arguments.seconds))
    return [harness.median(found) for found in rates]


def report(workload, rates):
    name, _, _, goal = workload
    ours, theirs = rates
    ratio = ours / theirs
    wanted = "" if goal is None else f"{goal:.1f}"
    verdict = "" if goal is None else "reached" if ratio >= goal else "missed"
    return [name, f"{ours:,.0f}", f"{theirs:,.0f}", f"{ratio:.2f}", wanted, verdict]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--isolde", default=harness.DEFAULT_ISOLDE, help="the server's binary")
    parser.add_argument("--pg-port", type=int, help="a PostgreSQL that runs already (user postgres, trust)")
    parser.add_argument("--seconds", type=int, default=3, help="of each run (default 3)")
    parser.add_argument("--runs", type=int, default=5, help="of each server and workload (default 5)")
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    workloads = [workload for workload in WORKLOADS if arguments.only in workload[0]]
    print(f"{os.cpu_count()} cores, pgbench -j 1, {arguments.runs} runs of {arguments.seconds} s each, median\n")
    servers = [harness.start_isolde(arguments.isolde, max_connections=300)]
    try:
        servers.append(server_under_test.RunningServer(arguments.pg_port) if arguments.pg_port
                       else harness.start_postgres(max_connections=300))
        rows = []
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("SELECT 1;\n")
            script.flush()
            for workload in workloads:
                rows.append(report(workload, measure(servers, workload, script.name, arguments)))
                print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    finally:
        for server in servers:
            server.stop()
    harness.print_table(["transactions a second", "Isolde", "PostgreSQL 15", "ratio", "goal", ""], rows)
    if arguments.check and any(row[-1] == "missed" for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
