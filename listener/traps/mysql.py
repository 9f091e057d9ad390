"""The MySQL trap: a MySQL 8 that asks for the whole password, lets in what may be bait and permits nothing.

Client/server protocol 10 as in the MySQL internals manual ("Connection Phase", "Command Phase").
caching_sha2_password's full authentication gives the password in clear, over TLS or under the server's RSA key. A
client that knows only mysql_native_password shows user and scramble, which is kept with the challenge it answers; then
the user name of its own decides. LOAD DATA LOCAL is never asked for: reading a visitor's files would be an attack.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from canaries.core import clock
from canaries.core.text import decoded
from listener.protocol import (
    mysql_auth,
    mysql_catalogue,
    mysql_packets,
    mysql_refusals,
    mysql_rules,
    mysql_statements,
    mysql_tokens,
    sql_answers,
    sql_rows,
    sql_sessions,
)
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlDone, SqlRefused, SqlRows, SqlSession
from listener.protocol.sql_values import SqlBound, SqlParameter, SqlValue
from listener.traps._stream import StreamSettings, StreamTrap

_WITH_DB, _PROTOCOL_41, _TLS, _SECURE = 1 << 3, 1 << 9, 1 << 11, 1 << 15
_PLUGIN, _ATTRIBUTES, _LENENC_AUTH = 1 << 19, 1 << 20, 1 << 21
_MYSQL = (0xC3FFF7FF, 255, bytes(10))
"""Capabilities, character set and reserved bytes of a greeting: what real servers send, without Zstandard, query
attributes and a second factor. TLS is added where it is given."""
_CLEAR, _NATIVE = b"mysql_clear_password", b"mysql_native_password"
_LONGEST = 1 << 20
_LONGEST_NOTED = 65_536
_NO_EOF = 1 << 24
_AUTOCOMMIT, _MORE_RESULTS = 2, 8
_QUIT, _INIT_DB, _QUERY, _STATISTICS, _PING, _CHANGE_USER, _RESET = 0x01, 0x02, 0x03, 0x09, 0x0E, 0x11, 0x1F
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
    """A server whose users may connect and may read nothing."""

    def __init__(self, identity: Identity, number: int, *, starttls: bool = True) -> None:
        super().__init__(identity, number)
        self._starttls = starttls
        self._packets = mysql_packets.PacketStream(_LONGEST)
        stream = identity.stream("mysql")
        self._version = identity.host.release("mysql")
        self._thread = stream.between("thread", 20, 90_000) + number
        self._flags = 0
        """The client's capabilities."""
        self._salt = mysql_auth.salt_of(identity.challenge(f"mysql:{number}", 20))
        self._next = self._login
        """Takes the next packet."""
        self._who: dict[str, Any] = {}
        self._kept: dict[str, SqlValue] = {}
        """Variables that were set, by name."""
        self._statements = mysql_statements.PreparedStatements()

    def greet(self) -> Iterable[Step]:
        flags, charset, reserved = _MYSQL
        flags |= _TLS if self._starttls else 0
        status = struct.pack("<HBHHB", flags & 0xFFFF, charset, _AUTOCOMMIT, flags >> 16, len(self._salt) + 1)
        thread = struct.pack("<I", self._thread)
        texts = (
            b"\x0a" + self._version.encode(),
            thread + self._salt[:8],
            status + reserved + self._salt[8:],
        )
        yield self._say(texts[0] + b"\0" + texts[1] + b"\0" + texts[2] + b"\0" + mysql_auth.NAME + b"\0")

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while (body := self._packets.take(self._buffer)) is not None:
            yield from self._next(body)

    def _say(self, *bodies: bytes) -> Send:
        """Packets, numbered on from the client's."""
        return Send(self._packets.packets(*bodies))

    def _login(self, body: bytes) -> Iterator[Step]:
        packet = Octets(body)
        flags = self._flags = packet.number(4)
        if not flags & _PROTOCOL_41:
            raise ValueError("a client from before MySQL 4.1")
        packet.next_bytes(4 + 1 + 23)
        if flags & _TLS and not packet.left:
            self._starttls, self.secure = False, True
            early = bytes(self._buffer)  # clients begin the handshake without waiting
            self._buffer.clear()
            yield StartTls(early)
            return
        user = packet.text()
        if flags & _LENENC_AUTH:
            response = mysql_auth.counted(packet)
        else:
            response = packet.next_bytes(packet.number(1)) if flags & _SECURE else packet.text()
        database = packet.text() if flags & _WITH_DB and packet.left else b""
        plugin = packet.text() if flags & _PLUGIN and packet.left else b"mysql_native_password"
        attributes = mysql_auth.attributes(packet) if flags & _ATTRIBUTES and packet.left else {}
        self._who = mysql_auth.shown(user, database, attributes)
        yield from self._answer(response, plugin, switches=bool(flags & _PLUGIN))

    def _answer(self, response: bytes, plugin: bytes, *, switches: bool) -> Iterator[Step]:
        """To a login: all of the password is asked for, wherever the client can be asked."""
        if plugin == _CLEAR:
            yield from self._password(response)
            return
        proof = {"plugin": decoded(plugin), "challenge": self._salt.hex(), "response": response.hex()}
        yield Record("login", self._who | proof)
        if plugin == mysql_auth.NAME:
            self._next = self._whole
            yield self._say(mysql_auth.FULL)
        elif plugin == _NATIVE or not switches:
            yield from self._judged(self._who["user"].rpartition("-")[2], with_password=bool(response))
        else:
            self._next = self._switched
            yield self._say(b"\xfe" + mysql_auth.NAME + b"\0" + self._salt + b"\0")

    def _switched(self, body: bytes) -> Iterator[Step]:
        yield from self._answer(body, mysql_auth.NAME, switches=True)

    def _whole(self, body: bytes) -> Iterator[Step]:
        """The password, or the wish for the key that it is to be encrypted with."""
        if body in mysql_auth.KEY_WANTED and not self.secure:
            self._next = self._encrypted
            yield self._say(b"\x01" + mysql_auth.public_pem())
        else:
            yield from self._password(body)

    def _encrypted(self, body: bytes) -> Iterator[Step]:
        try:
            password = mysql_auth.opened(body, self._salt)
        except ValueError:
            yield Record("login", self._who | {"encrypted": body.hex()})
            yield from self._judged("", with_password=True)
        else:
            yield from self._password(password)

    def _password(self, body: bytes) -> Iterator[Step]:
        password = decoded(body.removesuffix(b"\0"))
        yield Record("login", self._who | {"password": password})
        yield from self._judged(password, with_password=bool(password))

    def _judged(self, secret: str, *, with_password: bool) -> Iterator[Step]:
        """Let in whoever shows what may be bait, a password or a user name of its own."""
        if self.identity.admits(secret):
            self._next = self._command
            yield self._say(_OK)
            if self._flags & mysql_packets.COMPRESSES:
                self._packets.compress()
            return
        using = "YES" if with_password else "NO"
        who = f"'{self._who['user'][:80]}'@'{self.peer}'"
        yield self._say(
            mysql_refusals.error(1045, "28000", f"Access denied for user {who} (using password: {using})")
        )
        yield Close()

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
            yield Record("use", self._who | {"database": text})
            known = mysql_catalogue.used(text, self._sql(), self._kept)
            self._who |= {"database": text} if known else {}
            yield self._say(_OK if known else mysql_refusals.no_database(text))
        elif code in (_PING, _RESET):
            yield Record("command", self._who | {"command": "ping" if code == _PING else "reset connection"})
            yield self._say(_OK)
        elif code == _QUERY:
            yield Record("query", self._who | {"query": text})
            yield self._say(*self._results(text))
        elif code in mysql_statements.COMMANDS:
            yield from self._statement(code, rest, text)
        elif code == _STATISTICS:
            yield Record("command", self._who | {"command": _COMMANDS[code]})
            yield self._say(mysql_refusals.statistics(self.identity.stream("mysql"), clock.micros()))
        else:
            yield Record("command", self._who | {"command": _COMMANDS.get(code, str(code)), "value": text})
            yield self._say(self._refusal())

    def _change_user(self, packet: Octets) -> Iterator[Step]:
        user, response, database = packet.text(), packet.next_bytes(packet.number(1)), packet.text()
        attributes = {"_client_name": self._who.get("client", "")}
        self._who = mysql_auth.shown(user, database, attributes)
        yield from self._answer(response, b"", switches=True)

    def _statement(self, code: int, rest: bytes, text: str) -> Iterator[Step]:
        """A prepared statement: told as a query when it is prepared, and again when it is executed."""
        known = text if code == mysql_statements.PREPARE else self._statements.text(rest)[:_LONGEST_NOTED]
        what = {mysql_statements.PREPARE: "prepare", mysql_statements.EXECUTE: "execute"}.get(code, "command")
        shown: dict[str, Any] = {"query": known} if known else {"command": "statement"}
        values: list[SqlBound] = []
        if code == mysql_statements.LONG_DATA:
            self._statements.send(rest)
        elif code == mysql_statements.EXECUTE:
            values = self._statements.bound(rest)
            noted = [None if value.value is None else str(value.value)[:_LONGEST_NOTED] for value in values]
            shown |= {"parameters": noted} if noted else {}
        yield Record(what, self._who | shown)
        plain = bool(self._flags & _NO_EOF)
        said = self._statements.answer(
            code, rest, self._one, status=_AUTOCOMMIT, plain_end=plain, values=values
        )
        yield self._say(*([mysql_refusals.NO_STATEMENT] if said is None else said))

    def _one(self, text: str, bound: Mapping[str, SqlParameter]) -> SqlRows | list[bytes]:
        """A statement's rows, or the packets that say it is done or refused."""
        session = self._sql()
        found = list(sql_answers.answers(text, replace(session, values={**session.values, **bound})))
        if refused := mysql_rules.unreadable(text, bound=True):
            return [refused]
        return found[0] if len(found) == 1 and isinstance(found[0], SqlRows) else self._results(text)

    def _results(self, text: str) -> list[bytes]:
        """The packets that answer a batch."""
        if refused := mysql_rules.unreadable(text):
            return [refused]
        found = list(sql_answers.answers(mysql_tokens.without_comments(text), self._sql()))
        if used := self._kept.get("database()"):
            self._who["database"] = str(used)
        packets: list[bytes] = []
        for number, answer in enumerate(found, 1):
            status = _AUTOCOMMIT | (_MORE_RESULTS if number < len(found) else 0)
            match answer:
                case SqlRows():
                    plain = bool(self._flags & _NO_EOF)
                    packets += sql_rows.mysql_packets(answer, status=status, plain_end=plain)
                case SqlDone():
                    packets.append(struct.pack("<BBBHH", 0, 0, 0, status, 0))
                case SqlRefused():
                    packets.append(self._refusal(answer))
        return packets or [mysql_refusals.error(1065, "42000", "Query was empty")]

    def _sql(self) -> SqlSession:
        who = self._who["user"], self.peer
        database = str(self._kept.get("database()") or self._who.get("database", ""))
        if database and database.lower() not in mysql_catalogue.SYSTEM:
            self._kept.setdefault(mysql_catalogue.OWN, database[:64])
        return sql_sessions.mysql(
            self._version, who, database, self._thread, micros=clock.micros(), kept=self._kept
        )

    def _refusal(self, refused: SqlRefused = mysql_refusals.ANYTHING) -> bytes:
        return refused.said or mysql_refusals.refusal(
            refused, self._who["user"], self.peer, self._who.get("database", "")
        )


_OK = struct.pack("<BBBHH", 0, 0, 0, _AUTOCOMMIT, 0)
"""OK_Packet: nothing changed, no warnings."""


class MysqlTrap(StreamTrap):
    """MySQL and MariaDB, plain and over TLS behind SSLRequest."""

    name = "mysql"
    Settings = MysqlSettings
    conversation = MysqlConversation

    async def open(self, sockets: list[socket.socket]) -> None:
        mysql_auth.server_key()  # made now, not when the first client waits for it
        await super().open(sockets)

    def converse(self, number: int) -> Conversation:
        return MysqlConversation(self.front.identity, number, starttls=self.settings.starttls)
