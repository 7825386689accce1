"""Anomalies by name, each as a short play and a judge who says whether it has happened.

A play is a list of lines `step session: sql`; sessions a, b and c begin before it, `judge` looks at the end. The names
in brackets are those of Adya (Weak Consistency, 1999), Berenson and others (A Critique of ANSI SQL Isolation Levels,
1995) and Bailis and others (Highly Available Transactions, 2013).
"""
import dataclasses
import re
from typing import Callable

PAIR = """
  CREATE TABLE pair (id int PRIMARY KEY, value int);
  INSERT INTO pair VALUES (1, 10), (2, 20);
"""


@dataclasses.dataclass
class Anomaly:
    name: str
    letter: str
    play: str
    happened: Callable
    about: str

    def spec(self):
        """As a spec that the player understands."""
        sessions, order = {}, []
        for line in self.play.strip().splitlines():
            step, session, sql = re.fullmatch(r"\s*(\w+) (\w+): (.*)", line).groups()
            sessions.setdefault(session, []).append((step, sql))
            order.append(step)
        text = f"setup {{ {PAIR} }}\nteardown {{ DROP TABLE pair; }}\n"
        for session, steps in sessions.items():
            text += f"session {session}\n"
            if session != "judge":
                text += "setup { SET deadlock_timeout = '10ms'; BEGIN; }\n"
            text += "".join(f"step {step} {{ {sql}; }}\n" for step, sql in steps)
        return text + "permutation " + " ".join(order) + "\n"


class Seen:
    """What the sessions saw: read off what the player has written down."""

    def __init__(self, output):
        self.rows, self.errors, self.waited = {}, {}, set()
        step, below_rule = None, False
        for line in output.splitlines():
            if found := re.match(r"step (\w+): ", line):
                step, below_rule = found[1], False
                if line.endswith("<waiting ...>"):
                    self.waited.add(step)
                else:
                    self.rows[step] = []
            elif line.startswith("ERROR:  "):
                self.errors.setdefault(step, line[len("ERROR:  "):])
            elif re.fullmatch(r"-[-+]*", line):
                below_rule = True
            elif re.fullmatch(r"\(\d+ rows?\)", line):
                below_rule = False
            elif below_rule:
                self.rows[step].append(tuple(int(value) for value in line.split("|") if value.strip()))

    def values(self, *steps):
        """All values that these steps read, in order."""
        return [row[-1] for step in steps for row in self.rows.get(step, [])]

    def table(self, step):
        return dict(self.rows.get(step, []))

    def committed(self, *sessions):
        """None of these has failed. A step belongs to the session that its name begins with."""
        return not any(step[0] in sessions for step in self.errors)

    def prevented_by(self):
        words = []
        if self.waited:
            words.append("waits")
        for message, state in (("could not serialize", "40001"), ("deadlock", "40P01"), ("duplicate", "23505")):
            if any(error.startswith(message) for error in self.errors.values()):
                words.append(state)
        return ", ".join(words) or "not seen"


def vanished(seen):
    """Somebody saw a value of b (12, 18) and, later or further on in the same result, one of a (11, 19)."""
    values = seen.values("c1", "c2", "c3")
    of_b = [place for place, value in enumerate(values) if value in (12, 18)]
    return seen.committed("c") and bool(of_b) and any(value in (11, 19) for value in values[of_b[0]:])


ANOMALIES = [
    Anomaly("dirty write", "G0", """
        a1 a: UPDATE pair SET value = 11 WHERE id = 1
        b1 b: UPDATE pair SET value = 12 WHERE id = 1
        a2 a: UPDATE pair SET value = 21 WHERE id = 2
        aend a: COMMIT
        b2 b: UPDATE pair SET value = 22 WHERE id = 2
        bend b: COMMIT
        look judge: SELECT id, value FROM pair ORDER BY id""",
            lambda seen: seen.values("look") not in ([11, 21], [12, 22]),
            "two write the same rows; they end with one value of each"),
    Anomaly("aborted read", "G1a", """
        a1 a: UPDATE pair SET value = 101 WHERE id = 1
        b1 b: SELECT id, value FROM pair ORDER BY id
        aend a: ROLLBACK
        b2 b: SELECT id, value FROM pair ORDER BY id
        bend b: COMMIT""",
            lambda seen: 101 in seen.values("b1", "b2"),
            "a value is read that is rolled back"),
    Anomaly("intermediate read", "G1b", """
        a1 a: UPDATE pair SET value = 101 WHERE id = 1
        b1 b: SELECT id, value FROM pair ORDER BY id
        a2 a: UPDATE pair SET value = 11 WHERE id = 1
        aend a: COMMIT
        b2 b: SELECT id, value FROM pair ORDER BY id
        bend b: COMMIT""",
            lambda seen: 101 in seen.values("b1", "b2"),
            "a value is read that its writer replaces"),
    Anomaly("circular information flow", "G1c", """
        a1 a: UPDATE pair SET value = 11 WHERE id = 1
        b1 b: UPDATE pair SET value = 22 WHERE id = 2
        a2 a: SELECT id, value FROM pair WHERE id = 2
        b2 b: SELECT id, value FROM pair WHERE id = 1
        aend a: COMMIT
        bend b: COMMIT""",
            lambda seen: seen.values("a2", "b2") == [22, 11] and seen.committed("a", "b"),
            "each of two reads what the other has written"),
    Anomaly("observed transaction vanishes", "OTV", """
        a1 a: UPDATE pair SET value = 11 WHERE id = 1
        a2 a: UPDATE pair SET value = 19 WHERE id = 2
        b1 b: UPDATE pair SET value = 12 WHERE id = 1
        aend a: COMMIT
        c1 c: SELECT id, value FROM pair ORDER BY id
        b2 b: UPDATE pair SET value = 18 WHERE id = 2
        c2 c: SELECT id, value FROM pair ORDER BY id
        bend b: COMMIT
        c3 c: SELECT id, value FROM pair ORDER BY id
        cend c: COMMIT""", vanished,
            "a transaction is seen, and then what it has replaced"),
    Anomaly("predicate-many-preceders", "PMP", """
        a1 a: SELECT id, value FROM pair WHERE value = 30
        b1 b: INSERT INTO pair VALUES (3, 30)
        bend b: COMMIT
        a2 a: SELECT id, value FROM pair WHERE value % 3 = 0
        aend a: COMMIT""",
            lambda seen: seen.values("a1") == [] and 30 in seen.values("a2"),
            "a row comes into a condition that was evaluated before"),
    Anomaly("predicate-many-preceders, by a write", "PMP", """
        a1 a: UPDATE pair SET value = value + 10
        b1 b: DELETE FROM pair WHERE value = 20
        aend a: COMMIT
        bend b: COMMIT
        look judge: SELECT id, value FROM pair ORDER BY id""",
            lambda seen: seen.committed("a", "b") and seen.table("look") not in ({1: 20}, {2: 30}),
            "a condition of a delete is evaluated on one state, the delete done on another"),
    Anomaly("non-repeatable read", "P2", """
        a1 a: SELECT id, value FROM pair WHERE id = 1
        b1 b: UPDATE pair SET value = 11 WHERE id = 1
        bend b: COMMIT
        a2 a: SELECT id, value FROM pair WHERE id = 1
        aend a: COMMIT""",
            lambda seen: seen.values("a1", "a2") == [10, 11],
            "a row is read twice and has changed"),
    Anomaly("phantom", "P3", """
        a1 a: SELECT id, value FROM pair WHERE value > 15 ORDER BY id
        b1 b: INSERT INTO pair VALUES (3, 30)
        bend b: COMMIT
        a2 a: SELECT id, value FROM pair WHERE value > 15 ORDER BY id
        aend a: COMMIT""",
            lambda seen: seen.values("a1") == [20] and seen.values("a2") == [20, 30],
            "a condition is evaluated twice, and there is one row more"),
    Anomaly("lost update", "P4", """
        a1 a: SELECT id, value FROM pair WHERE id = 1
        b1 b: SELECT id, value FROM pair WHERE id = 1
        a2 a: UPDATE pair SET value = 10 + 1 WHERE id = 1
        b2 b: UPDATE pair SET value = 10 + 2 WHERE id = 1
        aend a: COMMIT
        bend b: COMMIT""",
            lambda seen: seen.values("a1", "b1") == [10, 10] and seen.committed("a", "b"),
            "two read a row and write back what they have made of it"),
    Anomaly("lost update of one who has committed", "P4", """
        a1 a: SELECT id, value FROM pair WHERE id = 1
        b1 b: SELECT id, value FROM pair WHERE id = 1
        a2 a: UPDATE pair SET value = 10 + 1 WHERE id = 1
        aend a: COMMIT
        b2 b: UPDATE pair SET value = 10 + 2 WHERE id = 1
        bend b: COMMIT""",
            lambda seen: seen.values("a1", "b1") == [10, 10] and seen.committed("a", "b"),
            "the same, and the first has ended when the second writes"),
    Anomaly("lost update within a statement", "", """
        a1 a: UPDATE pair SET value = value + 1 WHERE id = 1
        b1 b: UPDATE pair SET value = value + 2 WHERE id = 1
        aend a: COMMIT
        bend b: COMMIT
        look judge: SELECT id, value FROM pair WHERE id = 1""",
            lambda seen: seen.committed("a", "b") and seen.values("look") != [13],
            "value = value + 1 loses what another has added"),
    Anomaly("read skew", "G-single", """
        a1 a: SELECT id, value FROM pair WHERE id = 1
        b1 b: UPDATE pair SET value = 12 WHERE id = 1
        b2 b: UPDATE pair SET value = 18 WHERE id = 2
        bend b: COMMIT
        a2 a: SELECT id, value FROM pair WHERE id = 2
        aend a: COMMIT""",
            lambda seen: seen.values("a1", "a2") == [10, 18],
            "one row is read before, another after somebody has changed both"),
    Anomaly("read skew over conditions", "G-single", """
        a1 a: SELECT id, value FROM pair WHERE value % 5 = 0 ORDER BY id
        b1 b: UPDATE pair SET value = 12 WHERE value = 10
        bend b: COMMIT
        a2 a: SELECT id, value FROM pair WHERE value % 3 = 0
        aend a: COMMIT""",
            lambda seen: 10 in seen.values("a1") and 12 in seen.values("a2"),
            "the same, where a condition finds the rows"),
    Anomaly("read skew, then a write", "G-single", """
        a1 a: SELECT id, value FROM pair WHERE id = 1
        b1 b: UPDATE pair SET value = 12 WHERE id = 1
        b2 b: UPDATE pair SET value = 18 WHERE id = 2
        bend b: COMMIT
        a2 a: DELETE FROM pair WHERE value = 20
        aend a: COMMIT
        look judge: SELECT id, value FROM pair ORDER BY id""",
            lambda seen: seen.values("a1") == [10] and seen.committed("a", "b") and seen.table("look").get(2) == 18,
            "one row is read before, and written by a condition that is evaluated after"),
    Anomaly("write skew", "G2-item", """
        a1 a: SELECT id, value FROM pair ORDER BY id
        b1 b: SELECT id, value FROM pair ORDER BY id
        a2 a: UPDATE pair SET value = 11 WHERE id = 1
        b2 b: UPDATE pair SET value = 21 WHERE id = 2
        aend a: COMMIT
        bend b: COMMIT""",
            lambda seen: seen.values("a1", "b1") == [10, 20] * 2 and seen.committed("a", "b"),
            "two read the same rows, and each writes another one of them"),
    Anomaly("write skew over conditions", "G2", """
        a1 a: SELECT id, value FROM pair WHERE value % 3 = 0
        b1 b: SELECT id, value FROM pair WHERE value % 3 = 0
        a2 a: INSERT INTO pair VALUES (3, 30)
        b2 b: INSERT INTO pair VALUES (4, 42)
        aend a: COMMIT
        bend b: COMMIT""",
            lambda seen: seen.values("a1", "b1") == [] and seen.committed("a", "b"),
            "two find no row, and each adds one that the other should have found"),
    Anomaly("read-only anomaly", "G2", """
        a1 a: SELECT id, value FROM pair ORDER BY id
        b1 b: UPDATE pair SET value = value + 5 WHERE id = 2
        bend b: COMMIT
        c1 c: SELECT id, value FROM pair ORDER BY id
        cend c: COMMIT
        a2 a: UPDATE pair SET value = 0 WHERE id = 1
        aend a: COMMIT""",
            lambda seen: (seen.values("a1") == [10, 20] and seen.values("c1") == [10, 25]
                          and seen.committed("a", "b", "c")),
            "one who only reads sees a state that no order of the other two has"),
]
