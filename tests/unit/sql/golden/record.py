#!/usr/bin/env python3
"""Records what a server answers to simple queries, one a line, in the form that golden_test.cpp reads.

    record.py [--port N] [--database NAME] queries.sql > queries.golden

A line "--- session" starts a new connection. Lines beginning with "--" are passed on as comments of
the golden file. "\\n" inside a line stands for a line break.
"""
import socket
import struct
import sys


class Connection:
    def __init__(self, port, database="postgres"):
        self.sock = socket.create_connection(("127.0.0.1", port))
        body = struct.pack("!i", 196608)
        for key, value in (("user", "postgres"), ("database", database)):
            body += key.encode() + b"\0" + value.encode() + b"\0"
        body += b"\0"
        self.sock.sendall(struct.pack("!i", len(body) + 4) + body)
        self.buffer = b""
        while self.message()[0] != b"Z":
            pass

    def take(self, count):
        while len(self.buffer) < count:
            piece = self.sock.recv(1 << 16)
            if not piece:
                raise EOFError
            self.buffer += piece
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def message(self):
        kind = self.take(1)
        length = struct.unpack("!i", self.take(4))[0]
        return kind, self.take(length - 4)

    def query(self, text):
        body = text.encode() + b"\0"
        self.sock.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)
        lines = []
        while True:
            kind, body = self.message()
            lines += render(kind, body)
            if kind == b"Z":
                return lines


def text_of(raw):
    text = raw.decode("utf-8", "replace")
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("|", "\\|")


def render(kind, body):
    if kind == b"T":
        count = struct.unpack("!h", body[:2])[0]
        at, columns = 2, []
        for _ in range(count):
            end = body.index(b"\0", at)
            _, _, oid, _, typmod, _ = struct.unpack("!ihihih", body[end + 1:end + 19])
            # The numbers of types that were made by statements are no news.
            shown = str(oid & 0xFFFFFFFF) if oid & 0xFFFFFFFF < 16384 else "new"
            columns.append(text_of(body[at:end]) + ":" + shown +
                           ("" if typmod == -1 else "(" + str(typmod) + ")"))
            at = end + 19
        return ["T: " + "|".join(columns)]
    if kind == b"D":
        count = struct.unpack("!h", body[:2])[0]
        at, values = 2, []
        for _ in range(count):
            size = struct.unpack("!i", body[at:at + 4])[0]
            at += 4
            if size < 0:
                values.append("\\N")
            else:
                values.append(text_of(body[at:at + size]))
                at += size
        return ["D: " + "|".join(values)]
    if kind == b"C":
        return ["C: " + text_of(body[:-1])]
    if kind == b"I":
        return ["I:"]
    if kind in (b"H", b"d", b"c"):
        if kind == b"H":
            return ["H: " + str(body[0])]
        return ["d: " + text_of(body)] if kind == b"d" else ["c:"]
    if kind == b"Z":
        return ["Z: " + body.decode()]
    if kind == b"S":
        name, value = body[:-1].split(b"\0")
        return ["S: " + text_of(name) + "|" + text_of(value)]
    if kind in (b"E", b"N"):
        fields = {chr(part[0]): part[1:] for part in body.split(b"\0") if part}
        line = (kind.decode() + ": " + fields["V"].decode() + "|" + fields["C"].decode() + "|" +
                text_of(fields["M"]) + "|" + fields.get("P", b"").decode())
        for key in "DH":
            if key in fields:
                line += "|" + key + "=" + text_of(fields[key])
        return [line]
    return []


def main():
    arguments = sys.argv[1:]
    port, database = 5515, "postgres"
    if arguments and arguments[0] == "--port":
        port = int(arguments[1])
        arguments = arguments[2:]
    if arguments and arguments[0] == "--database":
        database = arguments[1]
        arguments = arguments[2:]
    connection = Connection(port, database)
    for line in open(arguments[0], encoding="utf-8"):
        line = line.rstrip("\n")
        if line == "--- session":
            connection = Connection(port, database)
            print(line)
        elif not line or line.startswith("--"):
            print(line)
        else:
            print("Q: " + line)
            for answer in connection.query(line.replace("\\n", "\n")):
                print(answer)


main()
