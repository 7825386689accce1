"""pgbench in every protocol mode: all transactions run, none fails, and the server is still well afterwards."""
import re
import subprocess
import tempfile

from server_under_test import ServerTestCase, client_environment, main

TRANSACTIONS = 200  # for each client


class PgbenchTest(ServerTestCase):
    def pgbench(self, *options, script="SELECT 1;\n", clients=8):
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(script)
            file.flush()
            done = subprocess.run(["pgbench", "-n", "-c", str(clients), "-j", "1", "-t", str(TRANSACTIONS), "-f",
                                   file.name, *options], env=client_environment(self.server), capture_output=True,
                                  text=True, timeout=280, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        wanted = clients * TRANSACTIONS
        self.assertRegex(done.stdout, rf"number of transactions actually processed: {wanted}/{wanted}\n")
        self.assertRegex(done.stdout, r"number of failed transactions: 0 \(0\.000%\)")
        return done

    def test_simple(self):
        self.pgbench("-M", "simple")

    def test_extended(self):
        self.pgbench("-M", "extended")

    def test_prepared(self):
        self.pgbench("-M", "prepared")

    def test_64_clients(self):
        for mode in ("simple", "extended", "prepared"):
            with self.subTest(mode):
                self.pgbench("-M", mode, clients=64)

    def test_connection_for_each_transaction(self):
        for mode in ("simple", "prepared"):
            with self.subTest(mode):
                self.pgbench("-C", "-M", mode)

    def test_variables_become_parameters(self):
        script = "\\set a random(1, 1000)\nSELECT :a + 1 AS b \\gset\nSELECT 1 / (CASE WHEN :b = :a + 1 THEN 1 END);\n"
        for mode in ("simple", "extended", "prepared"):
            with self.subTest(mode):
                self.pgbench("-M", mode, script=script)

    def test_blocks(self):
        for mode in ("simple", "extended", "prepared"):
            with self.subTest(mode):
                self.pgbench("-M", mode, script="BEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;\n")

    def test_pipeline(self):
        script = "\\startpipeline\nSELECT 1;\nSELECT 2;\nSELECT 3;\n\\endpipeline\n"
        for mode in ("extended", "prepared"):
            with self.subTest(mode):
                self.pgbench("-M", mode, script=script)

    def test_rate_is_printed(self):
        done = self.pgbench()
        self.assertTrue(re.search(r"^tps = [0-9.]+ ", done.stdout, re.MULTILINE), done.stdout)


if __name__ == "__main__":
    main()
