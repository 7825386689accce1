#!/usr/bin/env python3
"""Records how PostgreSQL writes back the checks and views in the golden files beside this script.

    record.py [--port P] FILE.txt ...

A line "# table SELECT ..." gives the columns that the checks after it are made of; without one, lines
that begin with "> " are views."""
import argparse
import subprocess


def psql(connection, script):
    done = subprocess.run(connection, input=script, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=True)
    return done.stdout


def script_for(table, source):
    if table:
        make = (f"create temp table t as {table} limit 0; "
                f"alter table t add constraint k check ({source});")
        define = "pg_get_constraintdef(oid{}) from pg_constraint where conname = 'k'"
    else:
        make = f"create temp view v as {source};"
        define = "pg_get_viewdef('v'::regclass{})"
    return (f"begin; {make} select {define.format('')};\n\\echo --- pretty\n"
            f"select {define.format(', true')}; rollback;\n")


def record(path, connection):
    table, out = "", []
    for line in open(path).read().split("\n"):
        if line.startswith("# table "):
            table = line[len("# table "):]
        if line.startswith(("#", "> ")):
            out.append(line)
        if line.startswith("> "):
            out.append(psql(connection, script_for(table, line[2:])).rstrip("\n"))
    open(path, "w").write("\n".join(out) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default="5432")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    connection = ["psql", "-h", "127.0.0.1", "-p", args.port, "-U", "postgres", "-AtXq", "postgres"]
    for path in args.files:
        record(path, connection)


main()
