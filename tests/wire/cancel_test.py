"""Whatever ends a statement or a session from outside: cancel requests, time-outs, termination."""
import time

from wire_test_case import WireTestCase, main
from protocol import SYNC, cancel, error_fields, query, run

ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000000000)"
CANCELED = "E 57014 canceling statement due to user request"
TIMED_OUT = "E 57014 canceling statement due to statement timeout"
TERMINATED = "E 57P01 terminating connection due to administrator command"
SOON = 5  # seconds; far less than the statements below would take


class InterruptTestCase(WireTestCase):
    def setUp(self):
        self.connection = self.connect()
        self.other = self.connect()

    def wait_until(self, state, connection=None):
        """Until the connection is seen in this state."""
        process = (connection or self.connection).process
        seen = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {process} AND state = '{state}'"
        self.wait_for(lambda: self.other.value(seen) == "1", f"process {process} {state}")

    def start(self, *sent):
        """Sends, and waits until it is seen to run."""
        self.connection.send(*sent)
        self.wait_until("active")
        self.began = time.monotonic()

    def cancel(self):
        self.assertEqual(cancel(self.server, self.connection.process, self.connection.secret), b"")

    def expect(self, expected):
        self.assertEqual([line for line in self.connection.answers() if line[0] != "T"], expected)
        self.assertLess(time.monotonic() - self.began, SOON)


class CancelRequestTest(InterruptTestCase):
    def test_sleeping_statement(self):
        self.start(query("SELECT pg_sleep(60)"))
        self.cancel()
        self.expect([CANCELED, "Z I"])
        self.assert_alive(self.connection)

    def test_computing_statement(self):
        self.start(query(ENDLESS))
        self.cancel()
        self.expect([CANCELED, "Z I"])
        self.assert_alive(self.connection)

    def test_streaming_statement(self):
        self.connection.send(query("SELECT i FROM generate_series(1, 20000000) AS g(i)"))
        while self.connection.receive()[0] != "D":
            pass
        self.cancel()
        received = self.connection.messages(last="EZ")
        self.assertEqual(error_fields(received[-1][1])["C"], "57014")
        self.assertEqual(self.connection.answers(), ["Z I"])
        self.assert_alive(self.connection)

    def test_extended_protocol_skips_to_sync(self):
        self.start(run("SELECT pg_sleep(60)"), run("SELECT 1"), SYNC, run("SELECT 2"), SYNC)
        self.cancel()
        self.expect(["1", "2", CANCELED, "Z I"])
        self.expect(["1", "2", "D 2", "C SELECT 1", "Z I"])

    def test_in_a_block(self):
        self.connection.ask(query("BEGIN"))
        self.start(query("SELECT pg_sleep(60)"))
        self.cancel()
        self.expect([CANCELED, "Z E"])

    def test_copy(self):
        self.start(query(f"COPY ({ENDLESS}) TO STDOUT"))
        self.cancel()
        self.assertEqual(self.connection.answers()[-2:], [CANCELED, "Z I"])

    def test_wrong_secret_is_ignored(self):
        self.start(query("SELECT pg_sleep(0.5)"))
        for secret in (0, self.connection.secret ^ 1, -self.connection.secret):
            self.assertEqual(cancel(self.server, self.connection.process, secret), b"")
        self.expect(["D ", "C SELECT 1", "Z I"])

    def test_unknown_process_is_ignored(self):
        self.assertEqual(cancel(self.server, 0x7ffffff0, 1), b"")
        self.assertEqual(cancel(self.server, -1, 1), b"")
        self.assert_alive(self.connection)

    def test_somebody_elses_secret_is_ignored(self):
        self.start(query("SELECT pg_sleep(0.5)"))
        self.assertEqual(cancel(self.server, self.connection.process, self.other.secret), b"")
        self.expect(["D ", "C SELECT 1", "Z I"])

    def test_idle_session_is_not_disturbed(self):
        self.cancel()
        self.assert_alive(self.connection)

    def test_late_cancel_does_not_hit_the_next_statement_of_another(self):
        for _ in range(20):
            self.cancel()
            self.assert_alive(self.other)

    def test_many_cancels_at_once(self):
        self.start(query("SELECT pg_sleep(60)"))
        for _ in range(20):
            self.cancel()
        self.expect([CANCELED, "Z I"])
        self.assert_alive(self.connection)


class SignalFunctionsTest(InterruptTestCase):
    def test_pg_cancel_backend(self):
        self.start(query("SELECT pg_sleep(60)"))
        self.assertEqual(self.other.value(f"SELECT pg_cancel_backend({self.connection.process})"), "t")
        self.expect([CANCELED, "Z I"])
        self.assert_alive(self.connection)

    def test_pg_terminate_backend_of_a_running_session(self):
        self.start(query("SELECT pg_sleep(60)"))
        self.assertEqual(self.other.value(f"SELECT pg_terminate_backend({self.connection.process})"), "t")
        self.expect([TERMINATED, "end"])

    def test_pg_terminate_backend_of_a_computing_session(self):
        self.start(query(ENDLESS))
        self.assertEqual(self.other.value(f"SELECT pg_terminate_backend({self.connection.process})"), "t")
        self.expect([TERMINATED, "end"])

    def test_pg_terminate_backend_of_an_idle_session(self):
        self.wait_until("idle")
        self.assertEqual(self.other.value(f"SELECT pg_terminate_backend({self.connection.process})"), "t")
        self.assertEqual(self.connection.answers(), [TERMINATED, "end"])

    def test_pg_terminate_backend_in_a_block(self):
        self.connection.ask(query("BEGIN"))
        self.wait_until("idle in transaction")
        self.other.value(f"SELECT pg_terminate_backend({self.connection.process})")
        self.assertEqual(self.connection.answers(), [TERMINATED, "end"])

    def test_termination_is_fatal(self):
        self.other.value(f"SELECT pg_terminate_backend({self.connection.process})")
        (_, body), *_ = self.connection.messages()
        self.assertEqual(error_fields(body)["V"], "FATAL")

    def test_terminated_session_is_gone(self):
        self.other.value(f"SELECT pg_terminate_backend({self.connection.process})")
        self.connection.answers()
        gone = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {self.connection.process}"
        self.wait_for(lambda: self.other.value(gone) == "0", "the session is gone")

    def test_own_statement(self):
        answers = self.connection.ask(query("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(60)"))
        self.assertEqual([line for line in answers if line[0] != "T"], [CANCELED, "Z I"])
        self.assert_alive(self.connection)

    def test_own_session(self):
        answers = self.connection.ask(query("SELECT pg_terminate_backend(pg_backend_pid())"))
        self.assertEqual(answers[-2:], [TERMINATED, "end"])

    def test_unknown_process(self):
        for function in ("pg_cancel_backend", "pg_terminate_backend"):
            with self.subTest(function):
                answers = self.connection.ask(query(f"SELECT {function}(2147483000) AS done"))
                self.assertCountEqual(answers, ["N 01000 PID 2147483000 is not a PostgreSQL backend process",
                                                "T done:16:0", "D f", "C SELECT 1", "Z I"])


class TimeoutTest(InterruptTestCase):
    def setUp(self):
        super().setUp()
        self.began = time.monotonic()

    def set(self, name, value):
        self.assertEqual(self.connection.ask(query(f"SET {name} = '{value}'")), ["C SET", "Z I"])

    def test_statement_timeout_of_a_sleep(self):
        self.set("statement_timeout", "50ms")
        self.connection.send(query("SELECT pg_sleep(60)"))
        self.expect([TIMED_OUT, "Z I"])
        self.assert_alive(self.connection)

    def test_statement_timeout_of_a_computation(self):
        self.set("statement_timeout", "50ms")
        self.connection.send(query(ENDLESS))
        self.expect([TIMED_OUT, "Z I"])

    def test_statement_timeout_by_the_extended_protocol(self):
        self.set("statement_timeout", "50ms")
        self.connection.send(run("SELECT pg_sleep(60)"), run("SELECT 1"), SYNC)
        self.expect(["1", "2", TIMED_OUT, "Z I"])

    def test_statement_timeout_of_the_start_up_packet(self):
        self.connection = self.connect(options="-c statement_timeout=50")
        self.connection.send(query("SELECT pg_sleep(60)"))
        self.expect([TIMED_OUT, "Z I"])

    def test_statement_timeout_in_a_block(self):
        self.connection.ask(query("BEGIN; SET LOCAL statement_timeout = '50ms'"))
        self.connection.send(query("SELECT pg_sleep(60)"))
        self.expect([TIMED_OUT, "Z E"])
        self.connection.ask(query("ROLLBACK"))
        self.assertEqual(self.connection.value("SHOW statement_timeout"), "0")

    def test_statement_timeout_counts_each_statement_anew(self):
        self.set("statement_timeout", "400ms")
        for _ in range(6):
            self.assertEqual(self.connection.ask(query("SELECT pg_sleep(0.1)"))[-1], "Z I")
            self.assertEqual(self.connection.ask(run("SELECT pg_sleep(0.1)"), SYNC)[:1], ["1"])
        self.assert_alive(self.connection)

    def test_statement_timeout_does_not_hit_an_idle_session(self):
        self.set("statement_timeout", "20ms")
        self.other.value("SELECT pg_sleep(0.1)")
        self.assert_alive(self.connection)

    def test_idle_in_transaction(self):
        self.set("idle_in_transaction_session_timeout", "50ms")
        self.assertEqual(self.connection.ask(query("BEGIN")), ["C BEGIN", "Z T"])
        self.expect(["E 25P03 terminating connection due to idle-in-transaction timeout", "end"])

    def test_idle_in_a_failed_transaction(self):
        self.set("idle_in_transaction_session_timeout", "50ms")
        self.assertEqual(self.connection.ask(query("BEGIN; SELECT 1/0"))[-1], "Z E")
        self.expect(["E 25P03 terminating connection due to idle-in-transaction timeout", "end"])

    def test_idle_in_transaction_does_not_hit_an_idle_session(self):
        self.set("idle_in_transaction_session_timeout", "20ms")
        self.other.value("SELECT pg_sleep(0.1)")
        self.assert_alive(self.connection)

    def test_idle_session(self):
        self.set("idle_session_timeout", "50ms")
        self.expect(["E 57P05 terminating connection due to idle-session timeout", "end"])

    def test_idle_session_does_not_hit_a_transaction_or_a_statement(self):
        self.set("idle_session_timeout", "100ms")
        self.assertEqual(self.connection.ask(query("BEGIN"))[-1], "Z T")
        self.other.value("SELECT pg_sleep(0.3)")
        self.assertEqual(self.connection.ask(query("SELECT pg_sleep(0.3)"))[-1], "Z T")
        self.assertEqual(self.connection.ask(query("COMMIT"))[-1], "Z I")
        self.expect(["E 57P05 terminating connection due to idle-session timeout", "end"])


if __name__ == "__main__":
    main()
