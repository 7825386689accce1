"""The server as a whole: how many may come, where it listens, how it reloads and how it stops."""
import os
import pathlib
import signal
import socket
import stat
import subprocess
import tempfile

from wire_test_case import WireTestCase, main
from server_under_test import Choice, free_port
from protocol import Closed, cancel, error_fields, query, startup

TERMINATED = "E 57P01 terminating connection due to administrator command"
TRUST = "host all all 127.0.0.1/32 trust"


class LifecycleTestCase(WireTestCase):
    """Every test starts the servers it needs."""

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def refusal(self, server, **parameters):
        """The last words to a client that is not let in, or "welcome"."""
        connection = self.connect(server, greet=False)
        connection.send(startup({"user": "postgres", "database": "postgres", **parameters}))
        answers = connection.answers()
        connection.close()
        return "welcome" if answers[-1] == "Z I" else answers[-2]


class MaxConnectionsTest(LifecycleTestCase):
    FULL = "E 53300 sorry, too many clients already"

    def setUp(self):
        self.server = self.own_server({"max_connections": 5, "superuser_reserved_connections": 0})
        self.sessions = [self.connect(self.server) for _ in range(5)]

    def test_one_more_is_refused(self):
        self.assertEqual(self.refusal(self.server), self.FULL)
        for session in self.sessions:
            self.assert_alive(session)

    def test_place_is_free_again(self):
        self.sessions[0].close()
        self.wait_for(lambda: self.refusal(self.server) == "welcome", "a place is free")

    def test_refused_clients_leave_nothing_behind(self):
        for _ in range(50):
            self.assertEqual(self.refusal(self.server), self.FULL)
        self.sessions[0].close()
        self.wait_for(lambda: self.refusal(self.server) == "welcome", "a place is free")

    def test_cancel_request_needs_no_place(self):
        self.sessions[0].send(query("SELECT pg_sleep(60)"))
        active = f"SELECT state FROM pg_stat_activity WHERE pid = {self.sessions[0].process}"
        self.wait_for(lambda: self.sessions[1].value(active) == "active", "the statement runs")
        cancel(self.server, self.sessions[0].process, self.sessions[0].secret)
        self.assertEqual(self.sessions[0].answers()[-2:], ["E 57014 canceling statement due to user request", "Z I"])


class ShutdownTest(LifecycleTestCase):
    def setUp(self):
        self.server = self.own_server()

    def test_idle_sessions_are_told(self):
        sessions = [self.connect() for _ in range(5)]
        self.server.signal_stop()
        for session in sessions:
            self.assertEqual(session.answers(), [TERMINATED, "end"])
        self.assertEqual(self.server.wait(), 0)

    def test_busy_sessions_are_told(self):
        watcher = self.connect()
        busy = {name: self.connect() for name in ("sleeping", "computing", "in a block")}
        busy["sleeping"].send(query("SELECT pg_sleep(60)"))
        busy["computing"].send(query("SELECT count(*) FROM generate_series(1, 1000000000000)"))
        busy["in a block"].send(query("BEGIN; SELECT pg_sleep(60)"))
        for session in busy.values():
            active = f"SELECT state FROM pg_stat_activity WHERE pid = {session.process}"
            self.wait_for(lambda: watcher.value(active) == "active", "the statement runs")
        self.server.signal_stop()
        for name, session in busy.items():
            with self.subTest(name):
                self.assertEqual(session.answers()[-2:], [TERMINATED, "end"])
        self.assertEqual(self.server.wait(), 0)

    def test_nothing_is_half_sent(self):
        session = self.connect()
        session.send(query("SELECT i, repeat('x', 100) FROM generate_series(1, 5000000) AS g(i)"))
        for _ in range(1000):
            session.receive()
        self.server.signal_stop()
        received = session.messages(last="Z")
        self.assertEqual(received[-1][0], "end")
        self.assertEqual(received[-2][0], "E")
        self.assertEqual(error_fields(received[-2][1])["C"], "57P01")
        self.assertEqual(len(session.unread), 0, "bytes of a message that was not finished")
        self.assertEqual(self.server.wait(), 0)

    def test_client_that_does_not_read_delays_nothing(self):
        session = self.connect(receive_buffer=4096)
        session.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"))
        watcher = self.connect()
        waits = f"SELECT wait_event FROM pg_stat_activity WHERE pid = {session.process}"
        self.wait_for(lambda: watcher.value(waits) == "ClientWrite", "the server waits for its client")
        self.server.signal_stop()
        self.assertEqual(self.server.wait(), 0)

    def test_half_started_session_delays_nothing(self):
        self.needs_isolde()
        for sent in (b"", startup({"user": "postgres"})[:-1]):
            self.connect(greet=False).send(sent)
        self.server.signal_stop()
        self.assertEqual(self.server.wait(), 0)

    def test_second_signal_changes_nothing(self):
        sessions = [self.connect() for _ in range(20)]
        self.server.signal_stop()
        self.server.signal_stop()
        for session in sessions:
            self.assertEqual(session.answers()[-1], "end")
        self.assertEqual(self.server.wait(), 0)

    def test_interrupt_from_the_keyboard(self):
        session = self.connect()
        self.server.process.send_signal(signal.SIGINT)
        self.assertEqual(session.answers(), [TERMINATED, "end"])
        self.assertEqual(self.server.wait(), 0)

    def test_port_is_closed(self):
        self.server.signal_stop()
        self.server.wait()
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection((self.server.host, self.server.port))


class ReloadTest(LifecycleTestCase):
    def test_changed_setting_reaches_running_sessions(self):
        server = self.own_server()
        session = self.connect(server)
        self.assertEqual(session.value("SHOW idle_session_timeout"), "0")
        server.append_to_config("\nidle_session_timeout = 1h\n")
        server.reload()
        self.wait_for(lambda: session.value("SHOW idle_session_timeout") == "1h", "the new value is seen")
        self.assertEqual(self.connect(server).value("SHOW idle_session_timeout"), "1h")

    def test_pg_reload_conf(self):
        server = self.own_server()
        session = self.connect(server)
        server.append_to_config("\nidle_session_timeout = 2h\n")
        self.assertEqual(session.value("SELECT pg_reload_conf()"), "t")
        self.wait_for(lambda: session.value("SHOW idle_session_timeout") == "2h", "the new value is seen")

    def test_value_of_the_session_stays(self):
        server = self.own_server()
        session, other = self.connect(server), self.connect(server)
        session.ask(query("SET idle_session_timeout = '3h'"))
        server.append_to_config("\nidle_session_timeout = 1h\n")
        server.reload()
        self.wait_for(lambda: other.value("SHOW idle_session_timeout") == "1h", "the new value is seen")
        self.assertEqual(session.value("SHOW idle_session_timeout"), "3h")

    def test_broken_file_changes_nothing(self):
        server = self.own_server()
        session = self.connect(server)
        server.append_to_config("\nidle_session_timeout = 1h\nthis is no setting\n")
        server.reload()
        self.wait_for(lambda: "this is no setting" in server.log() or "syntax error" in server.log(), "it is logged")
        self.assertEqual(session.value("SHOW idle_session_timeout"), "0")
        self.assert_alive(self.connect(server))

    def test_changed_access_rules(self):
        server = self.own_server(hba=[TRUST])
        session = self.connect(server)
        server.set_hba(["host all all 127.0.0.1/32 reject"])
        server.reload()
        self.wait_for(lambda: self.refusal(server).startswith("E 28000"), "the new rule holds")
        self.assert_alive(session)

    def test_broken_access_rules_change_nothing(self):
        server = self.own_server(hba=[TRUST])
        server.set_hba(["host all all 127.0.0.1/32 nonsense"])
        server.reload()
        self.wait_for(lambda: "nonsense" in server.log(), "it is logged")
        self.assertEqual(self.refusal(server), "welcome")


class AccessRulesTest(LifecycleTestCase):
    def test_reject(self):
        server = self.own_server(hba=["host all all 127.0.0.1/32 reject"])
        self.assertEqual(self.refusal(server), 'E 28000 pg_hba.conf rejects connection for host "127.0.0.1", user '
                                               '"postgres", database "postgres", no encryption')

    def test_no_rule(self):
        server = self.own_server(hba=["host other all 127.0.0.1/32 trust"])
        self.assertEqual(self.refusal(server), 'E 28000 no pg_hba.conf entry for host "127.0.0.1", user "postgres", '
                                               'database "postgres", no encryption')

    def test_first_rule_decides(self):
        server = self.own_server(hba=["host postgres other 127.0.0.1/32 reject", TRUST,
                                      "host all all 127.0.0.1/32 reject"])
        self.assertEqual(self.refusal(server), "welcome")

    def test_rule_for_tls_only(self):
        server = self.own_server(hba=["hostnossl all all 127.0.0.1/32 reject", TRUST])
        self.assertTrue(self.refusal(server).startswith("E 28000"))


class UnixSocketTest(LifecycleTestCase):
    def socket_path(self, server):
        return pathlib.Path(server.home) / f".s.PGSQL.{server.port}"

    def test_session(self):
        server = self.own_server()
        connection = self.connect(server, unix=str(self.socket_path(server)))
        self.assert_alive(connection)
        self.assertEqual(connection.value("SELECT inet_client_addr() IS NULL"), "t")

    def test_permissions(self):
        server = self.own_server({"unix_socket_permissions": "0700"})
        mode = os.stat(self.socket_path(server)).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o700)

    def test_socket_goes_with_the_server(self):
        server = self.own_server()
        path = self.socket_path(server)
        self.assertTrue(path.exists())
        server.signal_stop()
        server.wait()
        self.assertFalse(path.exists())

    def test_rules_of_their_own(self):
        server = self.own_server(hba=["local all all reject", TRUST])
        connection = self.connect(server, unix=str(self.socket_path(server)), greet=False)
        connection.send(startup({"user": "postgres", "database": "postgres"}))
        self.assertEqual(connection.answers()[0], 'E 28000 pg_hba.conf rejects connection for host "[local]", user '
                                                  '"postgres", database "postgres", no encryption')

    def test_cancel_over_tcp_of_a_session_on_the_socket(self):
        server = self.own_server()
        connection = self.connect(server, unix=str(self.socket_path(server)))
        connection.send(query("SELECT pg_sleep(60)"))
        watcher = self.connect(server)
        active = f"SELECT state FROM pg_stat_activity WHERE pid = {connection.process}"
        self.wait_for(lambda: watcher.value(active) == "active", "the statement runs")
        cancel(server, connection.process, connection.secret)
        self.assertEqual(connection.answers()[-2:], ["E 57014 canceling statement due to user request", "Z I"])


class CannotStartTest(LifecycleTestCase):
    """One clear line, and a status that is not zero. About Isolde only."""

    def setUp(self):
        if Choice.isolde is None:
            self.skipTest("is about Isolde only")
        self.home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="isolde-test-")))

    def refuse(self, *options, data="data"):
        """What a server with these options says before it gives up."""
        done = subprocess.run([Choice.isolde, "-D", self.home / data, "-c", f"unix_socket_directories={self.home}",
                               *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertNotIn("ready on", done.stdout)
        first = done.stderr.splitlines()[0]
        self.assertRegex(first, "^isolde: ")
        return done.stderr

    def test_port_in_use(self):
        server = self.own_server()
        self.assertRegex(self.refuse("-p", str(server.port)), f"{server.port}.*in use")

    def test_data_directory_in_use(self):
        server = self.own_server()
        said = self.refuse("-p", "1", data=server.data_directory)
        self.assertIn(str(server.data_directory), said)
        self.assertIn(str(server.pid), said, "the process that holds it is named")

    def test_unknown_setting(self):
        self.assertIn('unrecognized configuration parameter "no_such"', self.refuse("-c", "no_such=1"))

    def test_bad_value(self):
        self.assertIn("max_connections", self.refuse("-c", "max_connections=many"))

    def test_unknown_option(self):
        self.assertIn("--no-such", self.refuse("--no-such"))

    def test_broken_configuration_file_is_named_with_its_line(self):
        config = self.home / "broken.conf"
        config.write_text("port = 5433\nthis is no setting\n")
        said = self.refuse("--config", str(config))
        self.assertIn(str(config), said)
        self.assertRegex(said, r"\b2\b")

    def test_missing_configuration_file(self):
        self.assertIn("nowhere.conf", self.refuse("--config", str(self.home / "nowhere.conf")))

    def test_missing_certificate(self):
        self.assertIn("server.crt", self.refuse("-p", str(free_port()), "-c", "ssl=on"))

    def test_broken_access_rules(self):
        rules = self.home / "hba.conf"
        rules.write_text("host all all 127.0.0.1/32 nonsense\n")
        self.assertIn("hba.conf", self.refuse("-c", f"hba_file={rules}"))

    def test_address_that_is_not_ours(self):
        self.assertIn("192.0.2.1", self.refuse("-h", "192.0.2.1"))


class RestartTest(LifecycleTestCase):
    def test_same_directory_again(self):
        if Choice.isolde is None:
            self.skipTest("is about Isolde only")
        server = self.own_server()
        self.assert_alive(self.connect(server))
        for _ in range(3):
            server.signal_stop()
            self.assertEqual(server.wait(), 0)
            server.process.stdout.close()
            server.start()
            self.assert_alive(self.connect(server))

    def test_after_being_killed(self):
        if Choice.isolde is None:
            self.skipTest("is about Isolde only")
        server = self.own_server()
        session = self.connect(server)
        server.process.kill()
        self.assertEqual(server.wait(), -signal.SIGKILL)
        with self.assertRaises((Closed, ConnectionError)):
            session.receive()
        server.process.stdout.close()
        server.start()
        self.assert_alive(self.connect(server, unix=f"{server.home}/.s.PGSQL.{server.port}"))


if __name__ == "__main__":
    main()
