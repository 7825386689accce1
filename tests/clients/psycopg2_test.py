"""psycopg2: the driver most Python programs use; text format, simple protocol."""
import datetime
import decimal
import io
import threading
import uuid

import psycopg2
import psycopg2.errors
import psycopg2.extensions
import psycopg2.extras

from server_under_test import ServerTestCase, main

UTC = datetime.timezone.utc


class Psycopg2Test(ServerTestCase):
    def setUp(self):
        self.connection = self.connect()
        self.cursor = self.connection.cursor()

    def connect(self, **options):
        connection = psycopg2.connect(host=self.server.host, port=self.server.port, user="postgres",
                                      dbname="postgres", **options)
        self.addCleanup(connection.close)
        return connection

    def value(self, sql, parameters=None):
        self.cursor.execute(sql, parameters)
        (row,) = self.cursor.fetchall()
        return row[0]

    def test_version(self):
        self.assertEqual(self.connection.server_version // 10000, 15)
        self.assertTrue(self.value("SELECT version()").startswith("PostgreSQL 15."))

    def test_values_come_back_as_they_went(self):
        values = {
            "int2": -32768, "int4": 2147483647, "int8": -9223372036854775808, "float4": 0.5, "float8": 1e-300,
            "numeric": decimal.Decimal("12345678901234567890.123456789"), "bool": True, "text": "naïve ☃ '\\ \n",
            "date": datetime.date(2024, 2, 29),
            "timestamp": datetime.datetime(2024, 2, 29, 12, 34, 56, 789012),
            "timestamptz": datetime.datetime(2024, 2, 29, 12, 34, 56, tzinfo=UTC),
            "interval": datetime.timedelta(days=-3, seconds=4, microseconds=5),
            "int4[]": [1, None, 3], "text[]": ["a", 'b "c"', None, "", "{,}"], "int8[]": [[1, 2], [3, 4]],
        }
        for name, value in values.items():
            with self.subTest(name):
                self.assertEqual(self.value(f"SELECT (%s)::{name}", (value,)), value)
                self.assertIsNone(self.value(f"SELECT (%s)::{name}", (None,)))

    def test_bytea(self):
        value = bytes(range(256))
        self.assertEqual(bytes(self.value("SELECT %s::bytea", (psycopg2.Binary(value),))), value)

    def test_uuid(self):
        psycopg2.extras.register_uuid(conn_or_curs=self.connection)
        value = uuid.UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
        self.assertEqual(self.value("SELECT %s::uuid", (value,)), value)

    def test_description(self):
        self.cursor.execute("SELECT 1 AS a, 'x'::text AS b, 1.5 AS c")
        self.assertEqual([(column.name, column.type_code) for column in self.cursor.description],
                         [("a", 23), ("b", 25), ("c", 1700)])
        self.assertEqual((self.cursor.rowcount, self.cursor.statusmessage), (1, "SELECT 1"))

    def test_errors_have_classes(self):
        for sql, error in (("SELECT 1/0", psycopg2.errors.DivisionByZero),
                           ("SELEC", psycopg2.errors.SyntaxError),
                           ("SELECT no_such", psycopg2.errors.UndefinedColumn),
                           ("SELECT 'x'::int4", psycopg2.errors.InvalidTextRepresentation)):
            with self.subTest(sql):
                with self.assertRaises(error) as raised:
                    self.cursor.execute(sql)
                self.assertEqual(raised.exception.diag.severity, "ERROR")
                self.connection.rollback()

    def test_transaction_states(self):
        states = psycopg2.extensions
        self.assertEqual(self.connection.get_transaction_status(), states.TRANSACTION_STATUS_IDLE)
        self.cursor.execute("SELECT 1")
        self.assertEqual(self.connection.get_transaction_status(), states.TRANSACTION_STATUS_INTRANS)
        with self.assertRaises(psycopg2.Error):
            self.cursor.execute("SELECT 1/0")
        self.assertEqual(self.connection.get_transaction_status(), states.TRANSACTION_STATUS_INERROR)
        with self.assertRaises(psycopg2.errors.InFailedSqlTransaction):
            self.cursor.execute("SELECT 1")
        self.connection.rollback()
        self.assertEqual(self.connection.get_transaction_status(), states.TRANSACTION_STATUS_IDLE)

    def test_session_options(self):
        self.connection.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
        self.assertEqual(self.value("SHOW transaction_isolation"), "serializable")
        self.assertEqual(self.value("SHOW transaction_read_only"), "on")
        self.connection.rollback()
        self.connection.set_session(autocommit=True)
        self.value("SELECT 1")
        self.assertEqual(self.connection.get_transaction_status(), psycopg2.extensions.TRANSACTION_STATUS_IDLE)

    def test_client_encoding(self):
        self.connection.set_client_encoding("UTF8")
        self.assertEqual(self.connection.encoding, "UTF8")

    def test_notices(self):
        self.connection.autocommit = True
        self.cursor.execute("BEGIN")
        self.cursor.execute("BEGIN")
        self.assertEqual(self.connection.notices[-1], "WARNING:  there is already a transaction in progress\n")

    def test_named_cursor(self):
        with self.connection.cursor("rows") as rows:
            rows.itersize = 100
            rows.execute("SELECT i FROM generate_series(1, 1050) AS g(i)")
            self.assertEqual([i for (i,) in rows], list(range(1, 1051)))

    def test_copy_out(self):
        out = io.StringIO()
        self.cursor.copy_expert("COPY (SELECT i, 'x' FROM generate_series(1, 1000) AS g(i)) TO STDOUT", out)
        self.assertEqual(out.getvalue(), "".join(f"{i}\tx\n" for i in range(1, 1001)))

    def test_cancel(self):
        self.cursor.execute("SET application_name = 'sleeper'")
        self.connection.commit()
        other = self.connect()
        other.autocommit = True

        def cancel_when_active():
            looking = other.cursor()
            seen = "SELECT state FROM pg_stat_activity WHERE application_name = 'sleeper'"
            self.wait_for(lambda: (looking.execute(seen), looking.fetchone() == ("active",))[1], "it sleeps")
            self.connection.cancel()

        canceler = threading.Thread(target=cancel_when_active)
        canceler.start()
        with self.assertRaises(psycopg2.errors.QueryCanceled):
            self.cursor.execute("SELECT pg_sleep(60)")
        canceler.join()
        self.connection.rollback()
        self.assertEqual(self.value("SELECT 7"), 7)

    def test_statement_timeout(self):
        connection = self.connect(options="-c statement_timeout=20")
        with self.assertRaises(psycopg2.errors.QueryCanceled):
            connection.cursor().execute("SELECT pg_sleep(60)")

    def test_termination(self):
        other = self.connect()
        self.value("SELECT 1")
        other.cursor().execute("SELECT pg_terminate_backend(%s)", (self.connection.get_backend_pid(),))
        with self.assertRaises((psycopg2.errors.AdminShutdown, psycopg2.OperationalError)):
            self.cursor.execute("SELECT 1")
        self.assertNotEqual(self.connection.closed, 0)

    def test_refused_connection(self):
        with self.assertRaisesRegex(psycopg2.OperationalError, 'database "nothing" does not exist'):
            psycopg2.connect(host=self.server.host, port=self.server.port, user="postgres", dbname="nothing")


if __name__ == "__main__":
    main()
