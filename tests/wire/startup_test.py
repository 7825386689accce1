"""The start-up of a connection: every packet that may come first, and what is answered."""
import struct

from wire_test_case import WireTestCase, main
from protocol import (GSS_CODE, PROTOCOL_3, SSL_CODE, TERMINATE, Connection, explain, packet, query, request, startup,
                      text)

# What PostgreSQL 15 tells every client.
REPORTED = {
    "application_name", "client_encoding", "DateStyle", "default_transaction_read_only", "in_hot_standby",
    "integer_datetimes", "IntervalStyle", "is_superuser", "server_encoding", "server_version",
    "session_authorization", "standard_conforming_strings", "TimeZone",
}


class StartupTest(WireTestCase):
    def refused(self, *sent):
        """The answers to a start-up that does not succeed."""
        connection = self.connect(greet=False)
        connection.send(*sent)
        return connection.answers()

    def read_to_end(self, connection):
        received = bytearray(connection.unread)
        while more := connection.socket.recv(4096):
            received += more
        return bytes(received)

    def test_greeting_is_authentication_parameters_key_ready(self):
        connection = self.connect()
        kinds = "".join(line[0] for line in connection.greeting)
        self.assertRegex(kinds, "^RS+KZ$")
        self.assertEqual(connection.greeting[0], "R 0")
        self.assertEqual(connection.greeting[-1], "Z I")

    def test_every_setting_that_drivers_rely_on_is_reported(self):
        parameters = self.connect().parameters
        self.assertLessEqual(REPORTED, set(parameters))
        self.assertRegex(parameters["server_version"], r"^15\.")
        self.assertEqual(parameters["server_encoding"], "UTF8")
        self.assertEqual(parameters["integer_datetimes"], "on")
        self.assertEqual(parameters["is_superuser"], "on")
        self.assertEqual(parameters["session_authorization"], "postgres")

    def test_key_is_that_of_the_backend(self):
        connection = self.connect()
        self.assertEqual(connection.value("SELECT pg_backend_pid()"), str(connection.process))

    def test_keys_differ_between_sessions(self):
        first, second = self.connect(), self.connect()
        self.assertNotEqual(first.process, second.process)
        self.assertNotEqual(first.secret, second.secret)

    def test_settings_of_the_start_up_packet(self):
        connection = self.connect(application_name="wire", DateStyle="SQL, DMY", extra_float_digits="0")
        self.assertEqual(connection.parameters["application_name"], "wire")
        self.assertEqual(connection.parameters["DateStyle"], "SQL, DMY")
        self.assertEqual(connection.value("SHOW extra_float_digits"), "0")

    def test_reset_goes_back_to_the_start_up_packet(self):
        connection = self.connect(statement_timeout="12345")
        self.assertEqual(connection.ask(query("SET statement_timeout = 1000; RESET statement_timeout")),
                         ["C SET", "C RESET", "Z I"])
        self.assertEqual(connection.value("SHOW statement_timeout"), "12345ms")

    def test_options(self):
        connection = self.connect(options="-c statement_timeout=7s -c application_name=a\\ b --work-mem=12MB")
        self.assertEqual(connection.value("SHOW statement_timeout"), "7s")
        self.assertEqual(connection.value("SHOW application_name"), "a b")
        self.assertEqual(connection.value("SHOW work_mem"), "12MB")

    def test_start_up_setting_wins_over_options(self):
        connection = self.connect(options="-c application_name=option", application_name="packet")
        self.assertEqual(connection.parameters["application_name"], "packet")

    def test_unknown_setting(self):
        self.assertEqual(self.refused(startup({"user": "postgres", "database": "postgres", "no_such": "1"}))[-2:],
                         ['E 42704 unrecognized configuration parameter "no_such"', "end"])

    def test_bad_value_of_a_setting(self):
        answers = self.refused(startup({"user": "postgres", "database": "postgres", "options": "-c work_mem=none"}))
        self.assertEqual(answers[-2:], ['E 22023 invalid value for parameter "work_mem": "none"', "end"])

    def test_setting_of_the_server_alone(self):
        answers = self.refused(startup({"user": "postgres", "database": "postgres", "options": "-c port=1"}))
        self.assertEqual(answers[-2:], ['E 55P02 parameter "port" cannot be changed without restarting the server',
                                        "end"])

    def test_client_encoding_is_checked(self):
        answers = self.refused(startup({"user": "postgres", "database": "postgres", "client_encoding": "nonsense"}))
        self.assertEqual(answers[-2:], ['E 22023 invalid value for parameter "client_encoding": "nonsense"', "end"])

    def test_user_is_required(self):
        self.assertEqual(self.refused(startup({"database": "postgres"})),
                         ["E 28000 no PostgreSQL user name specified in startup packet", "end"])
        self.assertEqual(self.refused(startup({"user": ""})),
                         ["E 28000 no PostgreSQL user name specified in startup packet", "end"])

    def test_unknown_role(self):
        self.assertEqual(self.refused(startup({"user": "nobody", "database": "postgres"})),
                         ['R 0', 'E 28000 role "nobody" does not exist', "end"])

    def test_unknown_database(self):
        self.assertEqual(self.refused(startup({"user": "postgres", "database": "no_such_database"}))[-2:],
                         ['E 3D000 database "no_such_database" does not exist', "end"])

    def test_database_defaults_to_the_user(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres"}))
        self.assertEqual(connection.answers()[-1], "Z I")
        self.assertEqual(connection.value("SELECT current_database()"), "postgres")

    def test_errors_at_start_up_are_fatal(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres", "database": "no_such_database"}))
        _, body = [received for received in connection.messages() if received[0] == "E"][0]
        self.assertIn(b"SFATAL\0VFATAL\0", body)

    # --- versions

    def test_newer_minor_version_is_negotiated(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres", "database": "postgres"}, version=PROTOCOL_3 + 9))
        answers = connection.answers()
        # The newest minor version that is spoken, and no unknown options.
        self.assertIn("v " + struct.pack("!ii", PROTOCOL_3, 0).hex(), answers)
        self.assertEqual(answers[-1], "Z I")
        self.assert_alive(connection)

    def test_unknown_protocol_option_is_negotiated(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres", "database": "postgres", "_pq_.fancy": "1"}))
        answers = connection.answers()
        self.assertIn("v " + (struct.pack("!ii", PROTOCOL_3, 1) + text("_pq_.fancy")).hex(), answers)
        self.assertEqual(answers[-1], "Z I")

    def test_other_major_versions(self):
        for version in (4 << 16, 0x7fffffff):
            with self.subTest(version=version):
                answers = self.refused(startup({"user": "postgres"}, version=version))
                self.assertEqual(len(answers), 2, answers)
                major, minor = version >> 16, version & 0xffff
                self.assertEqual(answers[0], f"E 0A000 unsupported frontend protocol {major}.{minor}: "
                                             "server supports 3.0 to 3.0")

    def test_protocol_2_is_refused(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres"}, version=2 << 16))
        # An error in one version's format or the other's, then the end.
        self.assertEqual(connection.read_exactly(1), b"E")
        self.assertIn(b"unsupported frontend protocol 2.0", self.read_to_end(connection))

    # --- encryption

    def test_tls_is_refused_when_it_is_off(self):
        connection = self.connect(greet=False)
        connection.send(request(SSL_CODE))
        self.assertEqual(connection.read_exactly(1), b"N")
        connection.greet()
        self.assert_alive(connection)

    def test_gss_encryption_is_refused(self):
        self.needs_isolde()
        connection = self.connect(greet=False)
        connection.send(request(GSS_CODE))
        self.assertEqual(connection.read_exactly(1), b"N")
        connection.send(request(SSL_CODE))
        self.assertEqual(connection.read_exactly(1), b"N")
        connection.greet()
        self.assert_alive(connection)

    def test_asking_for_encryption_twice(self):
        connection = self.connect(greet=False)
        connection.send(request(SSL_CODE))
        self.assertEqual(connection.read_exactly(1), b"N")
        connection.send(request(SSL_CODE))
        self.assertEqual(chr(connection.read_exactly(1)[0]), "E")

    # --- malformed

    def test_malformed_packets_close_the_connection(self):
        version = struct.pack("!i", PROTOCOL_3)
        malformed = {
            "shorter than its own length": struct.pack("!i", 3),
            "empty": struct.pack("!i", 4),
            "no room for the version": struct.pack("!i", 6) + b"\0\0",
            "negative length": struct.pack("!i", -1),
            "10,005 bytes": struct.pack("!i", 10_005) + version,
            "as long as can be said": struct.pack("!i", 0x7fffffff) + version,
            "no end of the parameters": packet(version + text("user") + text("postgres")),
            "parameter without a value": packet(version + text("user") + b"postgres"),
            "more after the end": packet(version + text("user") + text("postgres") + b"\0" + b"more"),
            "http": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "ssh": b"SSH-2.0-OpenSSH_9.2p1\r\n",
            "cancel request without a key": packet(struct.pack("!i", 80877102)),
        }
        for name, sent in malformed.items():
            with self.subTest(name):
                answers = self.refused(sent)
                self.assertEqual(answers[-1], "end")
                for line in answers[:-1]:
                    self.assertRegex(line, "^E 08P01 |^E 0A000 unsupported frontend protocol")

    def test_connection_that_ends_before_it_begins(self):
        for sent in (b"", b"\0", struct.pack("!i", 100), startup({"user": "postgres"})[:-3]):
            with self.subTest(sent=sent):
                connection = self.connect(greet=False)
                connection.send(sent)
                connection.close()
        self.assert_alive(self.connect())

    def test_terminate_closes(self):
        connection = self.connect()
        connection.send(TERMINATE)
        self.assertEqual(connection.answers(), ["end"])


class ManyConnectionsTest(WireTestCase):
    def test_hundreds_one_after_the_other(self):
        for _ in range(300):
            with Connection(self.server) as connection:
                connection.send(TERMINATE)

    def test_queries_may_arrive_with_the_start_up_packet(self):
        connection = self.connect(greet=False)
        connection.send(startup({"user": "postgres", "database": "postgres"}), query("SELECT 1 AS one"), TERMINATE)
        answers = [explain(*received) for received in connection.messages(last="nothing")]
        self.assertEqual(answers[-5:], ["T one:23:0", "D 1", "C SELECT 1", "Z I", "end"])


if __name__ == "__main__":
    main()
