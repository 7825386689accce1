"""Plays a spec: sends steps, finds out who waits, writes down what happens.

A step that has been sent is *active* until the server's answer is there. While it is not, the control connection
asks the server with pg_isolation_test_session_is_blocked whether the step's session waits for another one; only
then does the play go on with the next step:

    s1 ---- w1 ---------------------- c1 ----------
    s2 ----------- w2 <waiting ...>       <... completed>

The output is that of isolationtester where both can play a permutation. It gives up when the next step belongs to
a session that waits; here, when that session waits for one that still has steps to play, the step is put off until
its session is free again. So one permutation can be played under engines that block where others do not.
"""
import io
import re
import select
import struct
import time

import printing
import protocol

POLL_SECONDS = 0.01  # between two questions whether a step waits; its answer ends the wait at once
STEP_SECONDS = 60    # then it is canceled
READY = "Z"
RESULT_ENDS = "CEIZ"


class PlayError(Exception):
    """The permutation cannot be played to its end."""


def all_sql(spec):
    for session in spec.sessions:
        yield from filter(None, [session.setup, *(step.sql for step in session.steps)])


class Player:
    """Plays all permutations of one spec over one set of connections."""

    def __init__(self, spec, server, database, settings=None, name="scenario", plain=False):
        self.spec = spec
        self.plain = plain  # exactly as isolationtester
        self.server = server
        self.out = io.StringIO()
        self.new_notice = False
        self.has_timeouts = any(re.search(r"\b(lock|statement|session)_timeout", sql) for sql in all_sql(spec))
        connect = lambda who: Client(self, who, server, database, f"isolation/{name}/{who}", settings or {})
        self.control = connect("control connection")
        self.clients = [connect(session.name) for session in spec.sessions]
        self.control.prepare_questions([client.process for client in self.clients])

    def close(self):
        for client in [self.control, *self.clients]:
            client.close()

    def write(self, text):
        self.out.write(text)

    def play(self):
        """The whole output."""
        self.write(f"Parsed test spec with {len(self.spec.sessions)} sessions\n")
        for turns in self.spec.permutations:
            self.play_permutation(turns)
        return self.out.getvalue()

    def play_permutation(self, turns):
        self.write("\nstarting permutation: " + " ".join(turn.step.name for turn in turns) + "\n")
        for setup in self.spec.setup:
            self.control.run(setup, "setup")
        for session, client in zip(self.spec.sessions, self.clients):
            if session.setup is not None:
                client.run(session.setup, f"setup of session {session.name}")
        Permutation(self, turns).play()
        for session, client in zip(self.spec.sessions, self.clients):
            if session.teardown is not None:
                client.run(session.teardown, f"teardown of session {session.name}")
        if self.spec.teardown is not None:
            self.control.run(self.spec.teardown, "teardown")


class Permutation:
    def __init__(self, player, turns):
        self.player = player
        self.clients = player.clients
        self.left = list(turns)   # not sent yet
        self.put_off = []         # not sent because their sessions wait
        self.waiting = []         # sent and reported as waiting
        self.newest = None        # the same, a moment ago

    def client_of(self, turn):
        return self.clients[turn.step.session]

    def play(self):
        while self.left:
            turn = self.left.pop(0)
            if self.must_put_off(turn):
                self.put_off.append(turn)
            else:
                self.start(turn)
            self.start_put_off()
        while self.waiting or self.put_off:
            completed = [turn for turn in list(self.waiting) if self.complete(turn)]
            if not self.start_put_off() and not completed:
                self.give_up()

    def start(self, turn):
        client = self.client_of(turn)
        client.send_step(turn)
        for blocker in turn.blockers:
            if blocker.notices:
                blocker.target = blocker.notices + self.clients[blocker.step.session].notices
        completed = self.try_to_complete(turn, again=False)
        self.newest = None if completed or self.player.plain else turn
        self.complete_waiting()
        if client.active is turn:
            self.waiting.append(turn)
        self.newest = None

    def start_put_off(self):
        """Those whose sessions are free again, in their order; False when there is none."""
        behind = set()
        started = False
        for turn in list(self.put_off):
            if self.client_of(turn).active is None and turn.step.session not in behind:
                self.put_off.remove(turn)
                self.start(turn)
                started = True
            else:
                behind.add(turn.step.session)
        return started

    def must_put_off(self, turn):
        """Waits until the turn's session is free (False), or finds that this takes another session's steps."""
        if any(other.step.session == turn.step.session for other in self.put_off):
            return True
        client = self.client_of(turn)
        return client.active is not None and not self.complete(client.active)

    def complete(self, turn):
        """Waits until a waiting step is completed. False when that takes steps that only others can play."""
        while turn in self.waiting:
            if self.try_to_complete(turn, again=True):
                self.forget_completed()
                self.complete_waiting()
                continue
            before = len(self.waiting)
            if self.is_held_back(turn) or not self.player.plain:
                self.complete_waiting()  # what others have waited for can have come meanwhile
            if len(self.waiting) == before and self.is_stuck(turn):
                return False
        return True

    def is_stuck(self, turn):
        """Whether what the step waits for ends with a session that is waited for itself: by us, for its next step.

        Where time-outs are a part of the play, time alone can end any wait."""
        if self.player.has_timeouts:
            return False
        client = self.client_of(turn)
        seen, ahead = set(), [client.process]
        while ahead:
            process = ahead.pop()
            if process not in seen:
                seen.add(process)
                ahead += self.player.control.blockers_of(process)
        return any(other.process in seen and other.active is None for other in self.clients)

    def give_up(self):
        """Nothing can go on any more: say who waits, and end it."""
        for turn in self.waiting:
            self.player.write(f"step {turn.step.name}: <... still waiting>\n")
        for turn in self.put_off:
            self.player.write(f"step {turn.step.name}: <not played>\n")
        for turn in self.waiting:
            self.client_of(turn).cancel()
            self.client_of(turn).drop_answers()
        self.waiting, self.put_off = [], []
        for client in self.clients:
            if client.in_transaction:
                client.run("ROLLBACK", "ROLLBACK")

    def complete_waiting(self):
        """Reports waiting steps that have been completed; again and again while that can release others."""
        while True:
            before = len(self.waiting)
            self.player.new_notice = False
            for turn in list(self.waiting):
                if turn in self.waiting:
                    self.try_to_complete(turn, again=True)
            self.forget_completed()
            has_blocker = any(turn.blockers for turn in self.waiting)
            if not has_blocker or (len(self.waiting) == before and not self.player.new_notice):
                return

    def is_held_back(self, turn):
        for blocker in turn.blockers:
            if blocker.step is None:
                continue
            other = self.clients[blocker.step.session]
            if blocker.notices and other.notices < blocker.target:
                return True
            if not blocker.notices and other.active is not None and other.active.step is blocker.step:
                return True
        return False

    def try_to_complete(self, turn, again):
        """True when the step is completed, False when it is blocked or held back. `again`: it is known to wait."""
        title = f"step {turn.step.name}: {turn.step.sql}"
        forced = not again and any(blocker.step is None for blocker in turn.blockers)
        if forced or not self.has_answer(turn) or self.is_held_back(turn):
            if not again:
                self.player.write(f"{title} <waiting ...>\n")
            return False
        self.report_victims(turn)
        # A victim has waited, even if only for a moment that nobody has seen.
        if not again and self.client_of(turn).is_victim() and not self.player.plain:
            self.player.write(f"{title} <waiting ...>\n")
            again = True
        self.player.write(f"step {turn.step.name}: <... completed>\n" if again else f"{title}\n")
        self.client_of(turn).report_answer()
        return True

    def has_answer(self, turn):
        """Waits until there is an answer (True), or until the server says that the step is blocked (False)."""
        client = self.client_of(turn)
        started = time.monotonic()
        canceled = False
        while client.is_busy():
            if client.wait_for_bytes(POLL_SECONDS):
                continue
            if self.player.control.is_blocked(client.process):
                if client.wait_for_bytes(0):
                    continue  # notices that were sent before it was blocked
                return False
            if not canceled and time.monotonic() - started > STEP_SECONDS:
                self.player.write(f"isolationtester: canceling step {turn.step.name} after {STEP_SECONDS} seconds\n")
                client.cancel()
                canceled = True
        return True

    def report_victims(self, turn):
        """What the victim of a deadlock held has gone to the others, so its error is reported before their success."""
        if self.player.plain:
            return
        for other in [*self.waiting, *filter(None, [self.newest])]:
            client = self.client_of(other)
            if other is turn or other.blockers or client.active is not other:
                continue
            if self.has_answer(other) and client.is_victim():
                self.try_to_complete(other, again=True)
        self.forget_completed()

    def forget_completed(self):
        self.waiting = [turn for turn in self.waiting if self.client_of(turn).active is turn]


class Client:
    """A connection, and what has come of the answer to the statement that was sent last."""

    def __init__(self, player, name, server, database, application_name, settings):
        self.player = player
        self.name = name
        self.server = server
        self.connection = protocol.Connection(server, database=database, application_name=application_name,
                                              **settings)
        self.process = self.connection.process
        self.active = None      # the turn of a permutation
        self.notices = 0
        self.received = []      # messages not looked at yet
        self.closed = False
        self.in_transaction = False
        self.columns, self.rows = [], []

    def close(self):
        self.connection.close()

    # --- the answers

    def wait_for_bytes(self, seconds):
        """Takes what has come within the time; False when nothing has."""
        connection = self.connection
        if not select.select([connection.socket], [], [], seconds)[0]:
            return False
        try:
            bytes_received = connection.socket.recv(1 << 16)
        except ConnectionResetError:
            bytes_received = b""
        if not bytes_received:
            self.closed = True
            return True
        connection.unread += bytes_received
        self.cut_messages()
        return True

    def cut_messages(self):
        unread = self.connection.unread
        while len(unread) >= 5:
            size = struct.unpack_from("!i", unread, 1)[0] + 1
            if len(unread) < size:
                return
            self.received.append((chr(unread[0]), bytes(unread[5:size])))
            del unread[:size]

    def is_busy(self):
        """True until the first result of the answer is whole. Notices are written down as they come."""
        while self.received and self.received[0][0] == "N":
            self.take_notice(self.received.pop(0)[1])
        for number, (kind, body) in enumerate(self.received):
            if kind == "N":
                self.take_notice(body)
                self.received[number] = ("", b"")
            if kind in RESULT_ENDS:
                return False
        return not self.closed

    def is_victim(self):
        """The answer, as far as it is there, is the error of a deadlock."""
        return any(kind == "E" and protocol.error_fields(body)["C"] == "40P01" for kind, body in self.received)

    def messages(self):
        """All that belongs to the answer."""
        while True:
            while self.received:
                kind, body = self.received.pop(0)
                yield kind, body
                if kind == READY:
                    self.in_transaction = body != b"I"
                    return
            if self.closed:
                yield "closed", b""
                return
            if not self.wait_for_bytes(2 * STEP_SECONDS):
                raise PlayError(f"{self.name}: no answer within {2 * STEP_SECONDS} seconds")

    def take_notice(self, body):
        fields = protocol.error_fields(body)
        text = f"{self.name}: {fields['S']}:  {fields['M']}\n"
        for title, field in (("DETAIL", "D"), ("HINT", "H")):
            if field in fields:
                text += f"{title}:  {fields[field]}\n"
        self.player.write(text)
        self.notices += 1
        self.player.new_notice = True

    def take_notification(self, body):
        process = struct.unpack_from("!i", body)[0]
        channel, at = protocol.take_text(body, 4)
        payload, _ = protocol.take_text(body, at)
        names = [client.name for client in self.player.clients if client.process == process]
        sender = names[0] if names else f"PID {process}"
        return f"{self.name}: NOTIFY \"{channel}\" with payload \"{payload}\" from {sender}\n"

    def report_answer(self):
        """Writes the answer's results, errors and notifications; the session is free then."""
        notifications = []
        for kind, body in self.messages():
            if kind == "T":
                self.columns = [column[0] for column in protocol.row_columns(body)]
                self.rows = []
            elif kind == "D":
                self.rows.append([None if value is None else value.decode()
                                  for value in protocol.row_values(body)])
            elif kind == "C":
                self.write_rows()
            elif kind == "E":
                self.columns = []
                fields = protocol.error_fields(body)
                self.player.write(f"{fields['S']}:  {fields['M']}\n")
            elif kind == "N":
                self.take_notice(body)
            elif kind == "A":
                notifications.append(self.take_notification(body))
            elif kind == "closed":
                self.player.write("server closed the connection unexpectedly\n"
                                  "\tThis probably means the server terminated abnormally\n"
                                  "\tbefore or while processing the request.\n\n")
        self.player.write("".join(notifications))
        self.active = None

    def write_rows(self):
        if self.columns:
            self.player.write(printing.table(self.columns, self.rows))
        self.columns, self.rows = [], []

    def drop_answers(self):
        for _ in self.messages():
            pass
        self.active = None

    # --- the questions

    def send_step(self, turn):
        self.active = turn
        self.connection.send(protocol.query(turn.step.sql))

    def run(self, sql, what):
        """A setup or teardown: its rows are written; an error ends the play."""
        if self.closed:
            return
        self.connection.send(protocol.query(sql))
        failed = None
        for kind, body in self.messages():
            if kind == "T":
                self.columns = [column[0] for column in protocol.row_columns(body)]
                self.rows = []
            elif kind == "D":
                self.rows.append([None if value is None else value.decode()
                                  for value in protocol.row_values(body)])
            elif kind == "C":
                self.write_rows()
            elif kind == "E":
                failed = protocol.error_fields(body)["M"]
            elif kind == "N" and self is not self.player.control:
                self.take_notice(body)
        if failed is not None:
            raise PlayError(f"{what} failed: {failed}")

    def cancel(self):
        protocol.cancel(self.server, self.process, self.connection.secret)

    def prepare_questions(self, processes):
        """Control connection: how the server is asked who waits."""
        pids = "{" + ",".join(map(str, processes)) + "}"
        self.connection.send(
            protocol.parse(f"SELECT pg_catalog.pg_isolation_test_session_is_blocked($1, '{pids}')", "blocked"),
            protocol.parse("SELECT unnest(pg_catalog.pg_blocking_pids($1))", "blockers"), protocol.SYNC)
        errors = [protocol.explain(*answer) for answer in self.messages() if answer[0] == "E"]
        if errors:
            raise PlayError(errors[0])

    def ask(self, statement, process):
        self.connection.send(protocol.bind([process], statement=statement), protocol.execute(), protocol.SYNC)
        values = []
        for kind, body in self.messages():
            if kind == "D":
                values.append(protocol.row_values(body)[0].decode())
            elif kind == "E":
                raise PlayError(protocol.explain(kind, body))
        return values

    def is_blocked(self, process):
        return self.ask("blocked", process) == ["t"]

    def blockers_of(self, process):
        return [int(pid) for pid in self.ask("blockers", process)]
