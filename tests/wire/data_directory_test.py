"""The data directory from outside: start, crash, refusals, `isolde --check` and `isolde --waldump`."""
import os
import pathlib
import subprocess
import tempfile
import time

from wire_test_case import WireTestCase, main
from server_under_test import Choice, IsoldeServer, free_port


def run(*options):
    """A program that ends by itself: its status, its lines, its complaint."""
    done = subprocess.run([Choice.isolde, *options], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


class DataDirectoryTest(WireTestCase):
    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        if Choice.isolde is None:
            self.skipTest("is about Isolde only")
        self.server = IsoldeServer({"log_min_messages": "log"})
        self.addCleanup(self.server.stop)
        self.server.start()
        self.directory = self.server.data_directory

    def stop(self):
        self.server.signal_stop()
        self.assertEqual(self.server.wait(), 0)
        self.server.process.stdout.close()

    def kill(self):
        self.server.process.kill()
        self.server.wait()
        self.server.process.stdout.close()

    def refusal(self, directory):
        """Why a server does not start there."""
        status, lines, complaints = run("-D", str(directory), "-p", str(free_port()))
        self.assertEqual((status, lines), (1, []))
        return [line for line in complaints if not line.startswith("20")]  # without the log's lines

    def test_clean_stop_leaves_nothing_to_replay(self):
        self.stop()
        self.assertIn("clean 1", (self.directory / "control").read_text())
        self.server.start()
        self.assertNotIn("was interrupted", self.server.log())
        self.assertEqual(self.connect(self.server).value("SELECT 1"), "1")

    def test_starts_after_a_crash(self):
        for _ in range(2):
            self.kill()
            self.server.start()
            self.assertIn("database system was interrupted", self.server.log())
            self.assertEqual(self.connect(self.server).value("SELECT 1"), "1")

    def test_crash_while_starting(self):
        for delay in range(0, 30, 3):
            self.kill()
            self.server._launch()
            try:
                self.server.process.wait(delay / 1000)
            except subprocess.TimeoutExpired:
                pass
        self.kill()
        self.server.start()

    def test_second_server(self):
        self.assertEqual(self.refusal(self.directory), [
            f'isolde: lock file "{self.directory}/isolde.lock" already exists',
            f'HINT:  Is another server (PID {self.server.pid}) running in data directory "{self.directory}"?'])

    def test_directory_of_something_else(self):
        with tempfile.TemporaryDirectory() as other:
            (pathlib.Path(other) / "PG_VERSION").write_text("15\n")
            self.assertEqual(self.refusal(other), [
                f'isolde: directory "{other}" exists but is not an Isolde data directory',
                'HINT:  It contains "PG_VERSION" but no control file. Choose an empty directory.'])
            self.assertEqual(os.listdir(other), ["PG_VERSION"], "nothing was written")

    def test_directory_with_configuration_only(self):
        with tempfile.TemporaryDirectory() as other:
            (pathlib.Path(other) / "isolde.conf").write_text("work_mem = 7MB\n")
            server = IsoldeServer()
            server.data_directory = pathlib.Path(other)
            server.start()
            try:
                self.assertEqual(self.connect(server).value("SHOW work_mem"), "7MB")
            finally:
                server.stop()

    def test_other_format(self):
        self.stop()
        control = self.directory / "control"
        control.write_text(control.read_text().replace("format 1", "format 7"))
        self.assertEqual(self.refusal(self.directory),
                         [f'isolde: data directory "{self.directory}" has format 7, this server reads format 1'])

    def test_damaged_control_file(self):
        self.stop()
        control = self.directory / "control"
        for damaged in ("", control.read_text()[:-3], control.read_text().replace("checkpoint 1", "checkpoint 2")):
            control.write_text(damaged)
            self.assertEqual(self.refusal(self.directory), [f'isolde: control file "{control}" is damaged'])

    def test_missing_log(self):
        self.stop()
        for segment in (self.directory / "wal").iterdir():
            segment.unlink()
        complaint, = self.refusal(self.directory)
        self.assertRegex(complaint, r'^isolde: write-ahead log segment "[0-9A-F]{16}" is missing$')

    def test_no_space(self):
        with tempfile.TemporaryDirectory() as other:
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", other],
                                     capture_output=True, check=False)
            if mounted.returncode != 0:
                self.skipTest("may not mount file systems")
            try:
                complaint = self.refusal(other)[0]
                self.assertRegex(complaint, r"^isolde: could not .*: No space left on device$")
            finally:
                subprocess.run(["umount", other], check=True)

    def test_check(self):
        status, lines, complaints = run("--check", "-D", str(self.directory))
        self.assertEqual((status, lines), (1, []), "a server runs there")
        self.assertIn("already exists", complaints[0])
        self.stop()
        self.assertEqual(run("--check", "-D", str(self.directory))[0], 0)
        before = {path: path.read_bytes() for path in self.directory.rglob("*")
                  if path.is_file() and path.name != "isolde.lock"}
        status, lines, complaints = run("--check", "-D", str(self.directory))
        self.assertEqual((status, complaints), (0, []))
        self.assertRegex(lines[-1], r"^\d+ relations, \d+ pages, \d+ log records: no problems$")
        for path, content in before.items():
            self.assertEqual(path.read_bytes(), content, path)

    def test_check_after_a_crash(self):
        self.kill()
        status, lines, _ = run("--check", "-D", str(self.directory))
        self.assertEqual(status, 0, lines)
        self.server.start()

    def test_check_of_nothing(self):
        missing = str(self.directory / "nowhere")
        for option in ("--check", "--waldump"):
            status, lines, complaints = run(option, "-D", missing)
            self.assertEqual((status, lines), (1, []))
            self.assertEqual(complaints, [f'isolde: could not open file "{missing}/control": No such file or directory'])

    def test_waldump(self):
        self.stop()
        status, lines, complaints = run("--waldump", "-D", str(self.directory))
        self.assertEqual((status, complaints), (0, []))
        self.assertRegex(lines[-1], r"^[0-9A-F]+/[0-9A-F]+  CHECKPOINT  \d+ bytes  redo [0-9A-F]+/[0-9A-F]+  next txn \d+$")

    def test_settings_of_storage(self):
        self.server.append_to_config("max_wal_size = 64MB\nwal_sync_method = fsync\n")
        self.server.reload()
        session = self.connect(self.server)
        self.wait_for(lambda: session.value("SHOW max_wal_size") == "64MB", "the file is read again")
        self.assertEqual(session.value("SHOW wal_sync_method"), "fsync")
        self.assertEqual(session.value("SHOW fsync"), "on")

    def test_start_is_quick(self):
        self.stop()
        times = []
        for _ in range(5):
            begin = time.monotonic()
            self.server.start()
            times.append(time.monotonic() - begin)
            self.stop()
        self.server.start()
        self.assertLess(min(times), 2 if Choice.sanitized else 0.5)


if __name__ == "__main__":
    main()
