#!/usr/bin/env python3
"""Records what PostgreSQL makes of the expressions in the golden files beside this script.

    record.py [--host H] [--port P] [--user U] FILE.txt ...

Lines that begin with "> " are expressions; what follows each is replaced by the result."""
import argparse
import re
import subprocess


def statement(expression):
    match = re.match(r"agg (\w+)\((.*?)\): ?(.*)$", expression)
    if not match:
        return f"select {expression};"
    name, types, rows = match.groups()
    types = [t.strip() for t in types.split(",")]
    columns = ",".join(f"c{i}" for i in range(len(types)))
    values = []
    for row in rows.split():
        fields = row.split("/")
        cells = ["null" if f == "null" else "'" + f.replace("'", "''") + "'" for f in fields]
        values.append("(" + ",".join(f"{c}::{t}" for c, t in zip(cells, types)) + ")")
    if values:
        return f"select {name}({columns}) from (values {','.join(values)}) v({columns});"
    nulls = ",".join(f"null::{t}" for t in types)
    return f"select {name}({columns}) from (select {nulls} where false) v({columns});"


def outcome(lines):
    error = None
    rows = []
    for line in lines:
        match = re.match(r"ERROR:  (\w{5}): (.*)$", line)
        if match:
            error = f"! {match.group(1)} {match.group(2)}"
        elif error and re.match(r"(DETAIL|HINT):  ", line):
            error += " | " + line.replace(":  ", ": ", 1)
        elif not re.match(r"(LINE \d+:|LOCATION:| *\^|CONTEXT:|WARNING:|NOTICE:)", line) and not error:
            rows.append(line)
    return error if error else " ; ".join(rows)


def record(path, connection):
    kept = [l for l in open(path).read().split("\n") if l.startswith(("> ", "#"))]
    script = ["\\set VERBOSITY verbose", "\\pset null '<NULL>'"]
    for line in kept:
        if line.startswith("# set "):
            _, _, name, value = line.split(" ", 3)
            script.append(f"set {name} = {value if re.fullmatch('-?[0-9]+', value) else repr(value)};")
        elif line.startswith("> "):
            script += ["\\echo @@@", statement(line[2:])]
    script.append("\\echo @@@")
    done = subprocess.run(connection, input="\n".join(script), text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    parts = done.stdout.split("@@@\n")[1:]
    out = []
    for line in kept:
        out.append(line)
        if line.startswith("> "):
            text = parts.pop(0).rstrip("\n")
            out.append(outcome(text.split("\n")))
    open(path, "w").write("\n".join(out) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="5432")
    parser.add_argument("--user", default="postgres")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    connection = ["psql", "-h", args.host, "-p", args.port, "-U", args.user, "-AtXq", "postgres"]
    for path in args.files:
        record(path, connection)


main()
