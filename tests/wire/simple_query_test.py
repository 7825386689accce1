"""The simple protocol: one message, any number of statements, and what the server says unasked."""
from wire_test_case import WireTestCase, main
from protocol import SYNC, message, query, row_columns, row_values, run, text

LEVELS = ["debug5", "debug1", "log", "notice", "warning", "error"]


class SimpleQueryTest(WireTestCase):
    def setUp(self):
        self.connection = self.connect()

    def expect(self, sql, expected):
        self.assert_answers(self.connection, [query(sql)], expected)

    def test_one_row(self):
        self.expect("SELECT 1 AS a, 'x' AS b, NULL AS c, true AS d",
                    ["T a:23:0|b:25:0|c:25:0|d:16:0", "D 1|x|NULL|t", "C SELECT 1", "Z I"])

    def test_no_columns(self):
        self.expect("SELECT", ["T ", "D ", "C SELECT 1", "Z I"])

    def test_no_rows(self):
        self.expect("SELECT 1 AS a WHERE false", ["T a:23:0", "C SELECT 0", "Z I"])

    def test_many_rows(self):
        answers = self.connection.ask(query("SELECT * FROM generate_series(1, 100000)"))
        self.assertEqual(answers[0], "T generate_series:23:0")
        self.assertEqual(answers[1:-2], [f"D {i}" for i in range(1, 100_001)])
        self.assertEqual(answers[-2:], ["C SELECT 100000", "Z I"])

    def test_many_columns(self):
        columns = ", ".join(map(str, range(1_600)))
        answers = self.connection.ask(query(f"SELECT {columns}"))
        self.assertEqual(answers[1], "D " + "|".join(map(str, range(1_600))))

    def test_too_many_columns(self):
        columns = ", ".join(map(str, range(1_665)))
        self.expect(f"SELECT {columns}", ["E 54011 target lists can have at most 1664 entries", "Z I"])

    def test_column_names_and_types(self):
        self.connection.send(query("SELECT 1::int2, 2.5, 'a'::text, version(), ARRAY[1], now(), 1 + 1 AS \"Sum Of\""))
        answers = self.connection.answers()
        self.assertEqual(answers[0], "T int2:21:0|?column?:1700:0|text:25:0|version:25:0|array:1007:0|now:1184:0"
                                     "|Sum Of:23:0")

    def origins(self, sql):
        """(table, attribute) of each column."""
        self.connection.send(query(sql))
        return [column[1:3] for kind, body in self.connection.messages() if kind == "T" for column in row_columns(body)]

    def number_of(self, relation):
        self.connection.send(query(f"SELECT '{relation}'::regclass::oid"))
        return next(int(row_values(body)[0]) for kind, body in self.connection.messages() if kind == "D")

    def test_columns_tell_their_table(self):
        self.connection.ask(query("CREATE TABLE origin_t (a int, gone int, b text); ALTER TABLE origin_t DROP gone; "
                                  "CREATE VIEW origin_v AS SELECT b, a + 1 AS c FROM origin_t"))
        self.addCleanup(lambda: self.connection.ask(query("DROP TABLE origin_t CASCADE")))
        table, view = self.number_of("origin_t"), self.number_of("origin_v")
        for sql, expected in [
                ("SELECT * FROM origin_t", [(table, 1), (table, 3)]),
                ("SELECT b, a + 1, 1 FROM origin_t", [(table, 3), (0, 0), (0, 0)]),
                ("SELECT x.b, y.a FROM origin_t x LEFT JOIN origin_t y ON true", [(table, 3), (table, 1)]),
                ("SELECT s.* FROM (SELECT b, a FROM origin_t) s", [(table, 3), (table, 1)]),
                ("WITH w AS (SELECT b FROM origin_t) SELECT * FROM w", [(table, 3)]),
                ("SELECT b, count(*) FROM origin_t GROUP BY b", [(table, 3), (0, 0)]),
                ("SELECT * FROM origin_v", [(view, 1), (view, 2)]),
                ("SELECT a FROM origin_t UNION SELECT 1", [(0, 0)]),
                ("INSERT INTO origin_t VALUES (1, 'x') RETURNING b, a", [(table, 3), (table, 1)]),
                ("UPDATE origin_t SET a = 2 RETURNING b", [(table, 3)]),
                ("DELETE FROM origin_t RETURNING *", [(table, 1), (table, 3)])]:
            with self.subTest(sql):
                self.assertEqual(self.origins(sql), expected)

    def test_empty_queries(self):
        for nothing in ("", "  \n", ";", ";;;", "/* nothing */", "-- nothing"):
            with self.subTest(nothing=nothing):
                self.expect(nothing, ["I", "Z I"])

    def test_empty_statements_between_others(self):
        self.expect(";; SELECT 1 AS a;; ;", ["T a:23:0", "D 1", "C SELECT 1", "Z I"])

    def test_several_statements(self):
        self.expect("SELECT 1 AS a; SET work_mem = '9MB'; SELECT 2 AS b",
                    ["T a:23:0", "D 1", "C SELECT 1", "C SET", "T b:23:0", "D 2", "C SELECT 1", "Z I"])

    def test_syntax_error_anywhere_runs_nothing(self):
        self.expect("SELECT 1; SELECT 2; SELEC 3", ['E 42601 syntax error at or near "SELEC"', "Z I"])

    def test_position_of_an_error(self):
        for sql, position in (("SELEC 1", "1"), ("SELECT 1;\n SELEC", "12"), ("SELECT 'äöü', nothing", "15"),
                              ("SELECT 1; SELECT nothing", "18")):
            with self.subTest(sql=sql):
                self.assertEqual(self.connection.ask_error(query(sql))["P"], position)

    def test_fields_of_an_error(self):
        fields = self.connection.ask_error(query("SELECT 1/0"))
        self.assertEqual((fields["S"], fields["V"], fields["C"], fields["M"]),
                         ("ERROR", "ERROR", "22012", "division by zero"))

    def test_no_such_function_has_a_hint(self):
        fields = self.connection.ask_error(query("SELECT no_such_function(1)"))
        self.assertEqual((fields["C"], fields["M"]), ("42883", "function no_such_function(integer) does not exist"))
        self.assertEqual(fields["H"], "No function matches the given name and argument types. You might need to add "
                                      "explicit type casts.")

    def test_begin_and_commit(self):
        self.expect("BEGIN", ["C BEGIN", "Z T"])
        self.expect("SELECT 1 AS a", ["T a:23:0", "D 1", "C SELECT 1", "Z T"])
        self.expect("COMMIT", ["C COMMIT", "Z I"])
        self.expect("START TRANSACTION", ["C START TRANSACTION", "Z T"])
        self.expect("END", ["C COMMIT", "Z I"])
        self.expect("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY", ["C BEGIN", "Z T"])
        self.expect("ABORT", ["C ROLLBACK", "Z I"])

    def test_commit_and_chain(self):
        self.expect("BEGIN", ["C BEGIN", "Z T"])
        self.expect("COMMIT AND CHAIN", ["C COMMIT", "Z T"])
        self.expect("ROLLBACK AND CHAIN", ["C ROLLBACK", "Z T"])
        self.expect("ROLLBACK", ["C ROLLBACK", "Z I"])
        self.expect("COMMIT AND CHAIN", ["E 25P01 COMMIT AND CHAIN can only be used in transaction blocks", "Z I"])

    def test_copy_to_stdout(self):
        self.expect("COPY (SELECT i, NULL, E'a\\tb\\\\' FROM generate_series(1, 2) AS g(i)) TO STDOUT",
                    ["H 0 0|0|0", "d \\x" + b"1\t\\N\ta\\tb\\\\".hex(), "d \\x" + b"2\t\\N\ta\\tb\\\\".hex(), "c",
                     "C COPY 2", "Z I"])

    def test_copy_csv(self):
        self.expect("COPY (SELECT i, 'a \"b\", c' AS t FROM generate_series(1, 2) AS g(i)) TO STDOUT (FORMAT csv, "
                    "HEADER)", ["H 0 0|0", "d i,t", 'd 1,"a ""b"", c"', 'd 2,"a ""b"", c"', "c", "C COPY 2", "Z I"])

    def test_copy_binary(self):
        self.connection.send(query("COPY (SELECT 258, NULL::text) TO STDOUT (FORMAT binary)"))
        received = self.connection.messages()
        self.assertEqual("".join(kind for kind, _ in received).replace("d", ""), "HcCZ")
        data = b"".join(body for kind, body in received if kind == "d")
        self.assertEqual(data, b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\0\2" + b"\0\0\0\4\0\0\1\2" + b"\xff\xff\xff\xff" +
                         b"\xff\xff")

    def test_copy_that_fails_in_the_middle(self):
        self.expect("COPY (SELECT 6 / (2 - i) FROM generate_series(1, 5) AS g(i)) TO STDOUT",
                    ["H 0 0", "d 6", "E 22012 division by zero", "Z I"])
        self.assert_alive(self.connection)

    def test_copy_by_the_extended_protocol(self):
        self.assert_answers(self.connection, [run("COPY (SELECT 7) TO STDOUT"), SYNC],
                            ["1", "2", "H 0 0", "d 7", "c", "C COPY 1", "Z I"])

    def test_function_call_message_of_an_unknown_function(self):
        body = b"\x7f\xff\xff\xff" + b"\0\0" + b"\0\0" + b"\0\0"
        fields = self.connection.ask_error(message("F", body))
        self.assertIn(fields["C"], ("42883", "0A000"))
        self.assert_alive(self.connection)

    def test_text_after_the_query_is_malformed(self):
        fields = self.connection.ask_error(message("Q", text("SELECT 1") + b"more"))
        self.assertEqual((fields["C"], fields["M"]), ("08P01", "invalid message format"))
        self.assert_alive(self.connection)

    def test_query_without_its_end_is_malformed(self):
        fields = self.connection.ask_error(message("Q", b"SELECT 1"))
        self.assertEqual((fields["C"], fields["M"]), ("08P01", "invalid string in message"))
        self.assert_alive(self.connection)


class ParameterStatusTest(WireTestCase):
    """Clients hear of a changed setting when it changes, however it changes."""

    def setUp(self):
        self.connection = self.connect(application_name="first")

    def expect(self, sql, expected):
        self.assert_answers(self.connection, [query(sql)], expected)

    def test_set(self):
        self.expect("SET application_name = 'second'", ["C SET", "S application_name=second", "Z I"])
        self.expect("SET DateStyle = 'german'", ["C SET", "S DateStyle=German, DMY", "Z I"])
        self.expect("SET TIME ZONE 'UTC'; SET TIME ZONE 'Europe/Berlin'",
                    ["C SET", "C SET", "S TimeZone=Europe/Berlin", "Z I"])

    def test_same_value_is_not_reported(self):
        self.expect("SET application_name = 'first'", ["C SET", "Z I"])

    def test_setting_that_is_not_reported(self):
        self.expect("SET work_mem = '9MB'", ["C SET", "Z I"])

    def test_reset(self):
        self.expect("SET application_name = 'second'", ["C SET", "S application_name=second", "Z I"])
        self.expect("RESET application_name", ["C RESET", "S application_name=first", "Z I"])

    def test_rollback(self):
        self.expect("BEGIN", ["C BEGIN", "Z T"])
        self.expect("SET application_name = 'second'", ["C SET", "S application_name=second", "Z T"])
        self.expect("ROLLBACK", ["C ROLLBACK", "S application_name=first", "Z I"])

    def test_error(self):
        self.expect("BEGIN", ["C BEGIN", "Z T"])
        self.expect("SET application_name = 'second'", ["C SET", "S application_name=second", "Z T"])
        answers = self.connection.ask(query("SELECT 1/0"))
        self.assertEqual([line for line in answers if line[0] != "S"], ["E 22012 division by zero", "Z E"])
        answers += self.connection.ask(query("ROLLBACK"))
        self.assertIn("S application_name=first", answers)

    def test_set_local(self):
        self.expect("BEGIN; SET LOCAL application_name = 'second'",
                    ["C BEGIN", "C SET", "S application_name=second", "Z T"])
        self.expect("COMMIT", ["C COMMIT", "S application_name=first", "Z I"])

    def test_set_config(self):
        self.expect("SELECT set_config('application_name', 'second', false) AS a",
                    ["T a:25:0", "D second", "C SELECT 1", "S application_name=second", "Z I"])

    def test_standard_conforming_strings(self):
        self.expect("SET standard_conforming_strings = off", ["C SET", "S standard_conforming_strings=off", "Z I"])


class NoticeTest(WireTestCase):
    """Warnings by client_min_messages."""

    WARNING = "N 25001 there is already a transaction in progress"

    def setUp(self):
        self.connection = self.connect()
        self.connection.ask(query("BEGIN"))

    def test_warning_comes_before_the_command_completes(self):
        self.assert_answers(self.connection, [query("BEGIN")], [self.WARNING, "C BEGIN", "Z T"])

    def test_warning_by_the_extended_protocol(self):
        self.assert_answers(self.connection, [run("BEGIN"), SYNC], ["1", "2", self.WARNING, "C BEGIN", "Z T"])

    def test_fields(self):
        self.connection.send(query("BEGIN"))
        (_, body), *_ = self.connection.messages()
        self.assertTrue(body.startswith(b"SWARNING\0VWARNING\0C25001\0M"), body)

    def test_every_level(self):
        for level in LEVELS:
            with self.subTest(level):
                self.connection.ask(query(f"SET client_min_messages = {level}"))
                answers = self.connection.ask(query("BEGIN"))
                self.assertEqual(self.WARNING in answers, level != "error")

    def test_set_local_outside_a_block(self):
        self.assert_answers(self.connection, [query("COMMIT")], ["C COMMIT", "Z I"])
        self.assert_answers(self.connection, [query("SET LOCAL work_mem = '9MB'")],
                            ["N 25P01 SET LOCAL can only be used in transaction blocks", "C SET", "Z I"])

    def test_end_without_a_beginning(self):
        self.assert_answers(self.connection, [query("COMMIT")], ["C COMMIT", "Z I"])
        self.assert_answers(self.connection, [query("COMMIT")],
                            ["N 25P01 there is no transaction in progress", "C COMMIT", "Z I"])


if __name__ == "__main__":
    main()
