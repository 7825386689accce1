"""pg_dump 15 and its kin: a dump is what PostgreSQL 15 would have dumped, and restores to the same again.

    pg_dump_test.py --isolde PATH            compares
    pg_dump_test.py --postgres --write       writes dump/objects.dump anew, from PostgreSQL
"""
import difflib
import pathlib
import subprocess
import sys
import tempfile

import server_under_test
from server_under_test import ServerTestCase, client_environment

HERE = pathlib.Path(__file__).resolve().parent / "dump"
OBJECTS = HERE / "objects.sql"
EXPECTED = HERE / "objects.dump"
SOURCE = "source"


def run(server, *command, check=True):
    done = subprocess.run(command, env=client_environment(server), text=True, capture_output=True, timeout=120,
                          check=False)
    if check and (done.returncode != 0 or "ERROR" in done.stderr):
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    return done


def make_source(server):
    run(server, "createdb", SOURCE)
    run(server, "psql", "-Xqd", SOURCE, "-v", "ON_ERROR_STOP=1", "-f", OBJECTS)


def dump(server, database, *options):
    """The text of a dump without what tells versions, and without its random key."""
    text = run(server, "pg_dump", "-d", database, *options).stdout
    ours = ("-- Dumped ", "\\restrict ", "\\unrestrict ")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(ours))


def write_expected():
    server = server_under_test.start_server()
    make_source(server)
    EXPECTED.write_text(dump(server, SOURCE))
    server.stop()


class DumpTest(ServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_source(cls.server)

    def same(self, expected, found):
        lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", lineterm="")
        self.assertEqual(expected, found, "\n" + "\n".join(lines))

    def restored(self, name, *options, restore):
        """What a database dumps to that was made of a dump."""
        run(self.server, "createdb", name)
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "dump"
            run(self.server, "pg_dump", "-d", SOURCE, "-f", file, *options)
            run(self.server, *restore, "-d", name, *([] if restore[0] == "pg_restore" else ["-f"]), file)
        found = dump(self.server, name)
        run(self.server, "dropdb", name)
        return found

    def test_dump_is_that_of_postgresql(self):
        self.same(EXPECTED.read_text(), dump(self.server, SOURCE))

    def test_plain(self):
        found = self.restored("plain", restore=["psql", "-Xq", "-v", "ON_ERROR_STOP=1"])
        self.same(dump(self.server, SOURCE), found)

    def test_inserts(self):
        found = self.restored("inserts", "--inserts", restore=["psql", "-Xq1", "-v", "ON_ERROR_STOP=1"])
        self.same(dump(self.server, SOURCE), found)

    def test_column_inserts_of_many_rows(self):
        found = self.restored("columns", "--column-inserts", "--rows-per-insert=2", "--on-conflict-do-nothing",
                              restore=["psql", "-Xq", "-v", "ON_ERROR_STOP=1"])
        self.same(dump(self.server, SOURCE), found)

    def test_custom_format(self):
        found = self.restored("custom", "-Fc", restore=["pg_restore", "--exit-on-error"])
        self.same(dump(self.server, SOURCE), found)

    def test_custom_format_by_two_jobs(self):
        found = self.restored("jobs", "-Fc", restore=["pg_restore", "--exit-on-error", "-j", "2"])
        self.same(dump(self.server, SOURCE), found)

    def test_clean_and_create(self):
        run(self.server, "createdb", "again")
        # Without rights: default privileges stay, in PostgreSQL too, and count for what is made again.
        whole = run(self.server, "pg_dump", "-d", SOURCE, "--clean", "--if-exists", "-x").stdout
        for _ in range(2):
            with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
                file.write(whole)
                file.flush()
                run(self.server, "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", "again", "-f", file.name)
        self.same(dump(self.server, SOURCE, "-x"), dump(self.server, "again", "-x"))
        run(self.server, "dropdb", "again")

    def test_one_table(self):
        found = run(self.server, "pg_dump", "-d", SOURCE, "-t", "shop.scratch", "--section=pre-data").stdout
        self.assertIn("CREATE UNLOGGED TABLE shop.scratch (\n    x integer DEFAULT shop.add_one(41),\n    t text\n);", found)
        self.assertNotIn("CREATE TABLE", found)

    def test_globals(self):
        found = run(self.server, "pg_dumpall", "-g").stdout
        self.assertIn("CREATE ROLE dump_reader;\n", found)

    def test_maintenance(self):
        run(self.server, "vacuumdb", "-q", "-z", "-d", SOURCE)
        run(self.server, "vacuumdb", "-q", "-f", "-t", "shop.customer", "-d", SOURCE)
        run(self.server, "reindexdb", "-q", "-d", SOURCE)
        run(self.server, "reindexdb", "-q", "-t", "shop.customer", "-d", SOURCE)
        run(self.server, "reindexdb", "-q", "-i", "shop.item_lower", "-S", "shop", "-d", SOURCE)
        run(self.server, "clusterdb", "-q", "-d", SOURCE)
        run(self.server, "clusterdb", "-q", "-t", "shop.customer", "-d", SOURCE)
        self.same(EXPECTED.read_text(), dump(self.server, SOURCE))


if __name__ == "__main__":
    if "--write" in sys.argv:
        sys.argv.remove("--write")
        server_under_test.parse_arguments(sys.argv[1:])
        write_expected()
    else:
        server_under_test.main()
