#!/usr/bin/env python3
"""Records PostgreSQL's binary form of the values in binary.txt beside this script.

    record_binary.py [--host H] [--port P] [--user U]

A line is TYPE|VALUE|TEXT|HEX; the last two are replaced."""
import argparse
import os
import subprocess


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="5432")
    parser.add_argument("--user", default="postgres")
    args = parser.parse_args()
    connection = ["psql", "-h", args.host, "-p", args.port, "-U", args.user, "-AtXq", "postgres"]

    def query(sql):
        return subprocess.run(connection, input=sql, text=True, capture_output=True,
                              check=True).stdout.splitlines()

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "binary.txt")
    values = [line.split("|")[:2] for line in open(path).read().splitlines() if line]
    names = ",".join("'" + t + "'" for t in sorted({t for t, _ in values}))
    send = dict(line.split("|") for line in query(
        f"select typname, typsend::text from pg_type where typname in ({names})"))
    statements = "set timezone='UTC';" + "".join(
        f"select ('{v}'::\"{t}\")::text || '|' || encode({send[t]}('{v}'::\"{t}\"), 'hex');"
        for t, v in values)
    with open(path, "w") as out:
        for (t, v), result in zip(values, query(statements)):
            out.write(f"{t}|{v}|{result}\n")


main()
