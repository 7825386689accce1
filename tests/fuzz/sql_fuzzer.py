"""Asks a server random statements (sql_grammar.py) until the time is over. What must not happen: that the server ends or
keeps silent, that an answer is an internal error (XX000), that memory stays behind.

    sql_fuzzer.py --isolde build/release/isolde [--seconds 60] [--seed N]

Each round of 200 statements has a seed of its own, which is printed when something is wrong and begins a run anew.
Everything is rolled back after each round.
"""
import argparse
import contextlib
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "wire"), str(HERE.parent / "clients")]

import protocol
import server_under_test
import sql_grammar

ROUND = 200
SETTINGS = {"isolde.statement_memory": "128MB", "statement_timeout": "4s"}
SILENCE_SECONDS = 60
MOST_GROWTH = 600 << 20

FUNCTIONS = """SELECT proname, prorettype::regtype, coalesce(array_to_string(proargtypes::regtype[], '|'), ''), proretset,
prokind FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND provariadic = 0 ORDER BY oid"""
OPERATORS = "SELECT oprname, oprleft::regtype, oprright::regtype, oprresult::regtype FROM pg_operator ORDER BY oid"
CASTS = "SELECT castsource::regtype, casttarget::regtype FROM pg_cast ORDER BY oid"


class Wrong(Exception):
    pass


def ask(connection, text):
    """Rows of text, or the SQLSTATE of what went wrong."""
    connection.send(protocol.query(text))
    rows, state = [], None
    for kind, body in connection.messages():
        if kind == "D":
            rows.append([None if value is None else value.decode("utf-8", "replace")
                         for value in protocol.row_values(body)])
        elif kind == "E":
            fields = protocol.error_fields(body)
            state = fields["C"]
            if state.startswith("XX"):
                raise Wrong(f"internal error: {fields['M']}")
        elif kind == "end":
            raise Wrong("the connection was closed")
    return rows, state


def read_routines(connection):
    functions = [(name, result, arguments.split("|") if arguments else [], is_set == "t", kind)
                 for name, result, arguments, is_set, kind in ask(connection, FUNCTIONS)[0]]
    return sql_grammar.Routines(functions, ask(connection, OPERATORS)[0], ask(connection, CASTS)[0])


def play_round(server, routines, seed, deadline):
    """How many statements were asked, and how many of them succeeded."""
    grammar = sql_grammar.Grammar(routines, seed)
    asked = good = 0
    statement = ""
    with protocol.Connection(server) as connection:
        connection.socket.settimeout(SILENCE_SECONDS)
        try:
            ask(connection, "BEGIN")
            while asked < ROUND and time.monotonic() < deadline:
                statement = grammar.statement()
                ask(connection, "SAVEPOINT s")
                state = ask(connection, statement)[1]
                ask(connection, "RELEASE s" if state is None else "ROLLBACK TO s")
                asked += 1
                good += state is None
            ask(connection, "ROLLBACK")
        except (Wrong, OSError, AssertionError) as error:
            raise Wrong(f"seed {seed}, statement {asked}: {type(error).__name__} {error}\n{statement}") from error
    return asked, good


def main():
    others = server_under_test.parse_arguments(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    options = parser.parse_args(others)
    server = server_under_test.start_server(SETTINGS)
    asked = good = rounds = 0
    deadline = time.monotonic() + options.seconds
    try:
        with protocol.Connection(server) as connection:
            for statement in sql_grammar.SETUP:
                if ask(connection, statement)[1] is not None:
                    raise Wrong("the setup fails: " + statement)
            routines = read_routines(connection)
        before = server.resident_bytes() if server.process else 0
        while time.monotonic() < deadline:
            more, fine = play_round(server, routines, options.seed + rounds, deadline)
            asked, good, rounds = asked + more, good + fine, rounds + 1
        growth = server.resident_bytes() - before if server.process else 0
        print(f"seeds {options.seed} to {options.seed + rounds - 1}: {asked} statements, {good} succeeded, "
              f"{growth >> 20} MB more")
        if growth > MOST_GROWTH:
            raise Wrong(f"memory grew by {growth >> 20} MB")
        if good * 10 < asked:
            raise Wrong("hardly anything succeeds: the grammar tests nothing")
    except Wrong as error:
        print(error, flush=True)
        with contextlib.suppress(RuntimeError):
            server.stop()
        sys.exit(1)
    server.stop()


if __name__ == "__main__":
    main()
