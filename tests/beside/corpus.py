"""First messages that no client of the product would send, or sends before it has logged in: one list a protocol."""

from __future__ import annotations

import struct


def lines(*texts: str) -> list[bytes]:
    return [f"{text}\r\n".encode() for text in texts]


def startup(*values: str, version: int = 196_608) -> bytes:
    """PostgreSQL's StartupMessage."""
    body = struct.pack(">I", version) + b"".join(value.encode() + b"\0" for value in values) + b"\0"
    return struct.pack(">I", 4 + len(body)) + body


def postgres(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">I", 4 + len(body)) + body


def connect(
    level: int,
    *,
    name: bytes = b"MQTT",
    flags: int = 0xC2,
    client: bytes = b"c",
    login: tuple[bytes, ...] = (),
) -> bytes:
    """MQTT's CONNECT."""
    texts = b"".join(struct.pack(">H", len(text)) + text for text in (client, *login))
    body = (
        struct.pack(">H", len(name))
        + name
        + bytes([level, flags, 0, 60])
        + (b"\0" if level == 5 else b"")
        + texts
    )
    return b"\x10" + bytes([len(body)]) + body


def ldap(number: int, operation: bytes) -> bytes:
    body = b"\x02\x01" + bytes([number]) + operation
    return b"\x30" + bytes([len(body)]) + body


def bind(name: bytes, password: bytes, version: int = 3) -> bytes:
    body = (
        b"\x02\x01"
        + bytes([version])
        + b"\x04"
        + bytes([len(name)])
        + name
        + b"\x80"
        + bytes([len(password)])
        + password
    )
    return b"\x60" + bytes([len(body)]) + body


_WEB = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
_WRONG = b"not-the-password"
_NATS_LOGIN = b'CONNECT {"user":"{user}","pass":"{password}","verbose":false}\r\n'
_ROOT = bytes.fromhex("632c04000a01000a0100020100020100010100870b6f626a656374636c6173733000")
"""Search of the root DSE for all attributes: base "", scope base, (objectClass=*)."""

CORPUS: dict[str, dict[str, list[bytes]]] = {
    "ftp": {
        "nothing": [],
        "an unknown command": lines("FOO bar"),
        "an empty line": lines(""),
        "help": lines("HELP"),
        "features": lines("FEAT"),
        "system": lines("SYST"),
        "a directory": lines("PWD"),
        "a password first": lines("PASS x"),
        "a wrong password": lines("USER ann", "PASS nope"),
        "three wrong ones": lines("USER ann", "PASS a", "USER ann", "PASS b", "USER ann", "PASS c"),
        "anonymous": lines("USER anonymous", "PASS a@b.example"),
        "no user": lines("USER", "PASS"),
        "TLS": lines("AUTH TLS"),
        "UTF8": lines("OPTS UTF8 ON"),
        "options": lines("OPTS MLST x"),
        "leaving": lines("QUIT"),
        "a web browser": [_WEB],
        "no text": [b"\x01\x02\xff\xfe\r\n"],
        "PBSZ": lines("PBSZ 0"),
        "NOOP": lines("NOOP"),
        "inside": [b"USER {user}\r\n", b"PASS {password}\r\n", *lines(
                "SYST", "PWD", "TYPE I", "TYPE A", "TYPE X", "CWD /", "HELP", "FOO", "NOOP",
                "STAT", "SITE HELP", "SITE FOO", "REST 5", "REST x", "PASV", "EPSV",
                "PORT 1,2,3,4,5,6", "LIST", "MODE S", "MODE B", "STRU F", "STRU R", "ALLO 1",
                "ABOR", "ACCT x", "SMNT x", "REIN", "RNTO x", "CLNT x", "MLST", "USER bob", "FEAT",
                "QUIT",
            )],
    },
    "imap": {
        "nothing": [],
        "capabilities": lines("a CAPABILITY"),
        "an unknown command": lines("a FOO"),
        "three unknown commands": lines("a FOO", "b BAR", "c BAZ", "d QUX"),
        "no tag": lines("CAPABILITY"),
        "an empty line": lines(""),
        "a tag alone": lines("a"),
        "a mailbox first": lines("a SELECT INBOX"),
        "a wrong password": lines("a LOGIN ann nope"),
        "no password": lines("a LOGIN ann"),
        "an unknown mechanism": lines("a AUTHENTICATE FOO"),
        "a mechanism and no": lines("a AUTHENTICATE PLAIN", "*"),
        "a mechanism and rubbish": lines("a AUTHENTICATE PLAIN", "!!!"),
        "TLS": lines("a STARTTLS"),
        "who it is": lines("a ID NIL"),
        "NOOP": lines("a NOOP"),
        "leaving": lines("a LOGOUT"),
        "a web browser": [_WEB],
        "enabling": lines("a ENABLE CONDSTORE"),
        "idling": lines("a IDLE"),
    },
    "pop3": {
        "nothing": [],
        "capabilities": lines("CAPA"),
        "an unknown command": lines("FOO"),
        "three unknown commands": lines("FOO", "BAR", "BAZ", "QUX"),
        "an empty line": lines(""),
        "a listing first": lines("STAT"),
        "a password first": lines("PASS x"),
        "a user alone": lines("USER"),
        "a wrong password": lines("USER ann", "PASS nope"),
        "mechanisms": lines("AUTH"),
        "an unknown mechanism": lines("AUTH FOO"),
        "a mechanism and no": lines("AUTH PLAIN", "*"),
        "a mechanism and rubbish": lines("AUTH PLAIN", "!!!"),
        "a digest": lines("APOP ann c4c9334bac560ecc979e58001b3e22fb"),
        "TLS": lines("STLS"),
        "NOOP": lines("NOOP"),
        "leaving": lines("QUIT"),
        "a web browser": [_WEB],
    },
    "smtp": {
        "nothing": [],
        "EHLO": lines("EHLO h.example"),
        "HELO": lines("HELO h.example"),
        "EHLO without a name": lines("EHLO"),
        "an unknown command": lines("FOO"),
        "an empty line": lines(""),
        "a sender first": lines("MAIL FROM:<a@b.example>"),
        "a recipient first": lines("EHLO h.example", "RCPT TO:<a@b.example>"),
        "a text first": lines("EHLO h.example", "DATA"),
        "a bad sender": lines("EHLO h.example", "MAIL FROM:nobody at all"),
        "no sender": lines("EHLO h.example", "MAIL"),
        "two senders": lines("EHLO h.example", "MAIL FROM:<a@b.example>", "MAIL FROM:<a@b.example>"),
        "too large": lines("EHLO h.example", "MAIL FROM:<a@b.example> SIZE=999999999"),
        "relaying": lines("EHLO h.example", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>"),
        "a bad recipient": lines("EHLO h.example", "MAIL FROM:<a@b.example>", "RCPT TO:<>"),
        "is somebody here": lines("EHLO h.example", "VRFY root"),
        "a list": lines("EHLO h.example", "EXPN root"),
        "help": lines("HELP"),
        "NOOP": lines("NOOP"),
        "RSET": lines("RSET"),
        "leaving": lines("QUIT"),
        "TLS": lines("EHLO h.example", "STARTTLS"),
        "a login before EHLO": lines("AUTH PLAIN"),
        "an unknown mechanism": lines("EHLO h.example", "AUTH FOO"),
        "a mechanism and no": lines("EHLO h.example", "AUTH PLAIN", "*"),
        "a mechanism and rubbish": lines("EHLO h.example", "AUTH PLAIN", "!!!"),
        "a wrong password": lines("EHLO h.example", "AUTH PLAIN AGFubgBub3Bl"),
        "a wrong login": lines("EHLO h.example", "AUTH LOGIN", "YW5u", "bm9wZQ=="),
        "no mechanism": lines("EHLO h.example", "AUTH"),
        "a web browser": [b"GET / HTTP/1.1\r\n"],
        "ETRN": lines("EHLO h.example", "ETRN x"),
        "BDAT": lines("EHLO h.example", "BDAT 0 LAST"),
    },
    "redis": {
        "PING": lines("PING"),
        "an unknown command": lines("FOO a b"),
        "a key": lines("GET a"),
        "a wrong password": lines("AUTH nope"),
        "a wrong user": lines("AUTH bob nope"),
        "no password": lines("AUTH"),
        "three words": lines("AUTH a b c"),
        "HELLO": lines("HELLO"),
        "HELLO 3": lines("HELLO 3"),
        "HELLO 9": lines("HELLO 9"),
        "HELLO x": lines("HELLO x"),
        "HELLO with a wrong login": lines("HELLO 3 AUTH bob nope"),
        "HELLO with an option": lines("HELLO 3 FOO"),
        "a database": lines("SELECT 1"),
        "an empty line": lines(""),
        "leaving": lines("QUIT"),
        "no array": [b"*x\r\n"],
        "an empty array": [b"*0\r\n*1\r\n$4\r\nPING\r\n"],
        "a negative array": [b"*-1\r\n*1\r\n$4\r\nPING\r\n"],
        "a large array": [b"*11\r\n"],
        "no bulk": [b"*1\r\n+PING\r\n"],
        "a large bulk": [b"*1\r\n$16385\r\n"],
        "a negative bulk": [b"*1\r\n$-1\r\n"],
        "an open quote": [b'GET "a\r\n'],
        "a web browser": [_WEB],
        "a form": [b"POST / HTTP/1.1\r\nHost: x\r\n\r\n"],
        "inside": [b"AUTH {password}\r\n", *lines(
                "PING", "PING a", "PING a b", "SELECT 99", "SELECT x", "SELECT", "SELECT 1",
                "GET a", "GET", "KEYS *", "CONFIG GET *", "CONFIG", "FOO", "FOO a b",
                "CLIENT SETNAME x", "CLIENT LIST", "INFO", "COMMAND", "DBSIZE", "ACL WHOAMI",
                "HELLO 2", "SUBSCRIBE a", "EVAL x 0", "QUIT",
            )],
        "lower case": lines("ping", "auth nope", "hello 3 setname x"),
        "a second login": [b"AUTH {password}\r\n", *lines("AUTH nope", "PING")],
        "commands of two words": [b"AUTH {password}\r\n", *lines(
                "CLIENT", "CLIENT FOO", "CLIENT ID", "CONFIG SET a b", "ACL", "ACL LIST", "COMMAND COUNT",
                "MEMORY USAGE a", "OBJECT FOO", "CLIENT SETINFO LIB-NAME x", "FUNCTION LIST", "LATENCY",
            )],
        "writing": [b"AUTH {password}\r\n", *lines(
                "SET a b", "SET a", "DEL a", "FLUSHALL", "EXPIRE a 1", "LPUSH a", "HSET a b", "MSET a", "LCS a b",
            )],
        "a transaction": [b"AUTH {password}\r\n", *lines("MULTI", "EXEC", "DISCARD", "WATCH a", "UNWATCH")],
        "administration": [b"AUTH {password}\r\n", *lines(
                "DEBUG SLEEP 0", "SAVE", "SLAVEOF NO ONE", "REPLICAOF a 1", "MONITOR", "SYNC", "MODULE LIST",
                "SCRIPT LOAD x", "CLUSTER INFO", "ROLE", "TIME", "ECHO hi", "RESET", "PING",
            )],
    },
    "nats": {
        "PING": lines("PING"),
        "an unknown operation": lines("FOO"),
        "a subscription first": lines("SUB a 1"),
        "a message first": [b"PUB a 2\r\nhi\r\n"],
        "no login": lines("CONNECT {}"),
        "a wrong login": lines('CONNECT {"user":"ann","pass":"nope"}'),
        "no JSON": lines("CONNECT {"),
        "no object": lines("CONNECT 7"),
        "an empty line": lines("", "PING"),
        "a web browser": [_WEB],
        "an information": lines("INFO {}"),
        "PONG": lines("PONG"),
        "inside": [b'CONNECT {"user":"{user}","pass":"{password}","verbose":false}\r\n', *lines("PING", "FOO")],
        "subscribing": [_NATS_LOGIN, *lines("SUB foo 1", "SUB foo..bar 1")],
        "a line without a size": [_NATS_LOGIN, b"PUB foo 2\r\nhi\r\n", b"PUB foo\r\n"],
        "a message that is longer than it says": [_NATS_LOGIN, b"PUB foo 2\r\nhiyo\r\n"],
        "a message that is too large": [_NATS_LOGIN, b"PUB foo 2000000\r\n"],
        "a second login": [_NATS_LOGIN, *lines("CONNECT {}", "PING")],
        "talkative": [b'CONNECT {"user":"{user}","pass":"{password}","verbose":true}\r\n', *lines("PING", "PONG")],
    },
    "postgres": {
        "may there be TLS": [struct.pack(">II", 8, 80_877_103)],
        "may there be GSSAPI": [struct.pack(">II", 8, 80_877_104)],
        "a query cancelled": [struct.pack(">IIII", 16, 80_877_102, 1, 2)],
        "no user": [startup("database", "x")],
        "protocol 2": [startup("user", "ann", version=131_072)],
        "protocol 4": [startup("user", "ann", version=262_144)],
        "protocol 0": [struct.pack(">II", 8, 0)],
        "protocol 3.9": [startup("user", "ann", "database", "ann", version=196_617)],
        "a user": [startup("user", "ann", "database", "ann")],
        "a wrong password": [startup("user", "ann", "database", "ann"), postgres(b"p", _WRONG + b"\0")],
        "an unknown user": [startup("user", "bob"), postgres(b"p", _WRONG + b"\0")],
        "an empty password": [startup("user", "ann"), postgres(b"p", b"\0")],
        "a query for a password": [startup("user", "ann"), postgres(b"Q", b"SELECT 1\0")],
        "a web browser": [_WEB],
        "no length": [b"\0\0\0\1xxxx"],
        "a long one": [b"\0\1\0\0xxxx"],
        "leaving": [startup("user", "ann"), postgres(b"X", b"")],
    },
    "mqtt": {
        "level 3, no login": [connect(4, flags=2)],
        "level 5, no login": [connect(5, flags=2)],
        "level 3, a wrong login": [connect(4, login=(b"ann", _WRONG))],
        "level 5, a wrong login": [connect(5, login=(b"ann", _WRONG))],
        "level 9": [connect(9, flags=2)],
        "MQIsdp": [connect(3, name=b"MQIsdp", login=(b"ann", _WRONG))],
        "MQIsdp at level 4": [connect(4, name=b"MQIsdp", flags=2)],
        "another name": [connect(4, name=b"FOOO", flags=2)],
        "a reserved flag": [connect(4, flags=3)],
        "a will of quality 3": [connect(4, flags=0x1E)],
        "no client and a session": [connect(4, flags=0, client=b"")],
        "a ping first": [b"\xc0\0"],
        "a subscription first": [b"\x82\x06\0\1\0\1a\0"],
        "a message first": [b"\x30\x04\0\1ab"],
        "leaving": [b"\xe0\0"],
        "a packet of no type": [b"\0\0"],
        "a web browser": [_WEB],
        "a long length": [b"\x10\xff\xff\xff\xff\x7f"],
        "inside, level 4": [connect(4, login=(b"{user}", b"{password}"))],
    },
    "amqp": {
        "the header": [b"AMQP\0\0\x09\1"],
        "version 1.0": [b"AMQP\0\1\0\0"],
        "SASL of 1.0": [b"AMQP\3\1\0\0"],
        "version 0-8": [b"AMQP\1\1\x08\0"],
        "a web browser": [_WEB],
        "no text": [b"\x01\x02\x03\x04\x05\x06\x07\x08"],
    },
    "ldap": {
        "anonymous": [ldap(1, bind(b"", b""))],
        "a wrong password": [ldap(1, bind(b"cn=admin,dc=corp,dc=local", _WRONG))],
        "no password": [ldap(1, bind(b"cn=admin,dc=corp,dc=local", b""))],
        "no name": [ldap(1, bind(b"ann", _WRONG))],
        "version 2": [ldap(1, bind(b"", b"", 2))],
        "version 9": [ldap(1, bind(b"", b"", 9))],
        "an unknown operation": [ldap(1, b"\x7e\0")],
        "an unknown extension": [ldap(1, b"\x77\x09\x80\x071.2.3.4")],
        "leaving": [ldap(1, b"\x42\0")],
        "no LDAP": [b"GET / HTTP/1.1\r\n\r\n"],
        "the root": [ldap(1, _ROOT)],
    },
}  # fmt: skip
"""Trap to case to messages."""
