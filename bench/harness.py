"""What the benchmarks share: the servers of the tests, and a table."""
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
for folder in ("tests/clients", "tests/wire"):
    sys.path.insert(0, str(ROOT / folder))

import server_under_test  # noqa: E402

DEFAULT_ISOLDE = ROOT / "build" / "release" / "isolde"


def start_isolde(path, **settings):
    server_under_test.Choice.isolde = str(path)
    return server_under_test.IsoldeServer(settings).start()


def start_postgres(**settings):
    return server_under_test.PostgresServer(settings).start()


def percentile(values, percent):
    """The value that `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def median(values):
    return statistics.median(values)


def print_table(heads, rows):
    """Right-aligned but for the first column, as Markdown."""
    lines = [heads, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]

    def shown(line):
        first, *others = [cell.ljust(width) if i == 0 else cell.rjust(width)
                          for i, (cell, width) in enumerate(zip(line, widths))]
        return "| " + " | ".join([first, *others]) + " |"

    print(shown(heads))
    print("|" + "|".join("-" * (width + 1) + (":" if i else "-") for i, width in enumerate(widths)) + "|")
    for row in rows:
        print(shown(row), flush=True)
