"""Two-phase commit: a prepared transaction belongs to nobody and outlives sessions and crashes."""
from wire_test_case import WireTestCase, main
from protocol import query
from server_under_test import start_server

DATABASES = ["postgres", "locking", "nextkey", "optimistic", "serial"]


class TwoPhaseTest(WireTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = None

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        self.server = start_server({"max_prepared_transactions": "5", "log_min_messages": "log"})
        self.addCleanup(self.server.stop)
        self.one = self.connect()
        self.run_all(self.one, "CREATE TABLE t (id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 10), (2, 20)")

    def restart(self, crash):
        if crash:
            self.server.process.kill()
        else:
            self.server.signal_stop()
        self.server.wait()
        self.server.process.stdout.close()
        self.server.start()
        self.one = self.connect()

    def run_all(self, connection, *statements):
        for sql in statements:
            answers = connection.ask(query(sql))
            self.assertFalse([a for a in answers if a.startswith("E")], (sql, answers))

    def rows(self, connection, sql):
        return [a[2:] for a in connection.ask(query(sql)) if a.startswith("D")]

    def error(self, connection, sql):
        return next(a for a in connection.ask(query(sql)) if a.startswith("E"))

    def test_commit_by_another_session(self):
        self.run_all(self.one, "BEGIN", "UPDATE t SET v = 11 WHERE id = 1", "SAVEPOINT s",
                     "INSERT INTO t VALUES (3, 30)", "SAVEPOINT x", "INSERT INTO t VALUES (4, 40)",
                     "ROLLBACK TO x", "PREPARE TRANSACTION 'a'")
        self.assertEqual(self.rows(self.one, "SELECT gid, owner, database FROM pg_prepared_xacts"),
                         ["a|postgres|postgres"])
        other = self.connect()
        self.assertEqual(self.rows(other, "SELECT * FROM t ORDER BY id"), ["1|10", "2|20"])
        self.assertIn("55P03", self.error(other, "SELECT * FROM t WHERE id = 1 FOR UPDATE NOWAIT"))
        self.run_all(other, "BEGIN")
        self.assertIn("55P03", self.error(other, "LOCK TABLE t IN SHARE MODE NOWAIT"))
        self.run_all(other, "ROLLBACK")
        self.assertEqual(self.rows(other, "SELECT DISTINCT pid IS NULL, virtualtransaction LIKE '-1/%' FROM pg_locks "
                                          "WHERE relation = 't'::regclass"), ["t|t"])
        self.one.close()
        self.run_all(other, "COMMIT PREPARED 'a'")
        self.assertEqual(self.rows(other, "SELECT * FROM t ORDER BY id"), ["1|11", "2|20", "3|30"])
        self.assertEqual(self.rows(other, "SELECT * FROM pg_prepared_xacts"), [])
        self.run_all(other, "BEGIN", "LOCK TABLE t NOWAIT", "COMMIT")

    def test_roll_back(self):
        self.run_all(self.one, "BEGIN", "DELETE FROM t", "CREATE TABLE u (a int)", "PREPARE TRANSACTION 'a'",
                     "ROLLBACK PREPARED 'a'")
        self.assertEqual(self.rows(self.one, "SELECT count(*), to_regclass('u') FROM t"), ["2|NULL"])
        self.run_all(self.one, "CREATE TABLE u (a int)")

    def test_a_waiter_waits_for_the_second_phase(self):
        self.run_all(self.one, "BEGIN", "UPDATE t SET v = v + 1 WHERE id = 1")
        waiter = self.connect()
        waiter.send(query("UPDATE t SET v = v * 2 WHERE id = 1"))
        blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        other = self.connect()
        while self.rows(other, blocked) != ["1"]:
            pass
        self.run_all(self.one, "PREPARE TRANSACTION 'a'")
        self.assertEqual(self.rows(other, blocked), ["1"])
        self.run_all(other, "COMMIT PREPARED 'a'")
        waiter.answers()
        self.assertEqual(self.rows(other, "SELECT v FROM t WHERE id = 1"), ["22"])

    def test_outlives_restarts_under_every_engine(self):
        for name in DATABASES:
            with self.subTest(name):
                there = self.connect(database=name)
                self.run_all(there, "CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, v int)",
                             "INSERT INTO t VALUES (1, 10), (2, 20) ON CONFLICT DO NOTHING",
                             "CREATE TABLE gone (a int)", "BEGIN",
                             "UPDATE t SET v = 11 WHERE id = 1", "SAVEPOINT s", "INSERT INTO t VALUES (3, 30)",
                             "CREATE TABLE made (a serial PRIMARY KEY)", "INSERT INTO made DEFAULT VALUES",
                             "DROP TABLE gone", "PREPARE TRANSACTION 'a'")
                for crash in (True, False):
                    self.restart(crash)
                    there = self.connect(database=name)
                    self.assertEqual(self.rows(there, "SELECT gid, database FROM pg_prepared_xacts"), [f"a|{name}"])
                    self.assertEqual(self.rows(there, "SELECT to_regclass('made')"), ["NULL"])
                    self.run_all(there, "SET lock_timeout = '20ms'")
                    blocked = there.ask(query("UPDATE t SET v = 12 WHERE id = 1"))[0]
                    self.assertRegex(blocked, "55P03|40001")
                self.run_all(there, "RESET lock_timeout", "COMMIT PREPARED 'a'")
                for crash in (False, True):
                    self.assertEqual(self.rows(there, "SELECT * FROM t ORDER BY id"), ["1|11", "2|20", "3|30"])
                    self.assertEqual(self.rows(there, "SELECT a, to_regclass('gone') FROM made"), ["1|NULL"])
                    self.run_all(there, "UPDATE t SET v = v WHERE id = 1")
                    if not crash:
                        self.run_all(there, "INSERT INTO made DEFAULT VALUES", "DELETE FROM made WHERE a > 1")
                    self.restart(crash=True)
                    there = self.connect(database=name)

    def test_roll_back_after_a_crash(self):
        self.run_all(self.one, "BEGIN", "DELETE FROM t WHERE id = 1", "CREATE TABLE u (a int)",
                     "PREPARE TRANSACTION 'a'")
        self.restart(crash=True)
        self.run_all(self.one, "ROLLBACK PREPARED 'a'", "CREATE TABLE u (a int)", "UPDATE t SET v = 0 WHERE id = 1")
        self.restart(crash=True)
        self.assertEqual(self.rows(self.one, "SELECT * FROM t ORDER BY id"), ["1|0", "2|20"])

    def write_skew(self, crash):
        self.run_all(self.one, "BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT sum(v) FROM t",
                     "UPDATE t SET v = 0 WHERE id = 1", "PREPARE TRANSACTION 'a'")
        if crash:
            self.restart(crash=True)
        other = self.connect()
        other.ask(query("BEGIN ISOLATION LEVEL SERIALIZABLE"))
        answers = other.ask(query("SELECT sum(v) FROM t")) + other.ask(query("UPDATE t SET v = 0 WHERE id = 2"))
        answers += other.ask(query("COMMIT"))
        self.assertEqual(len([a for a in answers if a.startswith("E") and "40001" in a]), 1, answers)
        self.run_all(self.one, "COMMIT PREPARED 'a'")
        self.assertEqual(self.rows(self.one, "SELECT * FROM t ORDER BY id"), ["1|0", "2|20"])

    def test_serializable(self):
        self.write_skew(crash=False)

    def test_serializable_after_a_crash(self):
        self.write_skew(crash=True)

    def test_names(self):
        self.run_all(self.one, "BEGIN", "PREPARE TRANSACTION 'a'")
        self.run_all(self.one, "BEGIN")
        self.assertEqual(self.error(self.one, "PREPARE TRANSACTION 'a'"),
                         'E 42710 transaction identifier "a" is already in use')
        self.run_all(self.one, "BEGIN")
        self.assertIn("is too long", self.error(self.one, f"PREPARE TRANSACTION '{'x' * 200}'"))
        for name in "bcde":
            self.run_all(self.one, "BEGIN", f"PREPARE TRANSACTION '{name}'")
        self.run_all(self.one, "BEGIN")
        self.assertIn("maximum number of prepared transactions reached",
                      self.error(self.one, "PREPARE TRANSACTION 'f'"))
        self.assertIn("42704", self.error(self.one, "ROLLBACK PREPARED 'f'"))
        self.run_all(self.one, "BEGIN")
        self.assertIn("25001", self.error(self.one, "COMMIT PREPARED 'a'"))
        self.run_all(self.one, "ROLLBACK")
        self.assertIn("belongs to another database",
                      self.error(self.connect(database="locking"), "COMMIT PREPARED 'a'"))
        self.run_all(self.one, "CREATE ROLE somebody LOGIN")
        self.assertIn("permission denied to finish prepared transaction",
                      self.error(self.connect(user="somebody", database="postgres"), "COMMIT PREPARED 'a'"))

    def test_what_cannot_be_prepared(self):
        for sql, complaint in [("CREATE TEMP TABLE x (a int)", "temporary objects"),
                               ("LISTEN c", "LISTEN"), ("NOTIFY c", "NOTIFY"),
                               ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "WITH HOLD"),
                               ("SELECT pg_advisory_lock(1), pg_advisory_xact_lock(1)", "on the same object")]:
            with self.subTest(sql):
                self.run_all(self.one, "BEGIN", sql)
                error = self.error(self.one, "PREPARE TRANSACTION 'a'")
                self.assertIn("0A000", error)
                self.assertIn(complaint, error)
                self.run_all(self.one, "SELECT 1")
        self.assertEqual(self.rows(self.one, "SELECT * FROM pg_prepared_xacts"), [])

    def test_deferred_constraints_are_checked_first(self):
        self.run_all(self.one, "CREATE TABLE c (id int REFERENCES t DEFERRABLE INITIALLY DEFERRED)", "BEGIN",
                     "INSERT INTO c VALUES (99)")
        self.assertIn("23503", self.error(self.one, "PREPARE TRANSACTION 'a'"))
        self.assertEqual(self.rows(self.one, "SELECT * FROM pg_prepared_xacts"), [])


if __name__ == "__main__":
    main()
