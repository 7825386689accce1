"""Runs statements and compares every answer with what PostgreSQL 15 has answered.

    run.py --isolde build/release/isolde [NAME...]
    run.py --postgres --record [NAME...]            writes NAME.golden from NAME.sql

A file has one statement a line; a line that begins with a space goes on with the one before. Lines of COPY data follow
their statement and begin with "< ". A line "--- session" goes on with a new connection, "--- user NAME" with one of another
user. Other lines that begin with "--" are comments. Each file runs in a database of its own.

In NAME.golden an answer is written message by message:

    Q: the statement                          T: columns, name:type(modifier)      D: values of a row
    C: command tag                            E: severity|state|message|position|D=detail|H=hint|N=constraint|W=context of COPY
    Z: state of the transaction, I, T or E    N: the same of a notice              d: COPY data

differences.txt lists, as "NAME:number: statement", what is known not to be PostgreSQL's answer. A listed statement must
still differ: one that has become right is to be taken off.

Types that the file has made itself are called by their name's place, as their OIDs mean nothing. The rows of a statement
that has no ORDER BY are compared in any order.
"""
import argparse
import difflib
import pathlib
import struct
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "wire"), str(HERE.parent / "clients")]

import protocol
import server_under_test

FIRST_OWN_OID = 16384


ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "|": "\\|"})


def shown(value):
    """Text on one line; bytes that are no text as their digits."""
    if value is None:
        return "\\N"
    try:
        text = value.decode().translate(ESCAPES)
    except UnicodeDecodeError:
        text = ""
    return text if text.isprintable() and (text or not value) else "\\x" + value.hex()


def column_line(body):
    columns = []
    for name, _, _, oid, _, modifier, _ in protocol.row_columns(body):
        kind = str(oid) if oid < FIRST_OWN_OID else "own"
        columns.append(f"{name}:{kind}" + ("" if modifier == -1 else f"({modifier})"))
    return "T: " + "|".join(columns)


def report_line(kind, body):
    fields = protocol.error_fields(body)
    line = "|".join([f"{kind}: {fields['V']}", fields["C"], shown(fields["M"].encode()), fields.get("P", "")])
    for title, field in (("D", "D"), ("H", "H"), ("N", "n")):
        if field in fields:
            line += f"|{title}={shown(fields[field].encode())}"
    if fields.get("W", "").startswith("COPY"):
        line += f"|W={shown(fields['W'].encode())}"
    return line


def answer_line(kind, body):
    """A message as a line; nothing for those that do not count."""
    if kind == "T":
        return column_line(body)
    if kind == "D":
        return "D: " + "|".join(map(shown, protocol.row_values(body)))
    if kind in "EN":
        return report_line(kind, body)
    if kind == "C":
        return "C: " + body[:-1].decode()
    if kind == "Z":
        return "Z: " + body.decode()
    if kind == "d":
        return "d: " + shown(body)
    if kind in "GH":
        return f"{kind}: {body[0]}"
    if kind == "A":
        channel, at = protocol.take_text(body, 4)
        return f"A: {channel}|{protocol.take_text(body, at)[0]}"
    return {"I": "I:", "end": "closed"}.get(kind)


class Question:
    """A statement with its COPY data, or a line that is not sent."""

    def __init__(self, text, sent):
        self.text = text
        self.sent = sent
        self.data = []

    def lines(self):
        if not self.sent:
            return [self.text]
        return [f"Q: {self.text}".replace("\n", "\n ")] + [f"< {line}" for line in self.data]


def read_questions(text):
    questions = []
    for line in text.split("\n"):
        if line.startswith("< "):
            questions[-1].data.append(line[2:])
        elif line.startswith(" ") and questions and questions[-1].sent:
            questions[-1].text += "\n" + line[1:]
        else:
            questions.append(Question(line, bool(line) and not line.startswith("--")))
    return questions


class Conversation:
    def __init__(self, server, database):
        self.server = server
        self.database = database
        self.connect("postgres")

    def connect(self, user):
        self.connection = protocol.Connection(self.server, user=user, database=self.database)

    def take_directive(self, line):
        words = line.split()
        if words[:2] == ["---", "session"] or words[:2] == ["---", "user"]:
            self.connection.send(protocol.TERMINATE)
            self.connection.close()
            self.connect(words[2] if words[1] == "user" else "postgres")

    def ask(self, question):
        self.connection.send(protocol.query(question.text))
        lines = []
        while True:
            received = self.connection.messages("ZG")
            lines += [answer_line(kind, body) for kind, body in received]
            if received[-1][0] != "G":
                return [line for line in lines if line is not None]
            data = b"".join(line.encode() + b"\n" for line in question.data)
            self.connection.send(protocol.message("d", data), protocol.message("c"))


def play(server, database, text):
    """The golden text of a file of statements: pairs of a question and the lines of its answer."""
    conversation = Conversation(server, database)
    answers = []
    for question in read_questions(text):
        if question.sent:
            answers.append((question, conversation.ask(question)))
        else:
            conversation.take_directive(question.text)
            answers.append((question, []))
    conversation.connection.close()
    return answers


def golden_text(answers):
    return "".join("\n".join([*question.lines(), *lines]) + "\n" for question, lines in answers)


def comparable(question, lines):
    """Rows in an order of their own where the statement asks for none."""
    if "order by" in question.text.lower():
        return lines
    rows = iter(sorted(line for line in lines if line.startswith("D: ")))
    return [next(rows) if line.startswith("D: ") else line for line in lines]


def read_golden(text):
    """Answers by the number of their question."""
    answers = []
    for line in text.split("\n"):
        if line.startswith("Q: "):
            answers.append([])
        elif answers and line[:1] != " " and not line.startswith(("< ", "--")) and line:
            answers[-1].append(line)
    return answers


def known_differences():
    """Statements by file and number."""
    return set((HERE / "differences.txt").read_text().splitlines())


def differences(name, answers, golden, known):
    expected = read_golden(golden)
    asked = [(question, lines) for question, lines in answers if question.sent]
    if len(asked) != len(expected):
        return ["the golden file is of other statements: record it anew"]
    found = []
    for number, ((question, lines), wanted) in enumerate(zip(asked, expected), 1):
        lines, wanted = comparable(question, lines), comparable(question, wanted)
        entry = f"{name}:{number}: {question.text.splitlines()[0]}"
        if entry in known:
            if lines == wanted:
                found.append(f"Q: {question.text}\nis right now: take it off differences.txt")
        elif lines != wanted:
            found.append("Q: " + question.text)
            found += list(difflib.unified_diff(wanted, lines, "expected", "got", lineterm="", n=1))[2:]
    return found


def run_sql(server, *statements):
    with protocol.Connection(server) as connection:
        for statement in statements:
            connection.send(protocol.query(statement))
            for kind, body in connection.messages():
                if kind == "E":
                    raise SystemExit(f"{statement}: {protocol.explain(kind, body)}")


def run_file(server, name, record):
    """What differs, and the number of statements."""
    database = f"sql_{name}"
    run_sql(server, f"DROP DATABASE IF EXISTS {database}", f"CREATE DATABASE {database}")
    answers = play(server, database, (HERE / f"{name}.sql").read_text())
    golden = HERE / f"{name}.golden"
    if record:
        golden.write_text(golden_text(answers))
    run_sql(server, f"DROP DATABASE {database}")
    asked = sum(question.sent for question, _ in answers)
    known = set() if server_under_test.Choice.postgres else known_differences()
    return differences(name, answers, golden.read_text(), known), asked


def main():
    others = server_under_test.parse_arguments(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(others)
    server = server_under_test.start_server({"max_prepared_transactions": "0"})  # PostgreSQL's default
    failed, statements = [], 0
    try:
        for name in options.names or sorted(path.stem for path in HERE.glob("*.sql")):
            started = time.monotonic()
            found, asked = run_file(server, name, options.record)
            statements += asked
            wrong = sum(line.startswith("Q: ") for line in found) or bool(found)
            print(f"{name:24} {asked:5} statements, {wrong:4} differ {time.monotonic() - started:6.1f} s", flush=True)
            if found:
                failed.append(name)
                print("\n".join(found), flush=True)
    finally:
        server.stop()
    print(f"{statements} statements")
    if failed:
        sys.exit(f"{len(failed)} differ: {', '.join(failed)}")


if __name__ == "__main__":
    main()
