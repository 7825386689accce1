"""A client with nothing between the test and the bytes: protocol 3.0, in the standard library alone.

Functions make the frontend's messages as bytes. `Connection` sends them and reads answers; `explain`
turns an answer into one line, so that a test compares a conversation as a list of lines:

    "1"  ParseComplete        "T name:oid:format|..."  RowDescription   "Z I"  ReadyForQuery, idle
    "2"  BindComplete         "D 1|NULL|x"             DataRow          "E 22012 division by zero"
    "3"  CloseComplete        "C SELECT 1"             CommandComplete  "N 25001 ..."  NoticeResponse
    "n"  NoData               "t 23|25"                ParameterDescription
    "s"  PortalSuspended      "I"                      EmptyQueryResponse
    "S name=value"  ParameterStatus
    "R 0"  AuthenticationOk   "K"                      BackendKeyData
    "H 0 0|0"  CopyOutResponse, "d data", "c"          COPY
"""
import socket
import struct

PROTOCOL_3 = 3 << 16
CANCEL_CODE = 80877102
SSL_CODE = 80877103
GSS_CODE = 80877104

ANSWER_SECONDS = 60


def message(kind, body=b""):
    return kind.encode() + struct.pack("!i", len(body) + 4) + body


def packet(body):
    """A start-up packet: it has no type byte."""
    return struct.pack("!i", len(body) + 4) + body


def text(value):
    return (value.encode() if isinstance(value, str) else value) + b"\0"


def shorts(values):
    return struct.pack(f"!h{len(values)}h", len(values), *values)


def startup(parameters, version=PROTOCOL_3):
    pairs = b"".join(text(name) + text(value) for name, value in parameters.items())
    return packet(struct.pack("!i", version) + pairs + b"\0")


def request(code):
    return packet(struct.pack("!i", code))


def cancel_request(process, secret):
    return packet(struct.pack("!iii", CANCEL_CODE, process, secret))


def query(sql):
    return message("Q", text(sql))


def parse(sql, name="", types=()):
    return message("P", text(name) + text(sql) + struct.pack(f"!h{len(types)}I", len(types), *types))


def value_bytes(value):
    if value is None:
        return struct.pack("!i", -1)
    data = value if isinstance(value, bytes) else str(value).encode()
    return struct.pack("!i", len(data)) + data


def bind(values=(), portal="", statement="", formats=(), result_formats=()):
    return message("B", text(portal) + text(statement) + shorts(formats) + struct.pack("!h", len(values)) +
                   b"".join(map(value_bytes, values)) + shorts(result_formats))


def describe_statement(name=""):
    return message("D", b"S" + text(name))


def describe_portal(name=""):
    return message("D", b"P" + text(name))


def execute(portal="", rows=0):
    return message("E", text(portal) + struct.pack("!i", rows))


def close_statement(name=""):
    return message("C", b"S" + text(name))


def close_portal(name=""):
    return message("C", b"P" + text(name))


SYNC = message("S")
FLUSH = message("H")
TERMINATE = message("X")


def run(sql, values=(), types=()):
    """Parse, Bind, Execute of the unnamed statement and portal; no Sync."""
    return parse(sql, types=types) + bind(values) + execute()


# --- answers


def error_fields(body):
    """Field code to text, of an ErrorResponse or NoticeResponse."""
    return {field[:1].decode(): field[1:].decode(errors="replace") for field in body.split(b"\0") if field}


def take_text(body, at):
    end = body.index(b"\0", at)
    return body[at:end].decode(), end + 1


def row_columns(body):
    """(name, table, attribute, type, size, modifier, format) of each column of a RowDescription."""
    (count,) = struct.unpack_from("!h", body)
    at = 2
    columns = []
    for _ in range(count):
        name, at = take_text(body, at)
        columns.append((name, *struct.unpack_from("!IhIhih", body, at)))
        at += 18
    return columns


def row_values(body):
    """The values of a DataRow as bytes, None for null."""
    (count,) = struct.unpack_from("!h", body)
    at = 2
    values = []
    for _ in range(count):
        (size,) = struct.unpack_from("!i", body, at)
        at += 4
        values.append(None if size < 0 else body[at:at + size])
        at += max(size, 0)
    return values


def shown(value):
    if value is None:
        return "NULL"
    try:
        as_text = value.decode()
    except UnicodeDecodeError:
        return "\\x" + value.hex()
    return as_text if as_text.isprintable() else "\\x" + value.hex()


def explain_row_description(body):
    return "T " + "|".join(f"{name}:{oid}:{form}" for name, _, _, oid, _, _, form in row_columns(body))


def explain_error(kind, body):
    fields = error_fields(body)
    return f"{kind} {fields['C']} {fields['M']}"


def explain_copy(kind, body):
    (overall, count) = struct.unpack_from("!bh", body)
    return f"{kind} {overall} " + "|".join(map(str, struct.unpack_from(f"!{count}h", body, 3)))


def explain_types(body):
    (count,) = struct.unpack_from("!h", body)
    return ("t " + "|".join(map(str, struct.unpack_from(f"!{count}I", body, 2)))).rstrip()


EXPLAINERS = {
    "T": explain_row_description,
    "D": lambda body: "D " + "|".join(map(shown, row_values(body))),
    "C": lambda body: "C " + body[:-1].decode(),
    "Z": lambda body: "Z " + body.decode(),
    "E": lambda body: explain_error("E", body),
    "N": lambda body: explain_error("N", body),
    "S": lambda body: "S " + "=".join(body[:-1].decode().split("\0")),
    "t": explain_types,
    "R": lambda body: f"R {struct.unpack_from('!i', body)[0]}",
    "H": lambda body: explain_copy("H", body),
    "G": lambda body: explain_copy("G", body),
    "d": lambda body: "d " + shown(body.rstrip(b"\n")),
    "v": lambda body: "v " + body.hex(),
    "K": lambda body: "K",
}


def explain(kind, body):
    return EXPLAINERS[kind](body) if kind in EXPLAINERS else kind


class Closed(Exception):
    """The server has closed the connection."""


class Connection:
    """One socket. Unless `greet` is false it is past the start-up and idle."""

    def __init__(self, server, greet=True, unix=None, receive_buffer=None, **parameters):
        self.server = server
        if unix is not None:
            self.socket = socket.socket(socket.AF_UNIX)
            address = unix
        else:
            self.socket = socket.socket()
            address = (server.host, server.port)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(ANSWER_SECONDS)
        self.socket.connect(address)
        self.unread = bytearray()
        self.parameters = {}
        self.process, self.secret = None, None
        if greet:
            self.greeting = self.greet(**parameters)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def greet(self, **parameters):
        """Start-up as postgres; the answers up to the first ReadyForQuery."""
        self.send(startup({"user": "postgres", "database": "postgres", **parameters}))
        answers = self.messages()
        if answers[-1][0] != "Z":
            raise Closed([explain(*answer) for answer in answers])
        return [explain(*answer) for answer in answers]

    def send(self, *messages):
        self.socket.sendall(b"".join(messages))

    def read_exactly(self, size):
        while len(self.unread) < size:
            received = self.socket.recv(1 << 16)
            if not received:
                raise Closed(f"with {len(self.unread)} bytes of a message")
            self.unread += received
        taken = bytes(self.unread[:size])
        del self.unread[:size]
        return taken

    def receive(self):
        """The next message: its type and its body."""
        head = self.read_exactly(5)
        kind, size = chr(head[0]), struct.unpack_from("!i", head, 1)[0]
        body = self.read_exactly(size - 4)
        if kind == "S":
            name, value = body[:-1].decode().split("\0")
            self.parameters[name] = value
        elif kind == "K":
            self.process, self.secret = struct.unpack("!ii", body)
        return kind, body

    def messages(self, last="Z"):
        """Messages up to one of type `last`, or to the end of the connection."""
        received = []
        try:
            while not received or received[-1][0] not in last:
                received.append(self.receive())
        except (Closed, ConnectionResetError):
            received.append(("end", b""))
        return received

    def answers(self, last="Z"):
        """The same as lines; a closed connection is the line "end"."""
        return [explain(*received) for received in self.messages(last)]

    def ask(self, *messages):
        """Sends and reads answers up to ReadyForQuery."""
        self.send(*messages)
        return self.answers()

    def ask_error(self, *messages):
        """Sends, and returns the fields of the only error in the answers."""
        self.send(*messages)
        errors = [body for kind, body in self.messages() if kind == "E"]
        if len(errors) != 1:
            raise AssertionError(f"expected one error, got {len(errors)}")
        return error_fields(errors[0])

    def value(self, sql):
        """The one value of a simple query, as text."""
        self.send(query(sql))
        rows = [row_values(body) for kind, body in self.messages() if kind == "D"]
        return rows[0][0].decode() if rows[0][0] is not None else None


def cancel(server, process, secret):
    """Sends a CancelRequest and waits until the server has taken it: it closes the connection."""
    with socket.create_connection((server.host, server.port), timeout=ANSWER_SECONDS) as asking:
        asking.sendall(cancel_request(process, secret))
        return asking.recv(1)
