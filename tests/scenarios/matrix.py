"""Plays every anomaly (anomalies.py) under every engine and level, and writes the table of what happened.

    matrix.py --isolde build/release/isolde                     writes docs/isolation-matrix.md
    matrix.py --isolde build/release/isolde --check [ENGINE]    fails if it is not what the page says
"""
import argparse
import difflib
import sys

import anomalies
import run
import server_under_test

PAGE = run.HERE.parent.parent / "docs" / "isolation-matrix.md"
HEAD = """# What each engine lets happen

Every anomaly is played under every engine and level. **happens**: it can be seen. Otherwise: what kept it from happening:
a session *waits* for another one, fails with *40001* (serialization failure) or *40P01* (deadlock), or nothing special
is *seen*: a snapshot hides it.

This page is written by a program, which a test runs as well:

    /usr/bin/python3 tests/scenarios/matrix.py --isolde build/release/isolde
"""


def cell(server, database, anomaly, level):
    settings = {"default_transaction_isolation": level}
    seen = anomalies.Seen(run.play(server, database, "anomaly", anomaly.spec(), settings))
    return "**happens**" if anomaly.happened(seen) else seen.prevented_by()


def engine_table(server, engine):
    database = f"matrix_{engine}"
    run.make_database(server, database, engine)
    lines = [f"## {engine}", "", f"| | | {' | '.join(run.LEVELS)} |", "|---" * (len(run.LEVELS) + 2) + "|"]
    for anomaly in anomalies.ANOMALIES:
        cells = [cell(server, database, anomaly, level) for level in run.LEVELS]
        lines.append(f"| {anomaly.name} | {anomaly.letter} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def legend():
    lines = ["## What they are", "", "| anomaly | |", "|---|---|"]
    return "\n".join(lines + [f"| {one.name} | {one.about} |" for one in anomalies.ANOMALIES]) + "\n"


def section(page, engine):
    """The part of the page that is about an engine."""
    start = page.index(f"## {engine}\n")
    end = page.find("\n## ", start)
    return page[start:end + 1 if end >= 0 else None].rstrip("\n") + "\n"


def check(tables):
    page = PAGE.read_text()
    failed = False
    for engine, table in tables.items():
        found = list(difflib.unified_diff(section(page, engine).splitlines(), table.splitlines(), str(PAGE), "played",
                                          lineterm=""))
        print("\n".join(found) if found else f"{engine}: as the page says")
        failed = failed or bool(found)
    sys.exit(failed)


def main():
    others = server_under_test.parse_arguments(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("engines", nargs="*")
    options = parser.parse_args(others)
    server = server_under_test.start_server(None)
    try:
        engines = options.engines or run.ENGINES
        tables = {engine: engine_table(server, engine) for engine in engines}
    finally:
        server.stop()
    if options.check:
        check(tables)
    elif options.engines:
        print("\n".join(tables.values()))
    else:
        PAGE.write_text("\n".join([HEAD, *tables.values(), legend()]))


if __name__ == "__main__":
    main()
