"""The MySQL trap: asks for the password in clear, then accepts the client and permits nothing.

Client/server protocol 10 as in the MySQL internals manual ("Connection Phase", "Command Phase") and MariaDB's
"Client/Server Protocol". AuthSwitchRequest to mysql_clear_password makes MariaDB's client, mysqldump and PyMySQL give
the password in clear; what refuses it (node's mysql2, Oracle's client without --enable-cleartext-plugin) has shown its
scramble before, kept with the challenge it answers, so that it can be held against a known password. LOAD DATA LOCAL is
never asked for: reading a visitor's files would be an attack.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from canaries.crypto.seeded_random import BASE62
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps._stream import StreamSettings, StreamTrap

_WITH_DB, _PROTOCOL_41, _TLS, _SECURE = 1 << 3, 1 << 9, 1 << 11, 1 << 15
_PLUGIN, _ATTRIBUTES, _LENENC_AUTH = 1 << 19, 1 << 20, 1 << 21
_MARIADB = (0x81FFF7DE, 45, bytes(6) + b"\x1d\0\0\0")
_MYSQL = (0xC3FFF7DF, 255, bytes(10))
"""Capabilities, character set and reserved bytes of a greeting: what the real servers send, without compression (no
client insists on it) and, of MySQL's, query attributes and a second factor. TLS is added where it is given."""
_CLEAR = b"mysql_clear_password"
_LONGEST = 1 << 20
_LONGEST_NOTED = 65_536
_MOST_ATTRIBUTES = 64
_AUTOCOMMIT = 2
_SERVERS = (
    ("5.5.5-10.6.22-MariaDB-0ubuntu0.22.04.1", "mysql_native_password", _MARIADB),
    ("5.5.5-10.11.11-MariaDB-0+deb12u1", "mysql_native_password", _MARIADB),
    ("5.5.5-10.11.13-MariaDB-0ubuntu0.24.04.1", "mysql_native_password", _MARIADB),
    ("8.0.41-0ubuntu0.22.04.1", "caching_sha2_password", _MYSQL),
    ("8.0.42-0ubuntu0.24.04.1", "caching_sha2_password", _MYSQL),
    ("8.0.43", "caching_sha2_password", _MYSQL),
    ("8.4.5", "caching_sha2_password", _MYSQL),
    ("8.4.6", "caching_sha2_password", _MYSQL),
)
"""Version (MariaDB 10 puts 5.5.5- before its own), default authentication plugin, and the rest of the greeting."""
_SESSION = re.compile(
    rb"\s*(?:/\*!\d*\s*)?(SET|BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)\b[^;]*;?\s*\Z", re.IGNORECASE
)
"""What anybody may do: clients begin with it, and would go no further without."""
_QUIT, _INIT_DB, _QUERY, _PING, _CHANGE_USER, _PREPARE, _RESET = 0x01, 0x02, 0x03, 0x0E, 0x11, 0x16, 0x1F
_COMMANDS = {
    0x04: "field list", 0x05: "create database", 0x06: "drop database", 0x07: "refresh", 0x08: "shutdown",
    0x09: "statistics", 0x0A: "process info", 0x0C: "kill", 0x0D: "debug", 0x12: "binlog dump", 0x13: "table dump",
    0x15: "register replica", 0x17: "execute", 0x1B: "set option", 0x1E: "binlog dump gtid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MysqlSettings(StreamSettings):
    """``[traps.mysql]``."""

    bind: tuple[str, ...] = ("127.0.0.1:3306",)
    starttls: bool = True
    """Whether TLS is offered; clients take any certificate unless told to verify it."""


class MysqlConversation(Conversation):
    """A server whose every user may connect and may read nothing."""

    def __init__(self, identity: Identity, number: int, *, starttls: bool = True) -> None:
        super().__init__(identity, number)
        self._buffer = bytearray()
        self._starttls = starttls
        self._sequence = 0
        stream = identity.stream("mysql")
        self._version, self._plugin, self._fixed = stream.pick("server", _SERVERS)
        self._salt = stream.text(f"salt:{number}", BASE62, 20).encode()
        self._next = self._login
        """Takes the next packet."""
        self._who: dict[str, Any] = {}

    def greet(self) -> Iterable[Step]:
        flags, charset, reserved = self._fixed
        flags |= _TLS if self._starttls else 0
        status = struct.pack("<HBHHB", flags & 0xFFFF, charset, _AUTOCOMMIT, flags >> 16, len(self._salt) + 1)
        thread = struct.pack("<I", self.identity.stream("mysql").between("thread", 20, 90_000) + self.number)
        texts = (
            b"\x0a" + self._version.encode(),
            thread + self._salt[:8],
            status + reserved + self._salt[8:],
        )
        yield self._say(
            texts[0] + b"\0" + texts[1] + b"\0" + texts[2] + b"\0" + self._plugin.encode() + b"\0"
        )

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while len(self._buffer) >= 4:
            size = int.from_bytes(self._buffer[:3], "little")
            if size > _LONGEST:
                raise ValueError("the packet is too long")
            if len(self._buffer) < 4 + size:
                return
            self._sequence = self._buffer[3] + 1
            body = bytes(self._buffer[4 : 4 + size])
            del self._buffer[: 4 + size]
            yield from self._next(body)

    def _say(self, *bodies: bytes) -> Send:
        """Packets, numbered on from the client's."""
        out = b""
        for body in bodies:
            out += struct.pack("<I", len(body))[:3] + bytes([self._sequence & 0xFF]) + body
            self._sequence += 1
        return Send(out)

    def _login(self, body: bytes) -> Iterator[Step]:
        packet = Octets(body)
        flags = packet.number(4)
        if not flags & _PROTOCOL_41:
            raise ValueError("a client from before MySQL 4.1")
        packet.next_bytes(4 + 1 + 23)
        if flags & _TLS and not packet.left:
            self._starttls = False
            early = bytes(self._buffer)  # clients begin the handshake without waiting
            self._buffer.clear()
            yield StartTls(early)
            return
        user = packet.text()
        if flags & _LENENC_AUTH:
            response = _counted(packet)
        else:
            response = packet.next_bytes(packet.number(1)) if flags & _SECURE else packet.text()
        database = packet.text() if flags & _WITH_DB and packet.left else b""
        plugin = packet.text() if flags & _PLUGIN and packet.left else b"mysql_native_password"
        attributes = _attributes(packet) if flags & _ATTRIBUTES and packet.left else {}
        self._who = _shown(user, database, attributes)
        yield from self._answer(response, plugin, switches=bool(flags & _PLUGIN))

    def _answer(self, response: bytes, plugin: bytes, *, switches: bool) -> Iterator[Step]:
        """To a login: the password in clear is asked for, wherever the client can be asked."""
        if plugin == _CLEAR:
            yield from self._password(response)
            return
        proof = {"plugin": decoded(plugin), "challenge": self._salt.hex(), "response": response.hex()}
        yield Record("login", self._who | proof)
        if switches:
            self._next = self._password
            yield self._say(b"\xfe" + _CLEAR + b"\0" + self._salt + b"\0")
        else:
            self._next = self._command
            yield self._say(_OK)

    def _password(self, body: bytes) -> Iterator[Step]:
        yield Record("login", self._who | {"password": decoded(body.removesuffix(b"\0"))})
        self._next = self._command
        yield self._say(_OK)

    def _command(self, body: bytes) -> Iterator[Step]:
        if not body:
            raise ValueError("no command")
        code, rest = body[0], body[1:]
        text = decoded(rest[:_LONGEST_NOTED])
        if code == _QUIT:
            yield Close()
        elif code == _CHANGE_USER:
            yield from self._change_user(Octets(rest))
        elif code == _INIT_DB:
            self._who |= {"database": text}
            yield Record("use", self._who)
            yield self._say(_OK)
        elif code in (_PING, _RESET):
            yield Record("command", self._who | {"command": "ping" if code == _PING else "reset connection"})
            yield self._say(_OK)
        elif code in (_QUERY, _PREPARE):
            yield Record("query", self._who | {"query": text})
            yield self._say(_OK if code == _QUERY and _SESSION.match(rest) else self._refusal())
        else:
            yield Record("command", self._who | {"command": _COMMANDS.get(code, str(code)), "value": text})
            yield self._say(self._refusal())

    def _change_user(self, packet: Octets) -> Iterator[Step]:
        user, response, database = packet.text(), packet.next_bytes(packet.number(1)), packet.text()
        attributes = {"_client_name": self._who.get("client", "")}
        self._who = _shown(user, database, attributes)
        yield from self._answer(response, b"mysql_native_password", switches=True)

    def _refusal(self) -> bytes:
        """ERR_Packet: errors 1044 and 1046 of the server error reference."""
        user, database = self._who["user"], self._who.get("database", "")
        if not database:
            return _error(1046, "3D000", "No database selected")
        return _error(
            1044, "42000", f"Access denied for user '{user[:80]}'@'%' to database '{database[:64]}'"
        )


_OK = struct.pack("<BBBHH", 0, 0, 0, _AUTOCOMMIT, 0)
"""OK_Packet: nothing changed, no warnings."""


def _error(number: int, state: str, message: str) -> bytes:
    return struct.pack("<BH", 0xFF, number) + b"#" + state.encode() + message.encode()


def _counted(packet: Octets) -> bytes:
    """A string behind its length-encoded length."""
    first = packet.number(1)
    if first in (0xFB, 0xFF):
        raise ValueError("no length")
    return packet.next_bytes(packet.number({0xFC: 2, 0xFD: 3, 0xFE: 8}[first]) if first > 0xFB else first)


def _attributes(packet: Octets) -> dict[str, str]:
    """The connection attributes: ``_client_name``, ``_os``, ``_pid``, ``program_name`` and what else a client says."""
    inner = Octets(_counted(packet))
    found: dict[str, str] = {}
    while inner.left and len(found) < _MOST_ATTRIBUTES:
        name = decoded(_counted(inner))
        found[name] = decoded(_counted(inner))
    return found


def _shown(user: bytes, database: bytes, attributes: dict[str, str]) -> dict[str, Any]:
    said = (attributes.get(name, "") for name in ("program_name", "_client_name", "_client_version", "_os"))
    shown = {
        "user": decoded(user), "database": decoded(database), "client": " ".join(filter(None, said)),
        "attributes": attributes,
    }  # fmt: skip
    return {name: value for name, value in shown.items() if value or name == "user"}


class MysqlTrap(StreamTrap):
    """MySQL and MariaDB, plain and over TLS behind SSLRequest."""

    name = "mysql"
    Settings = MysqlSettings
    conversation = MysqlConversation

    def converse(self, number: int) -> Conversation:
        return MysqlConversation(self.front.identity, number, starttls=self.settings.starttls)
