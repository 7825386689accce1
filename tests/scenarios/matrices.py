"""Specs that walk through every cell of a lock compatibility matrix: too regular to be written by hand.

In each permutation `holder` takes a lock, `asker` asks for another one, `holder` commits. A cell that conflicts shows
as <waiting ...> and ends with the commit; one that does not shows the answer at once.
"""

TABLE_MODES = ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
               "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]
ROW_MODES = ["KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE"]

WRITES = {
    "update_note": "UPDATE t SET note = 'new' WHERE id = 1",
    "update_key": "UPDATE t SET id = 2 WHERE id = 1",
    "delete": "DELETE FROM t WHERE id = 1",
}

SETUP = """setup
{
  CREATE TABLE t (id int PRIMARY KEY, note text);
  INSERT INTO t VALUES (1, 'old');
}
teardown { DROP TABLE t; }
"""


def step_name(words):
    return words.lower().replace(" ", "_")


def matrix(held, asked):
    """A spec of all pairs; both are dictionaries of step names and statements."""
    lines = [SETUP]
    for session, statements in (("holder", held), ("asker", asked)):
        lines += [f"session {session}", "setup { BEGIN; }"]
        lines += [f"step {session}_{name} {{ {sql}; }}" for name, sql in statements.items()]
        lines += [f"step {session}_commit {{ COMMIT; }}", ""]
    lines += [f"permutation holder_{mine} asker_{yours} holder_commit asker_commit" for mine in held for yours in asked]
    return "\n".join(lines) + "\n"


def table_locks():
    statements = {step_name(mode): f"LOCK TABLE t IN {mode} MODE" for mode in TABLE_MODES}
    return matrix(statements, statements)


def row_lock_statements():
    return {step_name(mode): f"SELECT note FROM t WHERE id = 1 FOR {mode}" for mode in ROW_MODES}


def row_locks():
    return matrix(row_lock_statements(), row_lock_statements())


def row_locks_and_writes():
    return matrix(row_lock_statements(), WRITES)


def writes_and_row_locks():
    return matrix(WRITES, row_lock_statements())


SPECS = {
    "matrix-row-locks": row_locks,
    "matrix-row-locks-and-writes": row_locks_and_writes,
    "matrix-table-locks": table_locks,
    "matrix-writes-and-row-locks": writes_and_row_locks,
}
