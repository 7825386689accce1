"""What all tests of this folder share. Imported before anything else of ours: it sets the path."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "clients"))

import protocol  # noqa: E402
import server_under_test  # noqa: E402


class WireTestCase(server_under_test.ServerTestCase):
    """One server for the class; each test opens its own connections."""

    maxDiff = None

    def connect(self, server=None, **options):
        connection = protocol.Connection(server or self.server, **options)
        self.addCleanup(connection.close)
        return connection

    def assert_answers(self, connection, sent, expected):
        self.assertEqual(connection.ask(*sent), expected)

    def assert_alive(self, connection):
        """The connection is usable, whatever has happened on it."""
        self.assertEqual(connection.ask(protocol.query("SELECT 1 AS one")), ["T one:23:0", "D 1", "C SELECT 1", "Z I"])


main = server_under_test.main
