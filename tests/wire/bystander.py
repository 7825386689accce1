"""A session that goes on with its work while another one misbehaves, and remembers how long it had to wait."""
import threading
import time

from protocol import Connection, query

ANSWER = ["T one:23:0", "D 1", "C SELECT 1", "Z I"]
PAUSE = 0.002


class Bystander:
    """`with Bystander(server) as b: ...`; afterwards b.slowest (seconds) and b.problem."""

    def __init__(self, server):
        self.connection = Connection(server)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.slowest = 0.0
        self.problem = None

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        self.connection.close()

    def _work(self):
        while not self.stopped.is_set():
            began = time.monotonic()
            try:
                answers = self.connection.ask(query("SELECT 1 AS one"))
            except OSError as error:
                self.problem = repr(error)
                return
            self.slowest = max(self.slowest, time.monotonic() - began)
            if answers != ANSWER:
                self.problem = repr(answers)
                return
            self.stopped.wait(PAUSE)
