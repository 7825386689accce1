"""Clients that break the rules: each gets a clear error or a closed connection, the others notice nothing.

During every test another session runs queries; it must have no error and no long wait. Afterwards the
server must give back the memory it needed.
"""
import random
import re
import socket
import struct
import time

from wire_test_case import WireTestCase, main
from server_under_test import Choice
from bystander import Bystander
from protocol import (FLUSH, SYNC, Connection, bind, describe_portal, describe_statement, error_fields, execute,
                      explain, message, parse, query, run, shorts, startup, text)

MEGABYTE = 1 << 20
PATIENCE = 10.0 if Choice.sanitized else 1.0  # what a bystander may have to wait, in seconds
KEPT = 64 * MEGABYTE  # what a server may keep for next time
EVERY_MESSAGE = {
    "query": query("SELECT 1"),
    "parse": parse("SELECT $1::int4", name="s", types=[23]),
    "bind": bind(["1"], portal="p", statement="s", formats=[0], result_formats=[0]),
    "describe statement": describe_statement("s"),
    "describe portal": describe_portal("p"),
    "execute": execute("p", 1),
    "close": message("C", b"Ss\0"),
    "sync": SYNC,
    "flush": FLUSH,
    "function call": message("F", struct.pack("!ihhih", 1, 0, 0, 0, 0)),
    "terminate": message("X"),
    "copy data": message("d", b"data"),
    "copy done": message("c"),
    "copy fail": message("f", b"why\0"),
}
# SQLSTATEs of nested shapes that are refused for a reason that has nothing to do with depth.
REFUSED_ANYWAY = {"arrays": {"54000"}, "rows": {"54000"}}


class HostileTestCase(WireTestCase):
    def setUp(self):
        self.bystander = Bystander(self.server)
        self.addCleanup(self.look_after)

    def look_after(self):
        """The other session was not disturbed, and the server still takes new ones."""
        self.bystander.finish()
        self.assertIsNone(self.bystander.problem)
        self.assertLess(self.bystander.slowest, PATIENCE, "seconds until another session got its answer")
        self.assert_alive(self.connect())

    def memory(self):
        return self.server.resident_bytes()

    def measures_memory(self):
        """Only Isolde is one process, and sanitizers keep freed memory."""
        return self.server.name == "isolde" and not Choice.sanitized

    def assert_memory_comes_back(self, before):
        if self.measures_memory():
            self.wait_for(lambda: self.memory() < before + KEPT, "the memory comes back")


class MalformedMessageTest(HostileTestCase):
    def test_every_message_cut_at_every_byte(self):
        for sent in EVERY_MESSAGE.values():
            for size in range(len(sent)):
                with Connection(self.server) as connection:
                    connection.send(sent[:size])

    def test_connection_reset_in_the_middle(self):
        for sent in EVERY_MESSAGE.values():
            with Connection(self.server) as connection:
                connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.send(sent[:-1])

    def test_every_body_one_byte_short_and_one_byte_long(self):
        """The frame is right, so the session goes on."""
        for name, sent in EVERY_MESSAGE.items():
            if sent[0:1] in b"Xdcf":
                continue
            for body in {sent[5:-1], sent[5:] + b"\0"} - {sent[5:]}:
                with self.subTest(name, body=body):
                    connection = self.connect()
                    connection.send(parse("SELECT $1::int4", name="s", types=[23]), SYNC)
                    connection.answers()
                    connection.send(message(chr(sent[0]), body), SYNC)
                    errors = [line for line in connection.answers() if line[0] == "E"]
                    self.assertEqual(len(errors), 1)
                    self.assertRegex(errors[0], "^E (08P01|0A000|42883)")
                    connection.close()

    def test_impossible_lengths_end_the_session(self):
        for kind in "QPBDECSHFXdcf":
            for length in (0, 3, -1, -0x80000000):
                with self.subTest(kind, length=length):
                    connection = self.connect()
                    connection.send(kind.encode() + struct.pack("!i", length))
                    self.assertEqual(connection.answers()[-1], "end")
                    connection.close()

    def test_unknown_message_types_end_the_session(self):
        for kind in sorted(set(range(256)) - set(b"QPBDECSHFXdcf")):
            connection = self.connect()
            connection.send(bytes([kind]) + struct.pack("!i", 4))
            self.assertEqual(connection.answers(), [f"E 08P01 invalid frontend message type {kind}", "end"])
            connection.close()

    def test_announced_gigabyte_allocates_nothing(self):
        self.needs_isolde()
        before = self.memory()
        connections = [self.connect() for _ in range(20)]
        for connection in connections:
            connection.send(b"Q" + struct.pack("!i", 0x3fff0000) + b"SELECT 1")
        watcher = self.connect()
        for _ in range(200):  # they are not answered, so it is looked at for a while
            self.assert_alive(watcher)
            self.assertLess(self.memory(), before + 16 * MEGABYTE)

    def test_start_up_packet_again(self):
        connection = self.connect()
        connection.send(startup({"user": "postgres"}))
        self.assertEqual(connection.answers()[-1], "end")


class LyingCountTest(HostileTestCase):
    """Counts and lengths inside a message that do not fit its size; the session goes on."""

    INVALID = ("E 08P01 insufficient data left in message", "E 08P01 invalid message format",
               "E 08P01 invalid string in message", "E 08P01 no data left in message")

    def expect_refusal(self, sent):
        connection = self.connect()
        connection.send(parse("SELECT $1::int4", name="s"), SYNC)
        connection.answers()
        connection.send(sent, SYNC)
        received = connection.messages()
        self.assertEqual([kind for kind, _ in received], ["E", "Z"])
        line = explain(*received[0])
        self.assertTrue(line.startswith(self.INVALID) or error_fields(received[0][1])["C"] == "08P01", line)
        self.assert_alive(connection)

    def test_parse(self):
        for count in (1, 2, 0x7fff, 0xffff, 0x8000):
            with self.subTest(count=count):
                self.expect_refusal(message("P", text("") + text("SELECT 1") + struct.pack("!H", count)))

    def test_bind(self):
        head = text("") + text("s")
        one = struct.pack("!hi", 1, 1) + b"1"
        lies = {
            "formats": head + struct.pack("!H", 0x7fff) + one + shorts([]),
            "negative formats": head + struct.pack("!h", -1) + one + shorts([]),
            "values": head + shorts([]) + struct.pack("!Hi", 0x7fff, 1) + b"1" + shorts([]),
            "negative values": head + shorts([]) + struct.pack("!hi", -1, 1) + b"1" + shorts([]),
            "length of a value": head + shorts([]) + struct.pack("!hi", 1, 1000) + b"1" + shorts([]),
            "huge length of a value": head + shorts([]) + struct.pack("!hi", 1, 0x7fffffff) + b"1" + shorts([]),
            "negative length of a value": head + shorts([]) + struct.pack("!hi", 1, -2) + b"1" + shorts([]),
            "result formats": head + shorts([]) + one + struct.pack("!H", 5),
            "no end of a name": b"p" * 10,
            "nothing": b"",
        }
        for name, body in lies.items():
            with self.subTest(name):
                self.expect_refusal(message("B", body))

    def test_too_few_values_for_the_statement(self):
        self.expect_refusal(bind([], statement="s"))


class InvalidTextTest(HostileTestCase):
    INVALID = {
        b"\xff": "0xff",
        b"\xc3": "0xc3 0x27",  # the quote that follows is no continuation
        b"\xc0\x80": "0xc0 0x80",  # overlong zero
        b"\xe0\x80\x80": "0xe0 0x80 0x80",  # overlong
        b"\xed\xa0\x80": "0xed 0xa0 0x80",  # half of a surrogate pair
        b"\xf4\x90\x80\x80": "0xf4 0x90 0x80 0x80",  # beyond the last character
        b"\x80": "0x80",
    }

    def expect_error(self, sent, sqlstate, pattern, connection=None):
        connection = connection or self.connect()
        fields = connection.ask_error(*sent)
        self.assertEqual(fields["C"], sqlstate)
        self.assertRegex(fields["M"], pattern)
        self.assert_alive(connection)

    def test_query(self):
        for data, shown in self.INVALID.items():
            with self.subTest(data=data):
                self.expect_error([query(b"SELECT 'a" + data + b"'")], "22021",
                                  f'^invalid byte sequence for encoding "UTF8": {shown}$')

    def test_parse(self):
        self.expect_error([parse(b"SELECT '\xff'"), SYNC], "22021", "invalid byte sequence")

    def test_value_as_text(self):
        self.expect_error([run("SELECT $1::text", [b"\xff"]), SYNC], "22021", "invalid byte sequence")

    def test_value_as_binary(self):
        self.expect_error([parse("SELECT $1::text"), bind([b"\xff"], formats=[1]), SYNC], "22021",
                          "invalid byte sequence")

    def test_zero_byte_ends_the_string(self):
        self.expect_error([query(b"SELECT 'a\0b'")], "08P01", "^invalid message format$")

    def test_zero_byte_as_an_escape(self):
        for literal in (rb"E'\000'", rb"E'\x00'"):
            with self.subTest(literal=literal):
                self.expect_error([query(b"SELECT " + literal)], "22021", "invalid byte sequence.*: 0x00")

    def test_zero_character(self):
        self.expect_error([query("SELECT chr(0)")], "54000", "null character not permitted")

    def test_start_up_packet(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": b"\xff\xfe", "database": "postgres"}))
        self.assertEqual(connection.answers()[-1], "end")


class RandomBytesTest(HostileTestCase):
    SEED = 20240229
    ROUNDS = 300

    def random(self, salt):
        return random.Random(f"{self.SEED} {salt}")

    def finish(self, connection):
        """Sends no more; reads whatever comes until the server closes."""
        try:
            connection.socket.shutdown(socket.SHUT_WR)
            while connection.socket.recv(1 << 16):
                pass
        except (ConnectionError, BrokenPipeError):
            pass
        connection.close()

    def send_anyway(self, connection, data):
        try:
            connection.send(data)
        except (ConnectionError, BrokenPipeError):
            pass  # the server has heard enough
        self.finish(connection)

    def test_before_the_start_up(self):
        rng = self.random("start")
        for _ in range(self.ROUNDS):
            self.send_anyway(Connection(self.server, greet=False), rng.randbytes(rng.randrange(1, 400)))

    def test_instead_of_messages(self):
        rng = self.random("noise")
        for _ in range(self.ROUNDS):
            self.send_anyway(Connection(self.server), rng.randbytes(rng.randrange(1, 400)))

    def test_valid_frames_with_random_bodies(self):
        rng = self.random("frames")
        for _ in range(self.ROUNDS):
            frames = [message(rng.choice("PBDECSHFQdcf"), rng.randbytes(rng.randrange(0, 60))) for _ in range(10)]
            self.send_anyway(Connection(self.server), b"".join(frames))

    def test_valid_conversations_with_flipped_bytes(self):
        rng = self.random("flips")
        valid = b"".join(sent for name, sent in EVERY_MESSAGE.items() if name != "terminate")
        for _ in range(self.ROUNDS):
            changed = bytearray(valid)
            for _ in range(rng.randrange(1, 6)):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            self.send_anyway(Connection(self.server), changed)


class DeepNestingTest(HostileTestCase):
    """Nested too deep is 54001 (or whatever the grammar says first), never the end of the server."""

    def test_every_kind_of_nesting(self):
        shapes = {
            "parentheses": lambda n: "SELECT " + "(" * n + "1" + ")" * n,
            "additions": lambda n: "SELECT " + "1+(" * n + "1" + ")" * n,
            "flat additions": lambda n: "SELECT 1" + "+1" * n,
            "flat conjunctions": lambda n: "SELECT true" + " AND true" * n,
            "signs": lambda n: "SELECT " + "- " * n + "1",
            "negations": lambda n: "SELECT " + "NOT " * n + "true",
            "sub-selects": lambda n: "SELECT " + "(SELECT " * n + "1" + ")" * n,
            "sub-queries": lambda n: "SELECT 1 AS a" + "".join(
                " FROM (SELECT 1 AS a" for _ in range(n)) + "".join(f") AS t{i}" for i in range(n)),
            "arrays": lambda n: "SELECT " + "ARRAY[" * n + "1" + "]" * n,
            "rows": lambda n: "SELECT " + "ROW(" * n + "1" + ")" * n,
            "functions": lambda n: "SELECT " + "abs(" * n + "1" + ")" * n,
            "cases": lambda n: "SELECT " + "CASE WHEN true THEN " * n + "1" + " END" * n,
            "casts": lambda n: "SELECT 1" + "::int4" * n,
            "unions": lambda n: "SELECT 1" + " UNION ALL SELECT 1" * n + " LIMIT 1",
        }
        for name, shape in shapes.items():
            for depth in (1_000, 10_000, 100_000):
                with self.subTest(name, depth=depth):
                    connection = self.connect()
                    connection.send(query(shape(depth)))
                    received = connection.messages()
                    self.assertEqual(explain(*received[-1]), "Z I")
                    errors = [error_fields(body) for kind, body in received if kind == "E"]
                    for fields in errors:
                        self.assertTrue(fields["C"] == "54001" or fields["M"].startswith("memory exhausted") or
                                        fields["C"] in REFUSED_ANYWAY.get(name, ()), fields)
                    self.assert_alive(connection)
                    connection.close()


class LargeQueryTest(HostileTestCase):
    SIZE = 50_000_000

    def ask_large(self, sql):
        """Answers to a query of 50 MB; memory is looked at before and after."""
        before = self.memory() if self.server.process else 0
        connection = self.connect()
        connection.send(sql)
        answers = connection.answers()
        self.assert_alive(connection)
        connection.close()
        self.assert_memory_comes_back(before)
        return answers

    def expect_answer_or_limit(self, answers):
        """Too large to be worth it may be refused: as too complex or as too much memory."""
        self.assertEqual(answers[-1], "Z I")
        errors = [line for line in answers if line[0] == "E"]
        for line in errors:
            self.assertRegex(line, "^E (54[0-9]{3}|53200) ")
        self.assertTrue(errors or "C SELECT 1" in answers, [line[:200] for line in answers])

    def test_literal(self):
        answers = self.ask_large(query(b"SELECT length('" + b"x" * self.SIZE + b"')"))
        self.assertEqual(answers, ["T length:23:0", f"D {self.SIZE}", "C SELECT 1", "Z I"])

    def test_parameter(self):
        answers = self.ask_large(run("SELECT length($1)", [b"x" * self.SIZE]) + SYNC)
        self.assertEqual(answers, ["1", "2", f"D {self.SIZE}", "C SELECT 1", "Z I"])

    def test_comment(self):
        answers = self.ask_large(query(b"SELECT 1 AS a /*" + b"x" * self.SIZE + b"*/"))
        self.assertEqual(answers, ["T a:23:0", "D 1", "C SELECT 1", "Z I"])

    def test_result(self):
        answers = self.ask_large(query(f"SELECT repeat('x', {self.SIZE})"))
        self.assertEqual([len(line) for line in answers], [len("T repeat:25:0"), self.SIZE + 2, 10, 3])

    def test_additions(self):
        self.needs_isolde()  # PostgreSQL needs gigabytes for the next ones
        self.expect_answer_or_limit(self.ask_large(query(b"SELECT 1" + b"+1" * (self.SIZE // 2))))

    def test_values(self):
        self.needs_isolde()
        rows = b",".join([b"(1)"] * (self.SIZE // 4))
        self.expect_answer_or_limit(self.ask_large(query(b"SELECT count(*) FROM (VALUES " + rows + b") AS v(a)")))

    def test_list(self):
        self.needs_isolde()
        items = b",".join([b"1"] * (self.SIZE // 2))
        self.expect_answer_or_limit(self.ask_large(query(b"SELECT 1 IN (" + items + b")")))

    def test_statements(self):
        self.needs_isolde()
        answers = self.ask_large(query(b"SELECT 1;" * (self.SIZE // 9)))
        self.assertEqual(answers[-1], "Z I")

    def test_parentheses(self):
        self.needs_isolde()
        self.expect_answer_or_limit(self.ask_large(query(b"SELECT " + b"(" * self.SIZE)))

    def test_noise(self):
        noise = random.Random(1).choices(range(33, 127), k=self.SIZE // 10)
        answers = self.ask_large(query(bytes(noise)))
        self.assertRegex(answers[0], "^E 42601 ")


class SlowReaderTest(HostileTestCase):
    """A client that does not read stops its own query, not the server's memory or the others."""

    def wait_until_stalled(self, process):
        watcher = self.connect()
        waits = f"SELECT wait_event FROM pg_stat_activity WHERE pid = {process}"
        self.wait_for(lambda: watcher.value(waits) == "ClientWrite", "the server waits for its client")
        return watcher

    def test_large_result(self):
        before = self.memory() if self.measures_memory() else 0
        connection = self.connect(receive_buffer=4096)
        connection.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 4000000)"))
        watcher = self.wait_until_stalled(connection.process)
        if self.measures_memory():
            self.assertLess(self.memory(), before + 16 * MEGABYTE)
        self.assertEqual(watcher.value(f"SELECT pg_terminate_backend({connection.process})"), "t")
        gone = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {connection.process}"
        self.wait_for(lambda: watcher.value(gone) == "0", "the session is gone")
        self.assert_memory_comes_back(before)

    def test_reading_later_loses_nothing(self):
        connection = self.connect(receive_buffer=4096)
        connection.send(query("SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) AS g(i)"))
        self.wait_until_stalled(connection.process)
        received = connection.messages()
        numbers = [int(re.match(rb"..\0\0\0.(\d+)", body, re.DOTALL)[1]) for kind, body in received if kind == "D"]
        self.assertEqual(numbers, list(range(1, 20_001)))

    def test_client_that_leaves_without_reading(self):
        connections = [self.connect(receive_buffer=4096) for _ in range(10)]
        for connection in connections:
            connection.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"))
        watcher = self.wait_until_stalled(connections[0].process)
        for connection in connections:
            connection.close()
        busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid IN ({})".format(
            ", ".join(str(connection.process) for connection in connections))
        self.wait_for(lambda: watcher.value(busy) == "0", "the sessions are gone")

    def test_endless_requests_without_reading(self):
        """The server stops reading from a client that does not read: neither side grows."""
        before = self.memory() if self.measures_memory() else 0
        connection = self.connect(receive_buffer=4096)
        connection.socket.settimeout(1)
        batch = run("SELECT repeat('x', 100000)") + SYNC
        sent = 0
        try:
            while sent < 200 * MEGABYTE:
                connection.send(batch * 100)
                sent += len(batch) * 100
        except TimeoutError:
            pass
        self.assertLess(sent, 200 * MEGABYTE, "the server takes requests without end")
        if self.measures_memory():
            self.assertLess(self.memory(), before + 32 * MEGABYTE)


class SilentClientTest(HostileTestCase):
    """authentication_timeout ends what never gets past the start-up."""

    settings = {"authentication_timeout": "1s"}
    SOON = 20

    def expect_end(self, connection):
        began = time.monotonic()
        self.assertEqual(connection.answers()[-1], "end")
        self.assertLess(time.monotonic() - began, self.SOON)

    def test_nothing_is_sent(self):
        self.expect_end(self.connect(greet=False))

    def test_half_a_packet(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres"})[:-3])
        self.expect_end(connection)

    def test_many_of_them(self):
        connections = [self.connect(greet=False) for _ in range(50)]
        for connection in connections:
            self.expect_end(connection)

    def test_one_byte_now_and_then(self):
        """The time-out is for the whole start-up, not for each byte."""
        connection = self.connect(greet=False)
        began = time.monotonic()
        with self.assertRaises(OSError):
            for byte in startup({"user": "postgres", "application_name": "x" * 1000}):
                connection.send(bytes([byte]))
                time.sleep(0.05)
        self.assertLess(time.monotonic() - began, self.SOON)

    def test_sessions_are_not_affected(self):
        connection = self.connect()
        self.expect_end(self.connect(greet=False))
        self.assert_alive(connection)


if __name__ == "__main__":
    main()
