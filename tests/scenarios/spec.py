"""Specs in the format of PostgreSQL's isolationtester.

    setup { CREATE TABLE t (a int); }             any number; once before each permutation
    teardown { DROP TABLE t; }                    at most one; after it
    session s1                                    a connection, with a setup, a teardown and steps of its own
    setup { BEGIN; }
    step w1 { UPDATE t SET a = 1; }
    step c1 { COMMIT; }
    session s2
    step r2 { SELECT * FROM t; }
    permutation w1 r2 c1                          steps in this order; without any, every order is played

A step of a permutation may name what keeps it from being reported as completed: `w1(*)` waits until after the
next step, `w1(r2)` until r2 is completed, `w1(r2 notices 2)` until r2's session has got two more notices.
"""
import dataclasses
import re


@dataclasses.dataclass
class Blocker:
    """One condition in the parentheses behind a step. `step` is None for (*)."""

    step: "Step | None"
    notices: int = 0


@dataclasses.dataclass
class Step:
    name: str
    sql: str
    session: int


@dataclasses.dataclass
class Session:
    name: str
    setup: str | None = None
    teardown: str | None = None
    steps: list[Step] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Turn:
    """A step in a permutation."""

    step: Step
    blockers: list[Blocker]


@dataclasses.dataclass
class Spec:
    setup: list[str] = dataclasses.field(default_factory=list)
    teardown: str | None = None
    sessions: list[Session] = dataclasses.field(default_factory=list)
    permutations: list[list[Turn]] = dataclasses.field(default_factory=list)


class SpecError(Exception):
    pass


TOKEN = re.compile(r"""
    (?P<blank>   \s+ | \#[^\n]*            )
  | (?P<block>   \{ [ \t\r\f]* (?P<sql>[^}]*?) [ \t\r\f]* \}  )
  | (?P<quoted>  "(?P<inner>(?:[^"\n]|"")*)"     )
  | (?P<word>    [A-Za-z_0-9\x80-\uffff][\w$-]*  )
  | (?P<mark>    [(),*]                    )
""", re.VERBOSE)

KEYWORDS = {"setup", "teardown", "session", "step", "permutation", "notices"}


def tokens(text):
    """Pairs of kind and text; quoted names are never keywords."""
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise SpecError(f"line {line}: cannot be read from {text[at:at + 20]!r} on")
        at = match.end()
        kind = match.lastgroup if match.lastgroup in ("blank", "word", "mark") else None
        if match["block"] is not None:
            yield "block", match["sql"]
        elif match["quoted"] is not None:
            yield "name", match["inner"].replace('""', '"')
        elif kind == "word":
            yield ("keyword" if match["word"] in KEYWORDS else "name"), match["word"]
        elif kind == "mark":
            yield "mark", match["mark"]
    yield "end", ""


class Parser:
    def __init__(self, text):
        self.tokens = list(tokens(text))
        self.at = 0
        self.steps = {}

    def take(self, kind, text=None):
        """The next token's text when it is this, else None."""
        found = self.tokens[self.at]
        if found[0] != kind or (text is not None and found[1] != text):
            return None
        self.at += 1
        return found[1]

    def need(self, kind, text=None):
        taken = self.take(kind, text)
        if taken is None:
            raise SpecError(f"expected {text or kind}, found {self.tokens[self.at][1]!r}")
        return taken

    def block_after(self, keyword):
        return self.need("block") if self.take("keyword", keyword) else None

    def parse(self):
        spec = Spec()
        while (block := self.block_after("setup")) is not None:
            spec.setup.append(block)
        spec.teardown = self.block_after("teardown")
        while self.take("keyword", "session"):
            spec.sessions.append(self.session(len(spec.sessions)))
        while self.take("keyword", "permutation"):
            spec.permutations.append(self.permutation())
        self.need("end")
        if not spec.permutations:
            spec.permutations = [[Turn(step, []) for step in order] for order in interleavings(spec.sessions)]
        return spec

    def session(self, number):
        session = Session(self.need("name"))
        session.setup = self.block_after("setup")
        while self.take("keyword", "step"):
            step = Step(self.need("name"), self.need("block"), number)
            if step.name in self.steps:
                raise SpecError(f"two steps are called {step.name}")
            self.steps[step.name] = step
            session.steps.append(step)
        session.teardown = self.block_after("teardown")
        return session

    def step_called(self, name):
        if name not in self.steps:
            raise SpecError(f"there is no step {name}")
        return self.steps[name]

    def permutation(self):
        turns = []
        while (name := self.take("name")) is not None:
            turn = Turn(self.step_called(name), [])
            if self.take("mark", "("):
                turn.blockers.append(self.blocker())
                while self.take("mark", ","):
                    turn.blockers.append(self.blocker())
                self.need("mark", ")")
            turns.append(turn)
        return turns

    def blocker(self):
        if self.take("mark", "*"):
            return Blocker(None)
        step = self.step_called(self.need("name"))
        notices = int(self.need("name")) if self.take("keyword", "notices") else 0
        return Blocker(step, notices)


def interleavings(sessions):
    """Every order of all steps that keeps each session's own."""
    done = [0] * len(sessions)
    order = []

    def go_on():
        if len(order) == sum(len(session.steps) for session in sessions):
            yield list(order)
            return
        for number, session in enumerate(sessions):
            if done[number] < len(session.steps):
                order.append(session.steps[done[number]])
                done[number] += 1
                yield from go_on()
                done[number] -= 1
                order.pop()

    return go_on()


def parse(text):
    return Parser(text).parse()
