"""The autovacuum worker from outside: what it does, how it is seen, and that it keeps nobody waiting."""
import time

from wire_test_case import WireTestCase, main, protocol
from server_under_test import Choice, IsoldeServer

SLOW = "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1"
WORKER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"


class AutovacuumTest(WireTestCase):
    settings = {"autovacuum_naptime": "1s", "log_min_messages": "log", "log_autovacuum_min_duration": "0"}

    def setUp(self):
        if Choice.isolde is None:
            self.skipTest("reads Isolde's log")
        self.session = self.connect()

    def run_sql(self, sql):
        answers = self.session.ask(protocol.query(sql))
        self.assertFalse([line for line in answers if line.startswith("E")], sql)

    def at_work(self):
        return self.session.value(f"SELECT count(*) FROM ({WORKER}) w") != "0"

    def counts(self, table):
        return self.session.value(f"SELECT autovacuum_count || ' ' || autoanalyze_count FROM pg_stat_user_tables "
                                  f"WHERE relname = '{table}'")

    def rows(self, table):
        return self.session.value(f"SELECT reltuples FROM pg_class WHERE relname = '{table}'")

    def make_slow_table(self, name):
        """One that a worker needs a minute for."""
        self.run_sql(f"CREATE TABLE {name} (a int, filler text) WITH (autovacuum_enabled = off, {SLOW})")
        self.run_sql(f"INSERT INTO {name} SELECT i, repeat('x', 1000) FROM generate_series(1, 5000) i")
        self.run_sql(f"DELETE FROM {name} WHERE a % 2 = 0")
        self.run_sql(f"ALTER TABLE {name} SET (autovacuum_enabled = on)")
        self.wait_for(self.at_work, "the worker is at work")

    def test_comes_by_itself(self):
        self.run_sql("CREATE TABLE t (a int PRIMARY KEY)")
        self.run_sql("INSERT INTO t SELECT generate_series(1, 500)")
        self.wait_for(lambda: self.rows("t") == "500", "autoanalyze")
        self.assertEqual(self.counts("t"), "0 1")
        self.assertEqual(self.session.value("SELECT count(*) FROM pg_stats WHERE tablename = 't'"), "1")
        self.run_sql("DELETE FROM t WHERE a > 100")
        self.wait_for(lambda: self.rows("t") == "100", "autovacuum and autoanalyze")
        self.assertEqual(self.counts("t"), "1 2")
        self.assertEqual(self.session.value("SELECT n_live_tup || ' ' || n_dead_tup FROM pg_stat_user_tables "
                                            "WHERE relname = 't'"), "100 0")
        self.assertIn('automatic vacuum of table "postgres.public.t": index scans: 1', self.server.log())
        self.assertIn('automatic analyze of table "postgres.public.t"', self.server.log())

    def test_leaves_alone_what_says_so(self):
        self.run_sql("CREATE TABLE off (a int) WITH (autovacuum_enabled = off)")
        self.run_sql("CREATE TABLE \"On\" (a int)")
        for table in ("off", "\"On\""):
            self.run_sql(f"INSERT INTO {table} SELECT generate_series(1, 500)")
        self.wait_for(lambda: self.counts("On") == "0 1", "the other")
        self.assertEqual(self.counts("off"), "0 0")

    def test_gives_way(self):
        self.make_slow_table("contested")
        query = self.session.value("SELECT query FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")
        self.assertRegex(query, "^autovacuum: VACUUM (ANALYZE )?public.contested$")
        self.run_sql("INSERT INTO contested VALUES (0)")
        began = time.monotonic()
        self.run_sql("ALTER TABLE contested SET (autovacuum_enabled = off)")
        self.run_sql("DROP TABLE contested")
        self.assertLess(time.monotonic() - began, 5 if Choice.sanitized else 1)
        self.assertRegex(self.server.log(), "canceling autovacuum task\nCONTEXT:  automatic vacuum of table "
                                            "\"postgres.public.contested\"")

    def test_can_be_cancelled(self):
        self.make_slow_table("slow")
        self.assertEqual(self.session.value(f"SELECT pg_cancel_backend(({WORKER}))"), "t")
        self.wait_for(lambda: "canceling statement due to user request" in self.server.log(), "the cancel")
        self.run_sql("ALTER TABLE slow SET (autovacuum_enabled = off)")

    def test_leaves_a_database_that_is_dropped(self):
        self.run_sql("CREATE DATABASE other")
        first, self.session = self.session, self.connect(database="other")
        self.make_slow_table("slow")
        self.session.close()
        self.session = first
        began = time.monotonic()
        self.run_sql("DROP DATABASE other")
        self.assertLess(time.monotonic() - began, 10 if Choice.sanitized else 2)

    def test_stops_with_the_server(self):
        server = IsoldeServer(self.settings)
        server.start()
        first, self.session = self.session, self.connect(server)
        try:
            self.make_slow_table("slow")
            began = time.monotonic()
            server.stop()
            self.assertLess(time.monotonic() - began, 20 if Choice.sanitized else 5)
        finally:
            self.session = first


if __name__ == "__main__":
    main()
