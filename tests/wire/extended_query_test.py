"""The extended protocol: every message, alone and in every order that means something."""
import struct

from wire_test_case import WireTestCase, main
from protocol import (FLUSH, SYNC, bind, close_portal, close_statement, describe_portal, describe_statement, execute,
                      message, parse, query, run, shorts, text)

INT4, TEXT, BYTEA = 23, 25, 17
SERIES = "SELECT i FROM generate_series(1, 5) AS g(i)"


class StatementTest(WireTestCase):
    """Parse, Bind, Describe, Execute, Close."""

    def setUp(self):
        self.connection = self.connect()

    def expect(self, sent, expected):
        self.assert_answers(self.connection, sent, expected)

    def test_unnamed_statement_and_portal(self):
        self.expect([parse("SELECT 7 AS n"), bind(), describe_portal(), execute(), SYNC],
                    ["1", "2", "T n:23:0", "D 7", "C SELECT 1", "Z I"])

    def test_execute_without_describe_sends_no_row_description(self):
        self.expect([run("SELECT 7"), SYNC], ["1", "2", "D 7", "C SELECT 1", "Z I"])

    def test_named_statement_survives_the_transaction(self):
        self.expect([parse("SELECT 7 AS n", name="s"), SYNC], ["1", "Z I"])
        for _ in range(2):
            self.expect([bind(statement="s"), execute(), SYNC], ["2", "D 7", "C SELECT 1", "Z I"])

    def test_unnamed_statement_survives_sync(self):
        self.expect([parse("SELECT 7 AS n"), SYNC], ["1", "Z I"])
        self.expect([bind(), execute(), SYNC], ["2", "D 7", "C SELECT 1", "Z I"])

    def test_simple_query_drops_the_unnamed_statement(self):
        self.expect([parse("SELECT 7"), SYNC], ["1", "Z I"])
        self.expect([query("SELECT 1 AS one")], ["T one:23:0", "D 1", "C SELECT 1", "Z I"])
        self.expect([bind(), SYNC], ["E 26000 unnamed prepared statement does not exist", "Z I"])

    def test_unnamed_statement_is_replaced(self):
        self.expect([parse("SELECT 1"), parse("SELECT 2"), bind(), execute(), SYNC],
                    ["1", "1", "2", "D 2", "C SELECT 1", "Z I"])

    def test_failed_parse_drops_the_unnamed_statement(self):
        self.expect([parse("SELECT 1"), SYNC], ["1", "Z I"])
        self.expect([parse("SELEC 1"), SYNC], ['E 42601 syntax error at or near "SELEC"', "Z I"])
        self.expect([bind(), SYNC], ["E 26000 unnamed prepared statement does not exist", "Z I"])

    def test_named_statement_is_not_replaced(self):
        self.expect([parse("SELECT 1", name="s"), parse("SELECT 2", name="s"), SYNC],
                    ["1", 'E 42P05 prepared statement "s" already exists', "Z I"])
        self.expect([bind(statement="s"), execute(), SYNC], ["2", "D 1", "C SELECT 1", "Z I"])

    def test_closed_statement_is_gone(self):
        self.expect([parse("SELECT 1", name="s"), close_statement("s"), bind(statement="s"), SYNC],
                    ["1", "3", 'E 26000 prepared statement "s" does not exist', "Z I"])

    def test_closing_what_does_not_exist_is_fine(self):
        self.expect([close_statement("nothing"), close_portal("nothing"), close_statement(), close_portal(), SYNC],
                    ["3", "3", "3", "3", "Z I"])

    def test_closing_a_statement_closes_nothing_of_a_portal_that_runs(self):
        self.expect([parse(SERIES, name="s"), bind(statement="s", portal="p"), execute("p", 2), close_portal("p"),
                     close_statement("s"), SYNC],
                    ["1", "2", "D 1", "D 2", "s", "3", "3", "Z I"])

    def test_describe_statement(self):
        self.expect([parse("SELECT $1::int4 AS n, $2::text AS t"), describe_statement(), SYNC],
                    ["1", "t 23|25", "T n:23:0|t:25:0", "Z I"])

    def test_describe_statement_without_rows(self):
        self.expect([parse("SET application_name = 'x'", name="s"), describe_statement("s"), SYNC],
                    ["1", "t", "n", "Z I"])

    def test_describe_portal_without_rows(self):
        self.expect([parse("BEGIN"), bind(), describe_portal(), SYNC], ["1", "2", "n", "Z I"])

    def test_describe_portal_shows_the_formats_of_the_bind(self):
        self.expect([parse("SELECT 1 AS a, 2 AS b"), bind(result_formats=[0, 1]), describe_portal(), SYNC],
                    ["1", "2", "T a:23:0|b:23:1", "Z I"])
        self.expect([parse("SELECT 1 AS a, 2 AS b"), bind(result_formats=[1]), describe_portal(), SYNC],
                    ["1", "2", "T a:23:1|b:23:1", "Z I"])

    def test_describe_of_what_does_not_exist(self):
        self.expect([describe_statement("s"), SYNC], ['E 26000 prepared statement "s" does not exist', "Z I"])
        self.expect([describe_portal("p"), SYNC], ['E 34000 portal "p" does not exist', "Z I"])
        self.expect([describe_portal(), SYNC], ['E 34000 portal "" does not exist', "Z I"])

    def test_execute_of_what_does_not_exist(self):
        self.expect([execute("p"), SYNC], ['E 34000 portal "p" does not exist', "Z I"])
        self.expect([execute(), SYNC], ['E 34000 portal "" does not exist', "Z I"])

    def test_several_commands_in_one_parse(self):
        self.expect([parse("SELECT 1; SELECT 2"), SYNC],
                    ["E 42601 cannot insert multiple commands into a prepared statement", "Z I"])

    def test_prepare_and_parse_share_names(self):
        self.expect([query("PREPARE s AS SELECT 7")], ["C PREPARE", "Z I"])
        self.expect([bind(statement="s"), execute(), SYNC], ["2", "D 7", "C SELECT 1", "Z I"])
        self.expect([parse("SELECT 8", name="t"), SYNC], ["1", "Z I"])
        self.expect([query("EXECUTE t")], ["T ?column?:23:0", "D 8", "C SELECT 1", "Z I"])
        self.expect([query("DEALLOCATE ALL")], ["C DEALLOCATE ALL", "Z I"])
        self.expect([bind(statement="t"), SYNC], ['E 26000 prepared statement "t" does not exist', "Z I"])

    def test_discard_all_forgets_statements(self):
        self.expect([parse("SELECT 8", name="t"), SYNC], ["1", "Z I"])
        self.expect([query("DISCARD ALL")], ["C DISCARD ALL", "Z I"])
        self.expect([describe_statement("t"), SYNC], ['E 26000 prepared statement "t" does not exist', "Z I"])

    def test_empty_query(self):
        for nothing in ("", "  ", ";", "-- only a comment\n"):
            with self.subTest(nothing=nothing):
                self.expect([parse(nothing), bind(), describe_portal(), execute(), SYNC], ["1", "2", "n", "I", "Z I"])

    def test_flush_delivers_what_is_there(self):
        self.connection.send(parse("SELECT 1"), FLUSH)
        self.assertEqual(self.connection.answers(last="1"), ["1"])
        self.connection.send(bind(), FLUSH)
        self.assertEqual(self.connection.answers(last="2"), ["2"])
        self.connection.send(execute(), FLUSH)
        self.assertEqual(self.connection.answers(last="C"), ["D 1", "C SELECT 1"])
        self.expect([SYNC], ["Z I"])

    def test_errors_are_sent_without_flush(self):
        self.connection.send(bind(statement="none"))
        self.assertEqual(self.connection.answers(last="E"), ['E 26000 prepared statement "none" does not exist'])
        self.expect([SYNC], ["Z I"])

    def test_sync_alone(self):
        self.expect([SYNC], ["Z I"])
        self.connection.send(SYNC, SYNC)
        self.assertEqual(self.connection.answers() + self.connection.answers(), ["Z I", "Z I"])

    def test_long_names(self):
        name = "n" * 500
        self.expect([parse("SELECT 1", name=name), bind(portal=name, statement=name), execute(name), SYNC],
                    ["1", "2", "D 1", "C SELECT 1", "Z I"])

    def test_thousands_of_statements(self):
        count = 5_000
        self.connection.send(*[parse(f"SELECT {i}", name=f"s{i}") for i in range(count)], SYNC)
        self.assertEqual(self.connection.answers(), ["1"] * count + ["Z I"])
        self.expect([bind(statement=f"s{count - 1}"), execute(), SYNC],
                    ["2", f"D {count - 1}", "C SELECT 1", "Z I"])


class PortalTest(WireTestCase):
    """Row limits and the life of portals."""

    def setUp(self):
        self.connection = self.connect()

    def expect(self, sent, expected):
        self.assert_answers(self.connection, sent, expected)

    def test_row_limit_suspends(self):
        self.expect([parse(SERIES), bind(), execute(rows=2), execute(rows=2), execute(rows=2), SYNC],
                    ["1", "2", "D 1", "D 2", "s", "D 3", "D 4", "s", "D 5", "C SELECT 1", "Z I"])

    def test_limit_of_exactly_all_rows_suspends_too(self):
        self.expect([parse(SERIES), bind(), execute(rows=5), execute(rows=5), SYNC],
                    ["1", "2", "D 1", "D 2", "D 3", "D 4", "D 5", "s", "C SELECT 0", "Z I"])

    def test_execute_after_the_end(self):
        self.expect([parse(SERIES), bind(), execute(), execute(), SYNC],
                    ["1", "2", "D 1", "D 2", "D 3", "D 4", "D 5", "C SELECT 5", "C SELECT 0", "Z I"])

    def test_negative_limit_means_all(self):
        self.expect([parse("SELECT 1"), bind(), execute(rows=-1), SYNC], ["1", "2", "D 1", "C SELECT 1", "Z I"])

    def test_portal_ends_with_the_implicit_transaction(self):
        self.expect([parse(SERIES), bind(portal="p"), execute("p", 1), SYNC], ["1", "2", "D 1", "s", "Z I"])
        self.expect([execute("p", 1), SYNC], ['E 34000 portal "p" does not exist', "Z I"])

    def test_portal_lives_in_a_block(self):
        self.expect([query("BEGIN")], ["C BEGIN", "Z T"])
        self.expect([parse(SERIES), bind(portal="p"), execute("p", 2), SYNC], ["1", "2", "D 1", "D 2", "s", "Z T"])
        self.expect([execute("p", 2), SYNC], ["D 3", "D 4", "s", "Z T"])
        self.expect([query("COMMIT")], ["C COMMIT", "Z I"])
        self.expect([execute("p", 2), SYNC], ['E 34000 portal "p" does not exist', "Z I"])

    def test_two_portals_take_turns(self):
        self.expect([parse(SERIES, name="s"), bind(portal="a", statement="s"), bind(portal="b", statement="s"),
                     execute("a", 1), execute("b", 2), execute("a", 1), execute("b", 1), SYNC],
                    ["1", "2", "2", "D 1", "s", "D 1", "D 2", "s", "D 2", "s", "D 3", "s", "Z I"])

    def test_named_portal_is_not_replaced(self):
        self.expect([parse("SELECT 1"), bind(portal="p"), bind(portal="p"), SYNC],
                    ["1", "2", 'E 42P03 cursor "p" already exists', "Z I"])

    def test_unnamed_portal_is_replaced(self):
        self.expect([parse(SERIES), bind(), execute(rows=1), bind(), execute(rows=1), SYNC],
                    ["1", "2", "D 1", "s", "2", "D 1", "s", "Z I"])

    def test_closed_portal_is_gone(self):
        self.expect([parse("SELECT 1"), bind(portal="p"), close_portal("p"), execute("p"), SYNC],
                    ["1", "2", "3", 'E 34000 portal "p" does not exist', "Z I"])

    def test_cursor_is_a_portal(self):
        self.expect([query(f"BEGIN; DECLARE c CURSOR FOR {SERIES}")], ["C BEGIN", "C DECLARE CURSOR", "Z T"])
        self.expect([describe_portal("c"), execute("c", 2), SYNC], ["T i:23:0", "D 1", "D 2", "s", "Z T"])
        self.expect([query("FETCH 2 FROM c")], ["T i:23:0", "D 3", "D 4", "C FETCH 2", "Z T"])
        self.expect([query("CLOSE c; COMMIT")], ["C CLOSE CURSOR", "C COMMIT", "Z I"])

    def test_portal_is_a_cursor(self):
        self.expect([query("BEGIN")], ["C BEGIN", "Z T"])
        self.expect([parse(SERIES), bind(portal="p"), execute("p", 1), SYNC], ["1", "2", "D 1", "s", "Z T"])
        self.expect([query("FETCH ALL FROM p")], ["T i:23:0", "D 2", "D 3", "D 4", "D 5", "C FETCH 4", "Z T"])

    def test_row_limit_of_a_command_without_rows_is_ignored(self):
        self.expect([parse("SET application_name = 'x'"), bind(), execute(rows=1), SYNC],
                    ["1", "2", "C SET", "S application_name=x", "Z I"])


class ParameterTest(WireTestCase):
    """Types, formats and counts of parameters."""

    def setUp(self):
        self.connection = self.connect()

    def expect(self, sent, expected):
        self.assert_answers(self.connection, sent, expected)

    def test_types_are_inferred(self):
        self.expect([parse("SELECT $1 + 1 AS a, $2 || 'x' AS b, $3 AS c, $4::bool AS d"), describe_statement(), SYNC],
                    ["1", "t 23|25|25|16", "T a:23:0|b:25:0|c:25:0|d:16:0", "Z I"])

    def test_type_zero_is_inferred_too(self):
        self.expect([parse("SELECT $1 + 1 AS a", types=[0]), describe_statement(), SYNC],
                    ["1", "t 23", "T a:23:0", "Z I"])

    def test_some_types_given(self):
        self.expect([parse("SELECT $1 AS a, $2 + 1.5 AS b", types=[20]), describe_statement(), SYNC],
                    ["1", "t 20|1700", "T a:20:0|b:1700:0", "Z I"])

    def test_more_types_than_parameters(self):
        self.expect([parse("SELECT 1 AS a", types=[23, 25]), describe_statement(), bind(["1", "x"]), execute(), SYNC],
                    ["1", "t 23|25", "T a:23:0", "2", "D 1", "C SELECT 1", "Z I"])

    def test_unknown_type(self):
        answers = self.connection.ask(parse("SELECT $1", types=[999_999]), SYNC)
        self.assertEqual(len(answers), 2)
        self.assertRegex(answers[0], "^E (42704|XX000) ")

    def test_gap_in_the_numbers(self):
        self.expect([parse("SELECT $2::int4 AS a"), SYNC], ["E 42P18 could not determine data type of parameter $1",
                                                            "Z I"])

    def test_parameter_zero(self):
        self.expect([parse("SELECT $0"), SYNC], ["E 42P02 there is no parameter $0", "Z I"])

    def test_parameter_in_a_simple_query(self):
        self.expect([query("SELECT $1")], ["E 42P02 there is no parameter $1", "Z I"])

    def test_text_and_binary_values(self):
        sql = "SELECT $1::int4 AS a, $2::int4 AS b"
        expected = ["1", "2", "D 258|3", "C SELECT 1", "Z I"]
        binary = b"\0\0\1\2"
        self.expect([parse(sql), bind(["258", "3"]), execute(), SYNC], expected)
        self.expect([parse(sql), bind(["258", "3"], formats=[0]), execute(), SYNC], expected)
        self.expect([parse(sql), bind([binary, b"\0\0\0\3"], formats=[1]), execute(), SYNC], expected)
        self.expect([parse(sql), bind([binary, "3"], formats=[1, 0]), execute(), SYNC], expected)

    def test_binary_results(self):
        self.expect([parse("SELECT 258 AS a, 'x' AS b, NULL AS c"), bind(result_formats=[1]), execute(), SYNC],
                    ["1", "2", "D \\x00000102|x|NULL", "C SELECT 1", "Z I"])
        self.expect([parse("SELECT 258 AS a, 258 AS b"), bind(result_formats=[0, 1]), execute(), SYNC],
                    ["1", "2", "D 258|\\x00000102", "C SELECT 1", "Z I"])

    def test_nulls(self):
        self.expect([run("SELECT $1::int4, $2::text, $1 IS NULL", [None, None]), SYNC],
                    ["1", "2", "D NULL|NULL|t", "C SELECT 1", "Z I"])

    def test_empty_is_not_null(self):
        self.expect([run("SELECT $1::text, $1 IS NULL", [""]), SYNC], ["1", "2", "D |f", "C SELECT 1", "Z I"])

    def test_bad_text_value(self):
        self.expect([parse("SELECT $1::int4"), bind(["seven"]), SYNC],
                    ["1", 'E 22P02 invalid input syntax for type integer: "seven"', "Z I"])

    def test_bad_binary_value(self):
        for value in (b"", b"\0", b"\0\0\0", b"\0\0\0\0\0"):
            with self.subTest(value=value):
                answers = self.connection.ask(parse("SELECT $1::int4"), bind([value], formats=[1]), SYNC)
                self.assertEqual(len(answers), 3)
                self.assertRegex(answers[1], "^E (08P01 insufficient data left in message|22P03 incorrect binary "
                                             "data format in bind parameter 1)")

    def test_wrong_number_of_values(self):
        for values in ([], ["1"], ["1", "2", "3"]):
            with self.subTest(values=values):
                self.expect([parse("SELECT $1::int4, $2::int4", name=f"s{len(values)}"),
                             bind(values, statement=f"s{len(values)}"), SYNC],
                            ["1", f'E 08P01 bind message supplies {len(values)} parameters, but prepared statement '
                                  f'"s{len(values)}" requires 2', "Z I"])

    def test_wrong_number_of_formats(self):
        self.expect([parse("SELECT $1::int4"), bind(["1"], formats=[0, 0]), SYNC],
                    ["1", "E 08P01 bind message has 2 parameter formats but 1 parameters", "Z I"])
        self.expect([parse("SELECT 1"), bind(result_formats=[0, 0]), SYNC],
                    ["1", "E 08P01 bind message has 2 result formats but query has 1 columns", "Z I"])

    def test_unknown_format(self):
        self.expect([parse("SELECT $1::int4"), bind(["1"], formats=[7]), SYNC],
                    ["1", "E 22023 unsupported format code: 7", "Z I"])

    def test_65535_parameters(self):
        count = 65_535
        sql = "SELECT " + " + ".join(f"${i + 1}::int4" for i in range(1_000)) + f", ${count}::int4"
        types = struct.pack(f"!H{count}I", count, *[INT4] * count)
        values = struct.pack("!h", 0) + struct.pack("!H", count) + struct.pack("!ic", 1, b"1") * count + shorts([])
        self.connection.send(message("P", text("") + text(sql) + types), message("B", text("") + text("") + values),
                             execute(), SYNC)
        self.assertEqual(self.connection.answers(), ["1", "2", "D 1000|1", "C SELECT 1", "Z I"])

    def test_large_value(self):
        value = "x" * (16 << 20)
        self.expect([parse("SELECT length($1)"), bind([value]), execute(), SYNC],
                    ["1", "2", f"D {len(value)}", "C SELECT 1", "Z I"])

    def test_large_value_comes_back(self):
        value = "xyz" * (2 << 20)
        answers = self.connection.ask(parse("SELECT $1::text"), bind([value]), execute(), SYNC)
        self.assertTrue(answers[2] == "D " + value)

    def test_zero_byte_in_a_text_value(self):
        for formats in ([0], [1]):
            with self.subTest(formats=formats):
                answers = self.connection.ask(parse("SELECT $1::text"), bind([b"a\0b"], formats=formats), SYNC)
                self.assertEqual(answers, ["1", 'E 22021 invalid byte sequence for encoding "UTF8": 0x00', "Z I"])

    def test_bytea_takes_any_byte(self):
        value = bytes(range(256))
        answers = self.connection.ask(parse("SELECT $1::bytea"), bind([value], formats=[1], result_formats=[1]),
                                      execute(), SYNC)
        self.assertEqual(answers[2], "D \\x" + value.hex())


if __name__ == "__main__":
    main()
