"""After an error the server skips to the next Sync: from every position, with every message in between."""
import itertools

from wire_test_case import WireTestCase, main
from protocol import (FLUSH, SYNC, bind, close_portal, close_statement, describe_portal, describe_statement, execute,
                      message, parse, query, run)

DIVISION = "E 22012 division by zero"
# Fails when it runs, not already when it is planned.
DIVIDE = "SELECT 1 / (i - 1) FROM generate_series(1, 1) AS g(i)"
# One batch and its answers, message by message.
BATCH = [
    (parse("SELECT 7 AS n", name="fine"), ["1"]),
    (describe_statement("fine"), ["t", "T n:23:0"]),
    (bind(portal="p", statement="fine"), ["2"]),
    (describe_portal("p"), ["T n:23:0"]),
    (execute("p"), ["D 7", "C SELECT 1"]),
    (close_portal("p"), ["3"]),
    (close_statement("fine"), ["3"]),
]
# A message that fails, and how.
FAILURES = {
    "parse": (parse("SELEC"), 'E 42601 syntax error at or near "SELEC"'),
    "bind": (bind(statement="none"), 'E 26000 prepared statement "none" does not exist'),
    "describe": (describe_portal("none"), 'E 34000 portal "none" does not exist'),
    "execute": (execute("none"), 'E 34000 portal "none" does not exist'),
    "close": (message("C", b"Xnone\0"), "E 08P01 invalid CLOSE message subtype 88"),
}


class SkipUntilSyncTest(WireTestCase):
    def setUp(self):
        self.connection = self.connect()

    def expect(self, sent, expected):
        self.assert_answers(self.connection, sent, expected)

    def forget_statement(self):
        self.expect([close_statement("fine"), SYNC], ["3", "Z I"])

    def test_every_failure_in_every_position(self):
        for (name, (failure, error)), position in itertools.product(FAILURES.items(), range(len(BATCH) + 1)):
            with self.subTest(name, position=position):
                before, after = BATCH[:position], BATCH[position:]
                sent = [sent for sent, _ in before] + [failure] + [sent for sent, _ in after] + [SYNC]
                expected = [line for _, answers in before for line in answers] + [error, "Z I"]
                self.expect(sent, expected)
                self.forget_statement()

    def test_run_time_error(self):
        self.expect([run(DIVIDE), run("SELECT 2"), SYNC], ["1", "2", DIVISION, "Z I"])

    def test_run_time_error_after_some_rows(self):
        self.expect([run("SELECT 10 / (3 - i) FROM generate_series(1, 5) AS g(i)"), run("SELECT 2"), SYNC],
                    ["1", "2", "D 5", "D 10", DIVISION, "Z I"])

    def test_query_is_skipped_too(self):
        self.expect([bind(statement="none"), query("SELECT 1"), SYNC],
                    ['E 26000 prepared statement "none" does not exist', "Z I"])

    def test_flush_is_skipped_too(self):
        self.expect([bind(statement="none"), FLUSH, FLUSH, SYNC],
                    ['E 26000 prepared statement "none" does not exist', "Z I"])

    def test_only_one_error_a_batch(self):
        self.expect([bind(statement="none"), bind(statement="none"), parse("SELEC"), SYNC],
                    ['E 26000 prepared statement "none" does not exist', "Z I"])

    def test_next_batch_is_served(self):
        self.connection.send(parse("SELEC"), run("SELECT 1"), SYNC, run("SELECT 2"), SYNC)
        self.assertEqual(self.connection.answers(), ['E 42601 syntax error at or near "SELEC"', "Z I"])
        self.assertEqual(self.connection.answers(), ["1", "2", "D 2", "C SELECT 1", "Z I"])

    def test_copy_messages_outside_copy_are_ignored(self):
        self.expect([message("d", b"data"), message("c"), message("f", b"why\0"), run("SELECT 1"), SYNC],
                    ["1", "2", "D 1", "C SELECT 1", "Z I"])

    def test_error_in_a_simple_query_needs_no_sync(self):
        self.expect([query("SELECT 1 / 0")], [DIVISION, "Z I"])
        self.assert_alive(self.connection)


class ImplicitTransactionTest(WireTestCase):
    """A batch up to its Sync, and a simple query of several statements, are one transaction."""

    def setUp(self):
        self.connection = self.connect()

    def expect(self, sent, expected):
        self.assert_answers(self.connection, sent, expected)

    def show(self):
        return self.connection.value("SHOW work_mem")

    def test_batch_is_undone_by_an_error(self):
        before = self.show()
        self.expect([run("SET work_mem = '77MB'"), run(DIVIDE), SYNC],
                    ["1", "2", "C SET", "1", "2", DIVISION, "Z I"])
        self.assertEqual(self.show(), before)

    def test_batch_is_kept_at_sync(self):
        self.expect([run("SET work_mem = '77MB'"), SYNC], ["1", "2", "C SET", "Z I"])
        self.expect([run(DIVIDE), SYNC], ["1", "2", DIVISION, "Z I"])
        self.assertEqual(self.show(), "77MB")

    def test_simple_query_is_undone_by_an_error(self):
        before = self.show()
        self.expect([query("SET work_mem = '77MB'; SELECT 1/0; SELECT 2")], ["C SET", DIVISION, "Z I"])
        self.assertEqual(self.show(), before)

    def test_commit_in_a_simple_query_keeps_what_came_before(self):
        self.expect([query("BEGIN; SET work_mem = '77MB'; COMMIT; SELECT 1/0")],
                    ["C BEGIN", "C SET", "C COMMIT", DIVISION, "Z I"])
        self.assertEqual(self.show(), "77MB")

    def test_begin_in_a_simple_query_turns_it_into_a_block(self):
        before = self.show()
        self.expect([query("SET work_mem = '77MB'; BEGIN; SELECT 1 AS one")],
                    ["C SET", "C BEGIN", "T one:23:0", "D 1", "C SELECT 1", "Z T"])
        self.expect([query("ROLLBACK")], ["C ROLLBACK", "Z I"])
        self.assertEqual(self.show(), before)

    def test_rollback_in_a_simple_query(self):
        self.expect([query("SELECT 1 AS one; ROLLBACK; SELECT 2 AS two")],
                    ["T one:23:0", "D 1", "C SELECT 1", "N 25P01 there is no transaction in progress", "C ROLLBACK",
                     "T two:23:0", "D 2", "C SELECT 1", "Z I"])

    def test_begin_inside_a_batch(self):
        self.expect([run("BEGIN"), run("SET work_mem = '77MB'"), SYNC], ["1", "2", "C BEGIN", "1", "2", "C SET", "Z T"])
        self.expect([run("COMMIT"), SYNC], ["1", "2", "C COMMIT", "Z I"])
        self.assertEqual(self.show(), "77MB")

    def test_sync_does_not_end_a_block(self):
        self.expect([run("BEGIN"), SYNC], ["1", "2", "C BEGIN", "Z T"])
        self.expect([SYNC], ["Z T"])
        self.expect([run("ROLLBACK"), SYNC], ["1", "2", "C ROLLBACK", "Z I"])

    def test_statement_that_cannot_be_in_a_block(self):
        self.expect([query("SELECT 1; DISCARD ALL")],
                    ["T ?column?:23:0", "D 1", "C SELECT 1",
                     "E 25001 DISCARD ALL cannot run inside a transaction block", "Z I"])


class FailedBlockTest(WireTestCase):
    """After an error in a block only its end is accepted."""

    ABORTED = "E 25P02 current transaction is aborted, commands ignored until end of transaction block"

    def setUp(self):
        self.connection = self.connect()
        self.expect([query("BEGIN")], ["C BEGIN", "Z T"])
        self.expect([query("SELECT 1/0")], [DIVISION, "Z E"])

    def expect(self, sent, expected):
        self.assert_answers(self.connection, sent, expected)

    def test_simple_query(self):
        self.expect([query("SELECT 1")], [self.ABORTED, "Z E"])

    def test_every_statement_of_a_simple_query(self):
        self.expect([query("SELECT 1; ROLLBACK")], [self.ABORTED, "Z E"])
        self.expect([query("ROLLBACK; SELECT 1 AS one")],
                    ["C ROLLBACK", "T one:23:0", "D 1", "C SELECT 1", "Z I"])

    def test_parse(self):
        self.expect([parse("SELECT 1"), SYNC], [self.ABORTED, "Z E"])

    def test_syntax_errors_are_still_found(self):
        self.expect([query("SELEC")], ['E 42601 syntax error at or near "SELEC"', "Z E"])

    def test_bind_of_an_old_statement(self):
        self.expect([query("ROLLBACK")], ["C ROLLBACK", "Z I"])
        self.expect([parse("SELECT 1", name="s"), SYNC], ["1", "Z I"])
        self.expect([query("BEGIN; SELECT 1/0")], ["C BEGIN", DIVISION, "Z E"])
        self.expect([bind(statement="s"), SYNC], [self.ABORTED, "Z E"])
        self.expect([describe_statement("s"), SYNC], [self.ABORTED, "Z E"])

    def test_commit_rolls_back(self):
        self.expect([query("COMMIT")], ["C ROLLBACK", "Z I"])

    def test_rollback_by_the_extended_protocol(self):
        self.expect([run("ROLLBACK"), SYNC], ["1", "2", "C ROLLBACK", "Z I"])
        self.assert_alive(self.connection)

    def test_rollback_prepared_before_the_failure(self):
        self.expect([query("ROLLBACK")], ["C ROLLBACK", "Z I"])
        self.expect([parse("ROLLBACK", name="r"), SYNC], ["1", "Z I"])
        self.expect([query("BEGIN; SELECT 1/0")], ["C BEGIN", DIVISION, "Z E"])
        self.expect([bind(statement="r"), execute(), SYNC], ["2", "C ROLLBACK", "Z I"])

    def test_savepoint_of_before_the_failure(self):
        self.expect([query("ROLLBACK; BEGIN; SAVEPOINT s; SELECT 1/0")],
                    ["C ROLLBACK", "C BEGIN", "C SAVEPOINT", DIVISION, "Z E"])
        self.expect([query("ROLLBACK TO s")], ["C ROLLBACK", "Z T"])
        self.expect([query("RELEASE s; COMMIT")], ["C RELEASE", "C COMMIT", "Z I"])

    def test_empty_query(self):
        self.expect([query("")], ["I", "Z E"])

    def test_close_and_sync_are_fine(self):
        self.expect([close_statement("s"), close_portal("p"), SYNC], ["3", "3", "Z E"])

    def test_malformed_message_fails_the_block_too(self):
        self.expect([query("ROLLBACK; BEGIN")], ["C ROLLBACK", "C BEGIN", "Z T"])
        self.expect([message("D", b"X\0"), SYNC], ["E 08P01 invalid DESCRIBE message subtype 88", "Z E"])


if __name__ == "__main__":
    main()
