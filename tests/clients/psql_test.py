"""psql 15: scripts whose output is compared with what PostgreSQL 15 printed, and what needs a hand on the keyboard.

    psql_test.py --isolde PATH             compares
    psql_test.py --postgres --write        writes psql/*.out anew, from PostgreSQL
"""
import difflib
import pathlib
import signal
import subprocess
import sys
import time

import server_under_test
from server_under_test import ServerTestCase, client_environment

SCRIPTS = sorted((pathlib.Path(__file__).resolve().parent / "psql").glob("*.sql"))
SOON = 10


def run_psql(server, *options, **more):
    return subprocess.run(["psql", "-X", *options], env=client_environment(server), text=True, timeout=120,
                          check=False, **more)


def output_of(server, script):
    done = run_psql(server, "-a", "-q", "-f", str(script.name), cwd=script.parent, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT)
    return done.stdout


def write_expected():
    server = server_under_test.start_server()
    for script in SCRIPTS:
        script.with_suffix(".out").write_text(output_of(server, script))
    server.stop()


class PsqlTest(ServerTestCase):
    def psql(self, *options, **more):
        return run_psql(self.server, *options, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def start(self, *options):
        return subprocess.Popen(["psql", "-X", *options], env=client_environment(self.server), text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_until_active(self, application):
        seen = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{application}' AND state = 'active'"
        self.wait_for(lambda: self.psql("-At", "-c", seen).stdout == "1\n", f"{application} runs its statement")

    def test_scripts(self):
        for script in SCRIPTS:
            with self.subTest(script.name):
                expected = script.with_suffix(".out").read_text()
                found = output_of(self.server, script)
                difference = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found",
                                                  lineterm="")
                self.assertEqual(found, expected, "\n" + "\n".join(difference))

    def test_conninfo(self):
        done = self.psql("-At", "-c", "\\conninfo")
        self.assertEqual(done.stdout, f'You are connected to database "postgres" as user "postgres" on host '
                                      f'"{self.server.host}" at port "{self.server.port}".\n')

    def test_no_warning_of_another_version(self):
        done = run_psql(self.server, input="SELECT 1;\n\\q\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertNotIn("WARNING", done.stdout)

    def test_exit_status(self):
        self.assertEqual(self.psql("-c", "SELECT 1").returncode, 0)
        self.assertEqual(self.psql("-c", "SELECT 1/0").returncode, 1)
        self.assertEqual(self.psql("-v", "ON_ERROR_STOP=1", input="SELECT 1/0;").returncode, 3)
        self.assertEqual(self.psql("-d", "no_such_database", "-c", "SELECT 1").returncode, 2)

    def test_interrupt_of_a_sleeping_statement(self):
        with self.start("-At", "-d", "application_name=interrupted") as psql:
            psql.stdin.write("SELECT pg_sleep(60);\n")
            psql.stdin.flush()
            self.wait_until_active("interrupted")
            began = time.monotonic()
            psql.send_signal(signal.SIGINT)
            _, errors = psql.communicate(timeout=60)
        self.assertLess(time.monotonic() - began, SOON)
        self.assertIn("ERROR:  canceling statement due to user request", errors)

    def test_interrupt_of_a_computing_statement(self):
        with self.start("-At", "-d", "application_name=computing") as psql:
            psql.stdin.write("SELECT count(*) FROM generate_series(1, 1000000000000);\n")
            psql.stdin.flush()
            self.wait_until_active("computing")
            began = time.monotonic()
            psql.send_signal(signal.SIGINT)
            _, errors = psql.communicate(timeout=60)
        self.assertLess(time.monotonic() - began, SOON)
        self.assertIn("ERROR:  canceling statement due to user request", errors)

    def test_psql_killed_while_its_statement_runs(self):
        with self.start("-d", "application_name=killed") as psql:
            psql.stdin.write("SELECT pg_sleep(1);\n")
            psql.stdin.flush()
            self.wait_until_active("killed")
            psql.kill()
            psql.communicate()
        gone = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed'"
        self.wait_for(lambda: self.psql("-At", "-c", gone).stdout == "0\n", "the session has ended")

    def test_terminated_session(self):
        done = self.psql("-At", input="SELECT pg_terminate_backend(pg_backend_pid());\nSELECT 'new session';\n")
        self.assertIn("FATAL:  terminating connection due to administrator command", done.stderr)

    def test_statement_timeout(self):
        done = self.psql("-c", "SET statement_timeout = '20ms'", "-c", "SELECT pg_sleep(60)")
        self.assertEqual(done.stderr, "ERROR:  canceling statement due to statement timeout\n")

    def test_unix_socket(self):
        self.needs_own_process()
        done = self.psql("-At", "-h", str(self.server.home), "-c", "SELECT 7")
        self.assertEqual((done.stdout, done.stderr), ("7\n", ""))

    def test_options_of_the_environment(self):
        environment = {**client_environment(self.server), "PGOPTIONS": "-c statement_timeout=7s", "PGTZ": "Asia/Tokyo",
                       "PGDATESTYLE": "German", "PGCLIENTENCODING": "UTF8", "PGAPPNAME": "environment"}
        done = subprocess.run(["psql", "-XAt", "-c", "SHOW statement_timeout", "-c", "SHOW TimeZone", "-c",
                               "SHOW DateStyle", "-c", "SHOW application_name"], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(done.stdout.splitlines(), ["7s", "Asia/Tokyo", "German, DMY", "environment"])

    def test_large_result(self):
        done = self.psql("-At", "-c", "SELECT * FROM generate_series(1, 300000)")
        self.assertEqual(done.stdout, "".join(f"{i}\n" for i in range(1, 300_001)))


if __name__ == "__main__":
    if "--write" in sys.argv:
        sys.argv.remove("--write")
        server_under_test.parse_arguments(sys.argv[1:])
        write_expected()
    else:
        server_under_test.main()
