#!/usr/bin/env python3
"""Isolde and PostgreSQL 15 side by side: what statements over a table of a million rows take.

The two take turns, the medians of the runs are compared. Beside the time that the client sees stands the
processor time that the server spent, which is the better measure on a machine that does other work: a ratio
above 1 says that PostgreSQL took so many times longer.
"""
import argparse
import io
import os
import pathlib
import re
import subprocess
import sys
import time

import psycopg2

import harness
import server_under_test

TABLES = """
CREATE TABLE big (id int PRIMARY KEY, k int NOT NULL, v int NOT NULL, note text);
CREATE TABLE small (id int PRIMARY KEY, name text);
INSERT INTO big SELECT i, (i::bigint * 7919 % 1000)::int, (i::bigint * 99991 % 1000003)::int, 'row number ' || i
  FROM generate_series(1, {rows}) AS i;
INSERT INTO small SELECT i, 'name ' || i FROM generate_series(1, 10000) AS i;
CREATE INDEX big_k_v ON big (k, v);
CREATE TABLE loaded (id int, k int, v int, note text);
"""

# name, statement, statement that undoes it, and the goal: how many times as fast as PostgreSQL
STATEMENTS = [
    ("count(*)", "SELECT count(*) FROM big", None),
    ("sum with a filter", "SELECT sum(v) FROM big WHERE v % 10 < 5 AND note <> 'x'", None),
    ("GROUP BY, 1,000 groups", "SELECT k, count(*), sum(v), max(v) FROM big GROUP BY k", None),
    ("hash join with 10,000", "SELECT count(*), max(s.name) FROM big b JOIN small s ON s.id = b.v / 100", None),
    ("ORDER BY integer", "SELECT id, v, note FROM big ORDER BY v % 500009 OFFSET 999990", None),
    ("ORDER BY text", 'SELECT id, note FROM big ORDER BY note COLLATE "C" DESC OFFSET 999990', None),
    ("ORDER BY, all rows sent", "COPY (SELECT id, v, note FROM big ORDER BY v % 500009) TO STDOUT", None),
    ("COPY in", "COPY loaded FROM STDIN", "TRUNCATE loaded"),
    ("CREATE INDEX", "CREATE INDEX made ON big (v)", "DROP INDEX made"),
    ("CREATE INDEX on text", 'CREATE INDEX made ON big (note COLLATE "C")', "DROP INDEX made"),
    ("count of an index range", "SELECT count(*) FROM big WHERE id BETWEEN 100000 AND 600000", None),
    ("index-only, two columns", "SELECT sum(v) FROM big WHERE k BETWEEN 100 AND 300", None),
    ("ORDER BY key LIMIT 10", "SELECT * FROM big ORDER BY id DESC LIMIT 10", None),
    ("ORDER BY two keys LIMIT 10", "SELECT * FROM big WHERE k = 77 ORDER BY v LIMIT 10", None),
    ("min and max of a key", "SELECT min(id), max(id) FROM big", None),
    ("IN of 100 keys", "SELECT sum(v) FROM big WHERE id IN (%s)" % ", ".join(str(i * 9901) for i in range(1, 101)),
     None),
    ("DISTINCT, 1,000 values", "SELECT DISTINCT k FROM big", None),
]

PGBENCH = [
    ("pgbench -S prepared, 8 clients", "prepared", 8),
    ("pgbench -S prepared, 64 clients", "prepared", 64),
    ("pgbench -S simple, 8 clients", "simple", 8),
]
FAST_STATEMENT_SECONDS = 0.02


def cpu_seconds(pid):
    """The processor time of a process, all threads together."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


class Side:
    """One server, with a connection of its own."""

    def __init__(self, server, rows):
        self.server = server
        self.connection = psycopg2.connect(host=server.host, port=server.port, user="postgres", dbname="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.postgres = not isinstance(server, server_under_test.IsoldeServer)
        if self.postgres:
            self.cursor.execute("SET max_parallel_workers_per_gather = 0")
            self.cursor.execute("SET max_parallel_maintenance_workers = 0")
        for statement in TABLES.format(rows=rows).split(";")[:-1]:
            self.cursor.execute(statement)
        for table in ("big", "small"):
            self.cursor.execute(f"VACUUM ANALYZE {table}")
        self.cursor.execute("SELECT pg_backend_pid()")
        self.pid = self.cursor.fetchone()[0] if self.postgres else server.pid

    def run(self, statement, data, repeat):
        """Seconds of wall and of processor time for one execution."""
        began, cpu = time.perf_counter(), cpu_seconds(self.pid)
        for _ in range(repeat):
            self.execute(statement, data)
        return (time.perf_counter() - began) / repeat, (cpu_seconds(self.pid) - cpu) / repeat

    def execute(self, statement, data):
        if statement.endswith("FROM STDIN"):
            self.cursor.copy_expert(statement, io.BytesIO(data), size=1 << 16)
        elif statement.endswith("TO STDOUT"):
            self.cursor.copy_expert(statement, open(os.devnull, "wb"))
        else:
            self.cursor.execute(statement)
            if self.cursor.description is not None:
                self.cursor.fetchall()

    def answer(self, statement):
        self.cursor.execute(statement)
        return sorted(self.cursor.fetchall()) if self.cursor.description else None


def taking_turns(sides, runs, measure):
    """The medians of what `measure` gives for each side."""
    found = [[] for _ in sides]
    for run in range(runs):
        order = list(range(len(sides)))
        for i in order if run % 2 == 0 else reversed(order):
            found[i].append(measure(sides[i]))
    return [[harness.median(column) for column in zip(*one)] for one in found]


def measure_statement(sides, workload, data, runs):
    _, statement, undo = workload
    if statement.startswith("SELECT") and sides[0].answer(statement) != sides[-1].answer(statement):
        sys.exit(f"the servers answer differently: {statement}")
    fast = undo is None and sides[-1].run(statement, data, 1)[0] < FAST_STATEMENT_SECONDS
    repeat = 50 if fast else 1

    def measure(side):
        result = side.run(statement, data, repeat)
        if undo is not None:
            side.execute(undo, data)
        return result

    return taking_turns(sides, runs, measure)


def pgbench_rate(server, mode, clients, seconds):
    done = subprocess.run(["pgbench", "-n", "-S", "-j", "1", "-c", str(clients), "-T", str(seconds), "-M", mode],
                          env=server_under_test.client_environment(server), capture_output=True, text=True,
                          check=False)
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode != 0 or found is None:
        sys.exit(f"pgbench against {server.name} failed:\n{done.stdout}{done.stderr}")
    return float(found[1])


def shown(seconds):
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:,.2f} ms"


def report(rows, cells):
    rows.append(cells)
    print(*cells, sep="  ", file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--isolde", default=harness.DEFAULT_ISOLDE, help="the server's binary")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the table (default 1,000,000)")
    parser.add_argument("--runs", type=int, default=5, help="of each server and statement (default 5)")
    parser.add_argument("--seconds", type=int, default=3, help="of each run of pgbench (default 3)")
    parser.add_argument("--scale", type=int, default=10, help="of pgbench's tables (default 10)")
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    rows = []
    servers = []
    try:
        servers.append(harness.start_isolde(arguments.isolde, max_connections=300))
        servers.append(harness.start_postgres(max_connections=300))
        statements = [workload for workload in STATEMENTS if arguments.only in workload[0]]
        if statements:
            sides = [Side(server, arguments.rows) for server in servers]
            text = io.StringIO()
            sides[-1].cursor.copy_expert("COPY big TO STDOUT", text)
            data = text.getvalue().encode()
            for workload in statements:
                (ours, our_cpu), (theirs, their_cpu) = measure_statement(sides, workload, data, arguments.runs)
                report(rows, [workload[0], shown(ours), shown(theirs), f"{theirs / ours:.2f}",
                              f"{their_cpu / our_cpu:.2f}"])
        rates = [workload for workload in PGBENCH if arguments.only in workload[0]]
        for server in servers if rates else []:
            subprocess.run(["pgbench", "-i", "-q", "-s", str(arguments.scale)], check=True, capture_output=True,
                           env=server_under_test.client_environment(server))
        for name, mode, clients in rates:
            (ours,), (theirs,) = taking_turns(
                servers, arguments.runs, lambda s: (pgbench_rate(s, mode, clients, arguments.seconds),))
            report(rows, [name, f"{ours:,.0f}/s", f"{theirs:,.0f}/s", f"{ours / theirs:.2f}", ""])
    finally:
        for server in servers:
            server.stop()
    harness.print_table(["statement", "Isolde", "PostgreSQL 15", "ratio", "by processor time"], rows)


if __name__ == "__main__":
    main()
