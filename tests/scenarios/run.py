"""Plays the scenarios under every engine and isolation level, and compares with what is expected.

    run.py --isolde build/release/isolde              everything
    run.py --isolde ... --engines mvcc,locking lost-update write-skew
    run.py --postgres [--record]                      shows that the expectations are right, or writes them
    run.py --postgres --plain DIRECTORY [NAME...]     specs and outputs of isolationtester, to try the player itself

A scenario is played once for each level: the sessions begin with it as default_transaction_isolation. What it prints
is compared with expected/NAME.ENGINE.out, or expected/NAME.out where the engine does what most do. Levels that print
the same share one chapter of that file. What is expected is what the theory says; where an engine does not do that yet,
open.txt says so, and it fails when it begins to.
"""
import argparse
import difflib
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "wire"), str(HERE.parent / "clients")]

import matrices
import player
import protocol
import server_under_test
import spec as specs

ENGINES = ["mvcc", "locking", "nextkey", "optimistic", "serial"]
LEVELS = ["read uncommitted", "read committed", "repeatable read", "serializable"]
DATABASE = "scenarios"


def all_names():
    written = [path.stem for path in (HERE / "specs").glob("*.spec")]
    return sorted(written + list(matrices.SPECS))


def spec_text(name):
    return matrices.SPECS[name]() if name in matrices.SPECS else (HERE / "specs" / f"{name}.spec").read_text()


def play(server, database, name, text, settings=None, plain=False):
    played = player.Player(specs.parse(text), server, database, settings, name, plain)
    try:
        return played.play()
    finally:
        played.close()


def play_levels(server, database, name):
    """The output of all levels: a chapter for each that differs."""
    chapters = {}
    for level in LEVELS:
        output = play(server, database, name, spec_text(name), {"default_transaction_isolation": level})
        chapters.setdefault(output, []).append(level)
    return "\n".join(f"isolation level: {', '.join(levels)}\n{output}" for output, levels in chapters.items())


def expected_path(name, engine):
    own = HERE / "expected" / f"{name}.{engine}.out"
    return own if own.exists() else HERE / "expected" / f"{name}.out"


def differences(path, output):
    expected = path.read_text() if path.exists() else ""
    return list(difflib.unified_diff(expected.splitlines(), output.splitlines(), str(path), "played", lineterm=""))


def run_sql(server, *statements):
    with protocol.Connection(server) as connection:
        for statement in statements:
            for answer in connection.ask(protocol.query(statement)):
                if answer.startswith("E "):
                    raise SystemExit(f"{statement}: {answer}")


def make_database(server, database, engine):
    concurrency = f" WITH concurrency = '{engine}'" if server.name == "isolde" else ""
    run_sql(server, f"DROP DATABASE IF EXISTS {database}", f"CREATE DATABASE {database}{concurrency}")


def open_points():
    """What is known not to be as expected yet: "engine name" by line, with the reason behind it."""
    lines = (HERE / "open.txt").read_text().splitlines()
    return {" ".join(line.split()[:2]) for line in lines if line and not line.startswith("#")}


class Report:
    def __init__(self):
        self.failed = []
        self.open = open_points()

    def add(self, what, found, seconds):
        is_open = what in self.open
        word = ("open" if is_open else "differs") if found else ("not open any more" if is_open else "ok")
        print(f"{what:44} {word:8} {seconds:5.1f} s", flush=True)
        if bool(found) != is_open:
            self.failed.append(what)
            print("\n".join(found), flush=True)

    def end(self):
        if self.failed:
            sys.exit(f"{len(self.failed)} differ: {', '.join(self.failed)}")


def write_if_new(path, output):
    if not path.exists() or path.read_text() != output:
        path.write_text(output)


def record_path(name, engine):
    """What mvcc prints is the shared expectation; another engine has its own file only where it differs."""
    shared = HERE / "expected" / f"{name}.out"
    return shared if engine == "mvcc" else HERE / "expected" / f"{name}.{engine}.out"


def record(name, engine, output):
    path = record_path(name, engine)
    shared = HERE / "expected" / f"{name}.out"
    if path != shared and shared.exists() and shared.read_text() == output:
        path.unlink(missing_ok=True)
    else:
        write_if_new(path, output)


def run_engine(server, engine, options, report):
    database = f"{DATABASE}_{engine}"
    make_database(server, database, engine)
    for name in options.names or all_names():
        started = time.monotonic()
        try:
            output = play_levels(server, database, name)
        except (player.PlayError, protocol.Closed) as error:
            report.add(f"{engine} {name}", [str(error)], time.monotonic() - started)
            make_database(server, database, engine)
            continue
        if options.record:
            record(name, engine, output)
        report.add(f"{engine} {name}", differences(expected_path(name, engine), output),
                   time.monotonic() - started)
    run_sql(server, f"DROP DATABASE {database}")


def run_plain(server, options, report):
    """Somebody else's specs, as isolationtester plays them: one run each, with one expected file."""
    home = pathlib.Path(options.plain)
    database = "isolation_regression"  # some know it
    for name in options.names or sorted(path.stem for path in (home / "specs").glob("*.spec")):
        make_database(server, database, "mvcc")
        started = time.monotonic()
        try:
            output = play(server, database, name, (home / "specs" / f"{name}.spec").read_text(), plain=True)
            found = differences(home / "expected" / f"{name}.out", output)
        except (player.PlayError, specs.SpecError) as error:
            found = [str(error)]
        report.add(name, found, time.monotonic() - started)


def parse_options():
    others = server_under_test.parse_arguments(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--plain")
    parser.add_argument("names", nargs="*")
    return parser.parse_args(others)


def main():
    options = parse_options()
    report = Report()
    server = server_under_test.start_server({"max_prepared_transactions": "10"} if not server_under_test.Choice.port
                                            else None)
    try:
        if options.plain:
            run_plain(server, options, report)
        else:
            engines = options.engines.split(",") if server.name == "isolde" else ["mvcc"]
            for engine in engines:
                run_engine(server, engine, options, report)
    finally:
        server.stop()
    report.end()


if __name__ == "__main__":
    main()
