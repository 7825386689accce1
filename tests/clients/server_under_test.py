"""The server that a test talks to: its own Isolde, or a PostgreSQL 15 that shows the test is right.

Every test program that uses this module takes one of

    --isolde PATH    starts this binary, with the settings each test class wants
    --postgres       starts a private PostgreSQL 15 in the same way (Debian's packages)
    --port N         uses a server that runs already; tests that need settings of their own are skipped

and `--sanitized` when the binary is slow and large because of sanitizers. The rest of the command
line goes to unittest.
"""
import argparse
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

POSTGRES_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
START_SECONDS = 60
STOP_SECONDS = 60


class Choice:
    """What the command line asked for."""

    isolde = None
    postgres = False
    port = None
    sanitized = False


def free_port():
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_file(path, text, mode=0o644):
    path.write_text(text)
    path.chmod(mode)
    return path


class Server:
    """A server with a directory of its own; stopped and removed by `stop`."""

    host = "127.0.0.1"
    stop_signal = signal.SIGTERM

    def __init__(self, settings=None, hba=None):
        self.settings = dict(settings or {})
        self.port = free_port()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="isolde-test-"))
        self.home.chmod(0o755)
        self.log_path = self.home / "log"
        self.data_directory = self.home / "data"
        self.process = None
        if hba is not None:
            self.set_hba(hba)

    def set_hba(self, lines):
        path = write_file(self.home / "hba.conf", "".join(line + "\n" for line in lines))
        self.settings["hba_file"] = str(path)

    def append_to_config(self, text):
        with open(self.data_directory / self.config_name, "a", encoding="utf-8") as config:
            config.write(text)

    @property
    def pid(self):
        return self.process.pid

    def resident_bytes(self, pid=None):
        """Memory in use by the server's process."""
        for line in pathlib.Path(f"/proc/{pid or self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ProcessLookupError(f"no memory figures of process {pid or self.pid}")

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def signal_stop(self):
        self.process.send_signal(self.stop_signal)

    def wait(self):
        """The exit status, once the server has ended by itself or by `signal_stop`."""
        return self.process.wait(STOP_SECONDS)

    def stop(self):
        """Ends the server; an unclean end is an error that shows the log."""
        try:
            if self.process.poll() is None:
                self.signal_stop()
            status = self.wait()
        except subprocess.TimeoutExpired:
            status = "does not stop"
            self.process.kill()
            self.process.wait()
        log = self.log()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        shutil.rmtree(self.home, ignore_errors=True)
        if status != 0:
            raise RuntimeError(f"the server ended with {status}; its log:\n{log[-3000:]}")

    def start(self):
        self._launch()
        timer = threading.Timer(START_SECONDS, self.process.kill)
        timer.start()
        try:
            self._wait_until_ready()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            timer.cancel()
        return self

    def _options(self):
        return [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]

    def _fail_to_start(self):
        raise RuntimeError(f"the server did not start:\n{self.log()}")


class IsoldeServer(Server):
    name = "isolde"
    config_name = "isolde.conf"

    def _launch(self):
        self.settings.setdefault("unix_socket_directories", str(self.home))
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [Choice.isolde, "-D", str(self.data_directory), "-p", str(self.port), *self._options()],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)

    def _wait_until_ready(self):
        for line in self.process.stdout:
            if line.startswith("ready on "):
                self.port = int(line.rsplit(":", 1)[1])
                return
        self._fail_to_start()


class PostgresServer(Server):
    name = "postgres"
    config_name = "postgresql.conf"
    stop_signal = signal.SIGINT  # its SIGTERM waits for the sessions to end

    def _launch(self):
        user = "postgres" if os.getuid() == 0 else None
        if user is not None:
            shutil.chown(self.home, user)
        subprocess.run([POSTGRES_BIN / "initdb", "-D", self.data_directory, "-A", "trust", "-U", "postgres",
                        "--no-sync"], user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
        self.settings.setdefault("unix_socket_directories", str(self.home))
        self.settings.setdefault("listen_addresses", self.host)
        self.process = subprocess.Popen(
            [POSTGRES_BIN / "postgres", "-D", self.data_directory, "-p", str(self.port), *self._options()],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, user=user, cwd="/")

    def _wait_until_ready(self):
        with open(self.log_path, "w", encoding="utf-8") as log:
            for line in self.process.stderr:
                log.write(line)
                if "ready to accept connections" in line:
                    break
            else:
                log.flush()
                self._fail_to_start()
        threading.Thread(target=self._keep_log, daemon=True).start()

    def _keep_log(self):
        with contextlib.suppress(ValueError, OSError), open(self.log_path, "a", encoding="utf-8") as log:
            for line in self.process.stderr:
                log.write(line)
                log.flush()


class RunningServer:
    """Somebody else's: neither started nor stopped here."""

    name = "running"
    host = "127.0.0.1"
    process = None

    def __init__(self, port):
        self.port = port

    def stop(self):
        pass


def start_server(settings=None, hba=None):
    """A server of the kind that was asked for, ready for connections."""
    if Choice.port is not None:
        if settings or hba:
            raise unittest.SkipTest("needs a server with settings of its own")
        return RunningServer(Choice.port)
    kind = PostgresServer if Choice.postgres else IsoldeServer
    server = kind(settings, hba)
    try:
        return server.start()
    except BaseException:
        shutil.rmtree(server.home, ignore_errors=True)
        raise


def client_environment(server):
    """For client programs: where the server is, and nothing of the user's own configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    home = pwd.getpwuid(os.getuid()).pw_dir
    return {**kept, "PGHOST": server.host, "PGPORT": str(server.port), "PGUSER": "postgres",
            "PGDATABASE": "postgres", "PGCONNECT_TIMEOUT": "20", "LC_ALL": "C.UTF-8",
            "HOME": kept.get("HOME", home)}


class ServerTestCase(unittest.TestCase):
    """One server for all tests of the class."""

    settings = {}
    server = None

    @classmethod
    def setUpClass(cls):
        cls.server = start_server(cls.settings)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def own_server(self, settings=None, hba=None):
        """Another server, for this test only."""
        server = start_server(settings, hba)
        self.addCleanup(server.stop)
        return server

    def needs_own_process(self):
        if self.server.process is None:
            self.skipTest("needs a server that the test started")

    def needs_isolde(self):
        if self.server.name != "isolde":
            self.skipTest("is about Isolde only")

    def wait_for(self, condition, what, seconds=30):
        """Until `condition()` is true: for what can be seen but not waited for, such as memory."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                self.fail(f"not within {seconds} seconds: {what}")
            time.sleep(0.02)


def parse_arguments(arguments):
    """Takes ours; returns the others."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--isolde")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--port", type=int)
    parser.add_argument("--sanitized", action="store_true")
    found, others = parser.parse_known_args(arguments)
    if (found.isolde is not None) + found.postgres + (found.port is not None) != 1:
        sys.exit(__doc__)
    Choice.isolde = found.isolde
    Choice.postgres = found.postgres
    Choice.port = found.port
    Choice.sanitized = found.sanitized
    return others


def main():
    """For a file of unittest cases."""
    unittest.main(argv=[sys.argv[0], *parse_arguments(sys.argv[1:])], verbosity=2)
