"""What PostgreSQL and Redis are sent that no client of theirs sends: wrong lengths, orders, versions and types."""

from __future__ import annotations

import struct

from tests.beside.messages import lines, postgres, startup

_ANN = startup("user", "ann", "database", "ann")
_WRONG = postgres(b"p", b"not-the-password\0")
_RIGHT = postgres(b"p", b"{the-right-password-}\0")
_SSL, _GSSAPI = (struct.pack(">II", 8, code) for code in (80_877_103, 80_877_104))


def sized(kind: bytes, size: int, body: bytes = b"") -> bytes:
    """A message that says another length than it has."""
    return kind + struct.pack(">I", size & 0xFFFF_FFFF) + body


def query(text: str) -> bytes:
    return postgres(b"Q", text.encode() + b"\0")


def parse(text: str, name: str = "") -> bytes:
    return postgres(b"P", name.encode() + b"\0" + text.encode() + b"\0\0\0")


def inside(*messages: bytes) -> list[bytes]:
    """After a login that is right."""
    return [_ANN, _RIGHT, *messages]


_SYNC, _FLUSH, _EXECUTE = postgres(b"S", b""), postgres(b"H", b""), postgres(b"E", b"\0\0\0\0\0")
_BIND = postgres(b"B", b"\0\0" + bytes(6))
POSTGRES: dict[str, list[bytes]] = {
    "TLS twice": [_SSL, _SSL],
    "TLS, then GSSAPI": [_SSL, _GSSAPI],
    "TLS refused, then a user": [_SSL, _ANN],
    "TLS and a user at once": [_SSL + _ANN],
    "TLS with more in it": [struct.pack(">II", 12, 80_877_103) + b"more"],
    "a query cancelled, too short": [struct.pack(">III", 12, 80_877_102, 1)],
    "a query cancelled, too long": [struct.pack(">IIIII", 20, 80_877_102, 1, 2, 3)],
    "nothing but a version": [struct.pack(">II", 8, 196_608)],
    "an empty list": [startup()],
    "an empty user": [startup("user", "", "database", "x")],
    "a user without a value": [struct.pack(">II", 13, 196_608) + b"user\0"],
    "a list that does not end": [struct.pack(">II", 17, 196_608) + b"user\0ann\0"],
    "more behind the list": [struct.pack(">II", 20, 196_608) + b"user\0ann\0\0xx"],
    "two users": [startup("user", "bob", "user", "ann", "database", "ann")],
    "a long user": [startup("user", "u" * 100), _WRONG],
    "a user with a newline": [startup("user", "a\nb\x1b[31m"), _WRONG],
    "an unknown option": [startup("user", "ann", "foo", "bar")],
    "an unknown option, inside": [startup("user", "ann", "foo", "bar"), _RIGHT],
    "options of a server": [startup("user", "ann", "options", "-c foo.bar=1"), _WRONG],
    "replication": [startup("user", "ann", "replication", "true"), _WRONG],
    "replication of no kind": [startup("user", "ann", "replication", "maybe"), _WRONG],
    "replication, inside": [startup("user", "ann", "replication", "true"), _RIGHT],
    "another database": [startup("user", "ann", "database", "nope"), _WRONG],
    "another database, inside": [startup("user", "ann", "database", "nope"), _RIGHT],
    "an encoding that there is not": [startup("user", "ann", "client_encoding", "FOO"), _RIGHT],
    "protocol 3.0 with its options": [startup("user", "ann", "_pq_.foo", "1", "_pq_.bar", "2")],
    "protocol 3.2": [startup("user", "ann", version=196_610)],
    "protocol 3.9 with options": [startup("user", "ann", "_pq_.foo", "1", version=196_617)],
    "protocol 1": [startup("user", "ann", version=65_536)],
    "protocol 2 as it was": [struct.pack(">II", 296, 131_072) + b"ann".ljust(288, b"\0")],
    "protocol 1234.9999": [struct.pack(">II", 8, 80_887_103)],
    "a code next to TLS": [struct.pack(">II", 8, 80_877_105)],
    "a length of 4": [struct.pack(">I", 4)],
    "a length of 7": [struct.pack(">I", 7) + b"\0\3\0"],
    "a length of 10001": [struct.pack(">II", 10_001, 196_608)],
    "a query first": [query("SELECT 1")],
    "a byte, then nothing": [b"\0"],
    "a user and a password at once": [_ANN + _WRONG],
    "a user and the right password at once": [_ANN + _RIGHT],
    "a user in pieces": [_ANN[:3], _ANN[3:9], _ANN[9:]],
    "a password without its end": [_ANN, postgres(b"p", b"nope")],
    "a password with more behind its end": [_ANN, postgres(b"p", b"nope\0more")],
    "a password without a body": [_ANN, postgres(b"p", b"")],
    "a password of length 3": [_ANN, sized(b"p", 3)],
    "a password of length 0": [_ANN, sized(b"p", 0)],
    "a password of length -1": [_ANN, sized(b"p", -1)],
    "a password of 70000": [_ANN, sized(b"p", 70_000)],
    "a password of 1100": [_ANN, postgres(b"p", b"x" * 1100 + b"\0")],
    "SASL for a password": [_ANN, postgres(b"p", b"SCRAM-SHA-256\0\0\0\0\x05n,,n=")],
    "a password twice": [_ANN, _WRONG + _WRONG],
    "a start for a password": [_ANN, _ANN],
    "a message of no type": [_ANN, postgres(b"\0", b"x")],
    "TLS for a password": [_ANN, _SSL],
    "a sync for a password": [_ANN, _SYNC],
    "a parse for a password": [_ANN, parse("SELECT 1")],
    "inside": inside(query("SELECT 1")),
    "inside, an empty query": inside(query(""), query(" ; ")),
    "inside, no end of a query": inside(postgres(b"Q", b"SELECT 1")),
    "inside, more behind a query": inside(postgres(b"Q", b"SELECT 1\0x")),
    "inside, a sync": inside(_SYNC, _SYNC),
    "inside, a message of no type": inside(postgres(b"~", b"")),
    "inside, a length of 3": inside(sized(b"Q", 3)),
    "inside, a huge length": inside(sized(b"Q", 0x7FFF_FFFF)),
    "inside, a second password": inside(_WRONG),
    "inside, leaving": inside(postgres(b"X", b"")),
    "inside, extended": inside(parse("SELECT 1") + _BIND + postgres(b"D", b"P\0") + _EXECUTE + _SYNC),
    "inside, pieces": inside(query("SELECT 1")[:4], query("SELECT 1")[4:]),
    "inside, pipelined": inside(query("SELECT 1") + query("SELECT 2")),
    "inside, no such statement": inside(postgres(b"B", b"\0nope\0" + bytes(6)) + _SYNC),
    "inside, no such portal": inside(postgres(b"E", b"nope\0\0\0\0\0") + _SYNC),
    "inside, describing no such statement": inside(postgres(b"D", b"Snope\0") + _SYNC),
    "inside, describing no such portal": inside(postgres(b"D", b"Pnope\0") + _SYNC),
    "inside, closing no such statement": inside(postgres(b"C", b"Snope\0") + _SYNC),
    "inside, describing nothing": inside(postgres(b"D", b"X\0") + _SYNC),
    "inside, closing nothing": inside(postgres(b"C", b"X\0") + _SYNC),
    "inside, copying": inside(postgres(b"d", b"x"), postgres(b"c", b""), postgres(b"f", b"no\0"), _SYNC),
    "inside, a flush": inside(_FLUSH, _SYNC),
    "inside, a transaction": inside(query("BEGIN"), query("COMMIT"), query("ROLLBACK")),
}  # fmt: skip
_LOGIN = b"AUTH {the-right-password-}\r\n"
REDIS: dict[str, list[bytes]] = {
    "pipelined": [b"PING\r\nFOO\r\nAUTH nope\r\nQUIT\r\nPING\r\n"],
    "pipelined, inside": [_LOGIN + b"PING\r\nFOO\r\nSELECT 1\r\n*1\r\n$4\r\nPING\r\n"],
    "in pieces": [b"*2\r\n$4\r\nAU", b"TH\r\n$4\r\nnop", b"e\r\n"],
    "bare line feeds": [b"PING\nAUTH nope\n"],
    "a bulk without its end": [b"*1\r\n$4\r\nPINGxxPING\r\n"],
    "an array of arrays": [b"*1\r\n*1\r\n$4\r\nPING\r\n"],
    "a bulk of no number": [b"*1\r\n$x\r\n"],
    "an array of 2000000": [b"*2000000\r\n"],
    "an array in an unsigned form": [b"*+1\r\n$4\r\nPING\r\n"],
    "an array with a space": [b"* 1\r\n$4\r\nPING\r\n"],
    "a long line": [b"A" * 70_000],
    "no text": [b"\0\1\2\3\r\n"],
    "a NUL in a command": [b"*1\r\n$3\r\nF\0O\r\n"],
    "a long command": lines("F" * 300 + " " + "a" * 300),
    "a quote closed badly": [b'AUTH "a"b\r\n'],
    "escapes in quotes": [b'AUTH "\\x41\\n" \'b\\\'c\'\r\n'],
    "TLS": [bytes.fromhex("1603010005010000010303")],
    "TLS and a line": [bytes.fromhex("160301000501000001030a0d0a")],
    "HELLO with too little": lines("HELLO 3 AUTH bob", "HELLO 3 SETNAME", "HELLO 2 AUTH"),
    "HELLO with a bad name": lines("HELLO 3 AUTH default nope SETNAME x"),
    "HELLO, inside": [b"HELLO 3 AUTH default {the-right-password-}\r\n", *lines("FOO", "GET", "HELLO 2", "FOO")],
    "resetting first": lines("RESET", "QUIT"),
    "subcommands first": lines("CLIENT FOO", "CONFIG GET *", "ACL WHOAMI", "COMMAND COUNT", "DEBUG x"),
}  # fmt: skip
