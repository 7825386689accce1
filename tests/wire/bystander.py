"""A session that goes on with its work while another one misbehaves, and remembers how long it had to wait.

It is a process of its own, so that it measures the server and not the test's interpreter:
bystander.py HOST PORT works until its input ends, then prints the longest wait and what went wrong.
"""
import json
import select
import subprocess
import sys
import time
import types

from protocol import Connection, query

ANSWER = ["T one:23:0", "D 1", "C SELECT 1", "Z I"]
PAUSE = 0.002


class Bystander:
    """Works from its construction until `finish`; then `slowest` (seconds) and `problem` (or None) are known."""

    def __init__(self, server):
        self.process = subprocess.Popen([sys.executable, __file__, server.host, str(server.port)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def finish(self):
        output, _ = self.process.communicate()
        self.slowest, self.problem = json.loads(output)


def work(server):
    """The longest wait and the first problem."""
    slowest = 0.0
    with Connection(server) as connection:
        print("working", flush=True)
        while not select.select([sys.stdin], [], [], PAUSE)[0]:
            began = time.monotonic()
            try:
                answers = connection.ask(query("SELECT 1 AS one"))
            except OSError as error:
                return slowest, repr(error)
            slowest = max(slowest, time.monotonic() - began)
            if answers != ANSWER:
                return slowest, repr(answers)
    return slowest, None


if __name__ == "__main__":
    print(json.dumps(work(types.SimpleNamespace(host=sys.argv[1], port=int(sys.argv[2])))))
