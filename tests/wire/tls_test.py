"""TLS, with a certificate that the test makes."""
import contextlib
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import time
import warnings

from wire_test_case import WireTestCase, main
from server_under_test import Choice, client_environment
from protocol import SSL_CODE, Connection, cancel, query, request, run, startup, SYNC


def make_certificate(directory, name):
    """A self-signed certificate for `name`, readable by the server."""
    subprocess.run(["openssl", "req", "-new", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-keyout", directory / "server.key", "-out", directory / "server.crt"],
                   check=True, capture_output=True)
    (directory / "server.key").chmod(0o600)
    if Choice.postgres:
        for path in (directory, directory / "server.key", directory / "server.crt"):
            shutil.chown(path, "postgres")


def encrypt(connection, **options):
    """SSLRequest and handshake; the server's name is not checked."""
    connection.send(request(SSL_CODE))
    assert connection.read_exactly(1) == b"S"
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for name, value in options.items():
        setattr(context, name, value)
    connection.socket = context.wrap_socket(connection.socket)


def read_to_end(connection):
    """Until the server closes, however rudely."""
    with contextlib.suppress(ConnectionError):
        while connection.socket.recv(4096):
            pass


class TlsTest(WireTestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.certificates = pathlib.Path(tempfile.mkdtemp(prefix="isolde-test-"))
        make_certificate(cls.certificates, "first.test")
        cls.settings = {"ssl": "on", "ssl_cert_file": cls.certificates / "server.crt",
                        "ssl_key_file": cls.certificates / "server.key", "authentication_timeout": "2s"}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.certificates)

    def connect_tls(self, server=None, **options):
        connection = self.connect(server, greet=False)
        encrypt(connection, **options)
        connection.greet()
        return connection

    def subject(self):
        """The name in the certificate that the server shows now."""
        connection = self.connect(greet=False)
        encrypt(connection)
        shown = ssl.DER_cert_to_PEM_cert(connection.socket.getpeercert(binary_form=True))
        connection.close()
        return subprocess.run(["openssl", "x509", "-noout", "-subject"], input=shown, capture_output=True, text=True,
                              check=True).stdout.strip().split("= ")[-1].split("=")[-1].strip()

    def psql(self, mode, sql):
        return subprocess.run(["psql", "-XAtq", f"sslmode={mode}", "-c", sql], env=client_environment(self.server),
                              capture_output=True, text=True, timeout=60, check=False)

    # --- what works

    def test_session(self):
        connection = self.connect_tls()
        self.assert_alive(connection)

    def test_both_protocol_versions(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version):
                connection = self.connect_tls(minimum_version=version, maximum_version=version)
                self.assert_alive(connection)

    def test_plain_sessions_beside_it(self):
        self.assert_alive(self.connect())

    def test_psql_that_requires_it(self):
        done = self.psql("require", "\\conninfo")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"SSL connection \(protocol: TLSv1\.3, cipher: ")

    def test_psql_that_verifies_the_certificate(self):
        environment = {**client_environment(self.server), "PGSSLROOTCERT": str(self.certificates / "server.crt"),
                       "PGHOST": "first.test", "PGHOSTADDR": "127.0.0.1"}
        done = subprocess.run(["psql", "-XAtq", "sslmode=verify-full", "-c", "SELECT 7"], env=environment,
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.stdout, done.stderr), ("7\n", ""))

    def test_large_messages_both_ways(self):
        connection = self.connect_tls()
        value = "x" * (8 << 20)
        answers = connection.ask(run("SELECT $1::text", [value]), SYNC)
        self.assertTrue(answers[2] == "D " + value)

    def test_pipeline(self):
        connection = self.connect_tls()
        connection.send(*[run(f"SELECT {i}") for i in range(2_000)], SYNC)
        answers = connection.answers()
        self.assertEqual([line for line in answers if line[0] == "D"], [f"D {i}" for i in range(2_000)])

    def test_cancel_in_clear(self):
        connection = self.connect_tls()
        connection.send(query("SELECT pg_sleep(60)"))
        watcher = self.connect()
        active = f"SELECT state FROM pg_stat_activity WHERE pid = {connection.process}"
        self.wait_for(lambda: watcher.value(active) == "active", "the statement runs")
        cancel(self.server, connection.process, connection.secret)
        self.assertEqual(connection.answers()[-2:], ["E 57014 canceling statement due to user request", "Z I"])

    def test_termination_is_told(self):
        connection = self.connect_tls()
        self.connect().value(f"SELECT pg_terminate_backend({connection.process})")
        self.assertEqual(connection.answers()[0], "E 57P01 terminating connection due to administrator command")

    def test_rules_for_encrypted_connections(self):
        server = self.own_server(self.settings, hba=["hostssl all all 127.0.0.1/32 trust"])
        self.assert_alive(self.connect_tls(server))
        plain = self.connect(server, greet=False)
        plain.send(startup({"user": "postgres", "database": "postgres"}))
        self.assertEqual(plain.answers()[0], 'E 28000 no pg_hba.conf entry for host "127.0.0.1", user "postgres", '
                                             'database "postgres", no encryption')

    def test_new_certificate_after_a_reload(self):
        self.assertEqual(self.subject(), "first.test")
        session = self.connect_tls()
        make_certificate(self.certificates, "second.test")
        self.server.reload()
        self.wait_for(lambda: self.subject() == "second.test", "the new certificate is shown")
        self.assert_alive(session)
        make_certificate(self.certificates, "first.test")
        self.server.reload()
        self.wait_for(lambda: self.subject() == "first.test", "the old certificate is shown again")

    # --- what does not

    def test_old_protocol_versions_are_refused(self):
        with warnings.catch_warnings(), self.assertRaises((ssl.SSLError, ConnectionError)):
            warnings.simplefilter("ignore", DeprecationWarning)  # the client knows, too
            self.connect_tls(minimum_version=ssl.TLSVersion.TLSv1_1, maximum_version=ssl.TLSVersion.TLSv1_1)

    def test_bytes_smuggled_in_before_the_handshake(self):
        connection = self.connect(greet=False)
        connection.send(request(SSL_CODE), startup({"user": "postgres"}))
        received = connection.socket.recv(1)
        self.assertIn(received, (b"E", b"S", b""))
        with self.assertRaises((ssl.SSLError, ConnectionError, AssertionError)):
            assert received == b"S"
            ssl.create_default_context().wrap_socket(connection.socket, server_hostname="x")

    def test_noise_instead_of_a_handshake(self):
        connection = self.connect(greet=False)
        connection.send(request(SSL_CODE))
        self.assertEqual(connection.read_exactly(1), b"S")
        connection.send(b"\x16\x03\x01\x7f\xff" + b"noise" * 100)
        read_to_end(connection)
        self.assert_alive(self.connect_tls())

    def test_half_open_handshake_ends_in_time(self):
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # a record begins and never ends
        for sent in (b"", hello):
            with self.subTest(sent=sent):
                connection = self.connect(greet=False)
                connection.send(request(SSL_CODE))
                self.assertEqual(connection.read_exactly(1), b"S")
                connection.send(sent)
                began = time.monotonic()
                read_to_end(connection)
                self.assertLess(time.monotonic() - began, 20)

    def test_silence_after_the_handshake_ends_in_time(self):
        connection = self.connect(greet=False)
        encrypt(connection)
        began = time.monotonic()
        self.assertEqual(connection.answers()[-1], "end")
        self.assertLess(time.monotonic() - began, 20)

    def test_connection_cut_in_the_middle(self):
        for _ in range(20):
            connection = Connection(self.server, greet=False)
            encrypt(connection)
            connection.greet()
            connection.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 100000)"))
            connection.close()
        self.assert_alive(self.connect_tls())


if __name__ == "__main__":
    main()
