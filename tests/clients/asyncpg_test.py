"""asyncpg: the extended protocol with named statements and binary values throughout."""
import asyncio
import datetime
import decimal
import io
import uuid

import asyncpg

from server_under_test import ServerTestCase, main

UTC = datetime.timezone.utc


class AsyncpgTest(ServerTestCase):
    """Each test is a coroutine with a connection of its own."""

    def connect(self, **options):
        return asyncpg.connect(host=self.server.host, port=self.server.port, user="postgres", database="postgres",
                               **options)

    def run_with_connection(self, test):
        async def body():
            connection = await self.connect()
            try:
                await test(connection)
            finally:
                await connection.close(timeout=10)

        asyncio.run(body())

    def test_values_come_back_as_they_went(self):
        values = {
            "int2": -32768, "int4": 2147483647, "int8": -9223372036854775808, "float4": 0.5, "float8": 1e-300,
            "numeric": decimal.Decimal("-12345678901234567890.0123456789"), "bool": True, "text": "naïve ☃ '\\ \n",
            "varchar": "x" * 10_000, "bytea": bytes(range(256)),
            "uuid": uuid.UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "date": datetime.date(2024, 2, 29),
            "timestamp": datetime.datetime(1999, 12, 31, 23, 59, 59, 999999),
            "timestamptz": datetime.datetime(2024, 2, 29, 12, 34, 56, tzinfo=UTC),
            "interval": datetime.timedelta(days=3, seconds=4, microseconds=5),
            "text[]": ["a", 'b "c"', None, ""],
        }

        async def test(connection):
            for name, value in values.items():
                with self.subTest(name):
                    self.assertEqual(await connection.fetchval(f"SELECT $1::{name}", value), value)
                    self.assertIsNone(await connection.fetchval(f"SELECT $1::{name}", None))

        self.run_with_connection(test)

    def test_numerics(self):
        async def test(connection):
            for text in ("0", "0.00", "1", "-1", "10000", "0.0001", "123456789.987654321", "1E+50", "1E-50", "NaN"):
                value = decimal.Decimal(text)
                found = await connection.fetchval("SELECT $1::numeric", value)
                self.assertTrue(found.is_nan() if value.is_nan() else found == value, (text, found))

        self.run_with_connection(test)

    def test_prepared_statement(self):
        async def test(connection):
            statement = await connection.prepare("SELECT $1::int4 + $2 AS sum, $3::text AS t")
            self.assertEqual([kind.name for kind in statement.get_parameters()], ["int4", "int4", "text"])
            self.assertEqual([(a.name, a.type.name) for a in statement.get_attributes()],
                             [("sum", "int4"), ("t", "text")])
            for i in range(100):
                self.assertEqual(tuple(await statement.fetchrow(i, 1, "x")), (i + 1, "x"))

        self.run_with_connection(test)

    def test_many_rows_in_parts(self):
        async def test(connection):
            async with connection.transaction():
                cursor = await connection.cursor("SELECT i FROM generate_series(1, $1::int4) AS g(i)", 1050)
                seen = []
                while rows := await cursor.fetch(100):
                    seen += [row["i"] for row in rows]
                self.assertEqual(seen, list(range(1, 1051)))

        self.run_with_connection(test)

    def test_executemany(self):
        async def test(connection):
            await connection.executemany("SELECT $1::int4", [(i,) for i in range(2_000)])
            with self.assertRaises(asyncpg.DivisionByZeroError):
                await connection.executemany("SELECT 1 / $1::int4", [(1,), (0,), (1,)])
            self.assertEqual(await connection.fetchval("SELECT 7"), 7)

        self.run_with_connection(test)

    def test_transactions(self):
        async def test(connection):
            async with connection.transaction(isolation="serializable", readonly=True):
                self.assertEqual(await connection.fetchval("SHOW transaction_isolation"), "serializable")
                with self.assertRaises(asyncpg.DivisionByZeroError):
                    async with connection.transaction():
                        await connection.fetchval("SELECT 1/0")
                self.assertEqual(await connection.fetchval("SELECT 7"), 7)

        self.run_with_connection(test)

    def test_errors(self):
        async def test(connection):
            for sql, error in (("SELEC", asyncpg.PostgresSyntaxError), ("SELECT 1/0", asyncpg.DivisionByZeroError),
                               ("SELECT no_such", asyncpg.UndefinedColumnError)):
                with self.assertRaises(error) as raised:
                    await connection.fetch(sql)
                self.assertEqual(raised.exception.as_dict()["severity"], "ERROR")

        self.run_with_connection(test)

    def test_settings_and_notices(self):
        async def test(connection):
            heard = []
            connection.add_log_listener(lambda _, message: heard.append(message.message))
            await connection.execute("BEGIN; BEGIN; ROLLBACK")
            await connection.execute("SET application_name = 'changed'")
            self.assertEqual(connection.get_settings().application_name, "changed")
            self.assertEqual(heard, ["there is already a transaction in progress"])
            self.assertEqual(connection.get_server_version().major, 15)

        self.run_with_connection(test)

    def test_copy_out(self):
        async def test(connection):
            out = io.BytesIO()
            await connection.copy_from_query("SELECT i FROM generate_series(1, $1) AS g(i)", 1000, output=out)
            self.assertEqual(out.getvalue(), b"".join(b"%d\n" % i for i in range(1, 1001)))

        self.run_with_connection(test)

    def test_time_out_cancels(self):
        async def test(connection):
            with self.assertRaises(asyncio.TimeoutError):
                await connection.fetch("SELECT pg_sleep(60)", timeout=0.1)
            self.assertEqual(await connection.fetchval("SELECT 7"), 7)

        self.run_with_connection(test)

    def test_cancelled_task_cancels(self):
        async def test(connection):
            task = asyncio.ensure_future(connection.fetch("SELECT pg_sleep(60)"))
            other = await self.connect()
            seen = "SELECT state FROM pg_stat_activity WHERE pid = $1"
            while await other.fetchval(seen, connection.get_server_pid()) != "active":
                await asyncio.sleep(0.01)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertEqual(await connection.fetchval("SELECT 7"), 7)
            await other.close()

        self.run_with_connection(test)

    def test_statement_timeout(self):
        async def test(_):
            connection = await self.connect(server_settings={"statement_timeout": "20"})
            with self.assertRaises(asyncpg.QueryCanceledError):
                await connection.fetch("SELECT pg_sleep(60)")
            await connection.close()

        self.run_with_connection(test)

    def test_termination(self):
        async def test(connection):
            victim = await self.connect()
            await connection.execute(f"SELECT pg_terminate_backend({victim.get_server_pid()})")
            while not victim.is_closed():
                await asyncio.sleep(0.01)

        self.run_with_connection(test)

    def test_many_connections_at_once(self):
        async def one(i):
            connection = await self.connect()
            found = [await connection.fetchval("SELECT $1::int4", i) for _ in range(20)]
            await connection.close()
            return found

        async def all_of_them():
            return await asyncio.gather(*[one(i) for i in range(50)])

        self.assertEqual(asyncio.run(all_of_them()), [[i] * 20 for i in range(50)])


if __name__ == "__main__":
    main()
