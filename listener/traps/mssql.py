"""The Microsoft SQL Server trap: LOGIN7 carries the password readable; then the client is in and may do nothing.

[MS-TDS], the Tabular Data Stream protocol, versions 7.0 to 7.4. PRELOGIN answers that encryption is not supported, so
a client that does not insist on it sends LOGIN7 in the open, whose password is only obfuscated (section 2.2.6.4). It is
let in rather than refused: what it asks for next says more than a failed login would.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from canaries.core import clock
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import (
    mssql_releases,
    sql_answers,
    sql_rows,
    sql_sessions,
    tds,
    tds_calls,
    tds_refusals,
)
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlDone, SqlRefused, SqlRows, SqlSession
from listener.protocol.tds import (
    BATCH,
    asked,
    done,
    environment,
    login7,
    prelogin,
    short,
    token,
    utf16,
    without_headers,
)
from listener.protocol.tds_calls import TdsCall, TdsStatement, TdsStatements
from listener.traps._stream import StreamSettings, StreamTrap, also

_RPC, _REPLY, _ATTENTION, _TRANSACTION, _LOGIN, _PRELOGIN = 3, 4, 6, 14, 16, 18
_OLD_LOGIN = 2
"""Of TDS before 7.0."""
_ENCRYPT_NOT_SUPPORTED = 2
_LONGEST = 1 << 20
_LONGEST_NOTED = 32_768
_PACKET = 4096
_VERSIONS = (0x70000000, 0x71000000, 0x71000001, 0x72090002, 0x730A0003, 0x730B0003, 0x74000004)
_WIDE = 0x72000000
"""From here on counts of rows have eight bytes, line numbers and types of users four."""
_BEGIN, _COMMIT, _ROLLBACK = 5, 7, 8
_CHANGED = {_BEGIN: 8, _COMMIT: 9, _ROLLBACK: 10}
"""Transaction manager request to ENVCHANGE type."""
_UNTRUSTED = (
    "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication."
)


@dataclass(frozen=True, slots=True)
class MssqlSettings(StreamSettings):
    """``[traps.mssql]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1433",)
    tls: bool = True
    """TDS 8.0 begins with TLS, told apart by its first byte."""


class MssqlConversation(Conversation):
    """A server whose every login may connect and may read nothing."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._message = bytearray()
        """Packets of a message whose last one has not come yet."""
        stream = identity.stream("mssql")
        self._release = stream.pick("release", mssql_releases.RELEASES)
        self._server = identity.host.name.upper()[:15]
        self._who: dict[str, Any] = {}
        self._prepared = TdsStatements()
        self._greeted = False
        """Whether a LOGIN7 came."""
        self._old = False
        """Whether the client speaks a TDS from before 7.2."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        if not self._greeted and self._buffer and self._buffer[0] not in (_OLD_LOGIN, _LOGIN, _PRELOGIN):
            raise ValueError("no TDS")  # a server reads no further, and says nothing
        while len(self._buffer) >= 8:
            kind, status, size = struct.unpack(">BBH", self._buffer[:4])
            if size < 8 or len(self._message) > _LONGEST:
                raise ValueError("no packet")
            if len(self._buffer) < size:
                return
            self._message += self._buffer[8:size]
            del self._buffer[:size]
            if status & 1:  # end of message
                body = bytes(self._message)
                self._message.clear()
                yield from self._answer(kind, body)

    def _answer(self, kind: int, body: bytes) -> Iterator[Step]:
        if kind == _PRELOGIN:
            yield Record("prelogin", prelogin(body))
            yield self._say(self._offer(asked(body)))
        elif kind == _LOGIN:
            yield from self._login(body)
        elif not self._who:
            raise ValueError("expected a login")
        elif kind == BATCH:
            text = utf16(without_headers(body))[:_LONGEST_NOTED]
            yield Record("query", self._who | {"query": text})
            yield self._say(self._results(text))
        elif kind == _RPC:
            yield from self._call(without_headers(body))
        elif kind == _TRANSACTION:
            request = Octets(without_headers(body)).number(2)
            yield Record("transaction", self._who)
            yield self._say(self._transaction(request))
        elif kind == _ATTENTION:
            yield self._say(self._done(0x20))
        else:
            raise ValueError("not a supported message")

    def _say(self, tokens: bytes) -> Send:
        """One message in packets. Before LOGIN7 there is no session whose id they could carry."""
        out, room = b"", _PACKET - 8
        session = 51 + self.number % 200 if self._greeted else 0
        for number, begin in enumerate(range(0, len(tokens), room)):
            part, last = tokens[begin : begin + room], begin + room >= len(tokens)
            out += struct.pack(">BBHHBB", _REPLY, last, 8 + len(part), session, (number + 1) & 0xFF, 0)
            out += part
        return Send(out)

    def _offer(self, options: set[int]) -> bytes:
        """PRELOGIN of a server that cannot encrypt (section 2.2.6.5): of what it knows, the options that were sent."""
        major, minor, build = self._release.numbers
        known = {
            0: struct.pack(">BBHH", major, minor, build, 0),
            1: bytes([_ENCRYPT_NOT_SUPPORTED]),
            2: b"\0",
            3: b"",
            4: b"\0",
        }
        values = {number: value for number, value in known.items() if number < 2 or number in options}
        at, table = 5 * len(values) + 1, b""
        for number, value in values.items():
            table += struct.pack(">BHH", number, at, len(value))
            at += len(value)
        return table + b"\xff" + b"".join(values.values())

    def _login(self, body: bytes) -> Iterator[Step]:
        self._greeted = True
        shown, version, integrated = login7(body)
        self._old = version in _VERSIONS and version < _WIDE
        yield Record("login", shown)
        if integrated:
            yield self._say(self._error(18452, 14, _UNTRUSTED) + self._done(2))
            yield Close()
            return
        self._who = {
            name: value
            for name, value in shown.items()
            if name in ("user", "database", "client", "host_name")
        }
        if self.identity.admits(str(shown.get("password", ""))):
            yield self._say(self._welcome(version))
        else:
            self._who = {}
            yield self._say(
                self._error(18456, 14, f"Login failed for user '{shown.get('user', '')[:128]}'.")
                + self._done(2)
            )
            yield Close()

    def _welcome(self, version: int) -> bytes:
        major, minor, build = self._release.numbers
        database, language = self._who.get("database") or "master", "us_english"
        name = "Microsoft SQL Server\0\0".encode("utf-16-le")
        version = version if version in _VERSIONS else _VERSIONS[-1]
        acknowledged = struct.pack(">BIB", 1, version, len(name) // 2) + name
        acknowledged += struct.pack(">BBH", major, minor, build)
        return (
            environment(1, short(database) + short("master"))
            + self._information(5701, 2, f"Changed database context to '{database}'.")
            + environment(2, short(language) + short(""))
            + self._information(5703, 1, f"Changed language setting to {language}.")
            + token(0xAD, acknowledged)
            + environment(4, short(str(_PACKET)) * 2)
            + self._done()
        )

    def _transaction(self, request: int) -> bytes:
        if request not in _CHANGED:
            return self._refusal()
        descriptor = (
            b"\x08" + self.identity.stream("mssql").draw_bytes(f"transaction:{self.number}", 4) + bytes(4)
        )
        values = descriptor + b"\0" if request == _BEGIN else b"\0" + descriptor
        return environment(_CHANGED[request], values) + self._done()

    def _results(self, text: str) -> bytes:
        """The tokens that answer a batch."""
        found = list(sql_answers.answers(text, self._sql()))
        out = b""
        for number, answer in enumerate(found, 1):
            more = 1 if number < len(found) else 0
            match answer:
                case SqlRows():
                    rows = sql_rows.tds_tokens(answer, old=self._old)
                    out += rows + self._done(0x10 | more, len(answer.rows))
                case SqlDone():
                    out += self._done(more)
                case SqlRefused():
                    out += self._refusal(answer)
        return out or self._done()

    def _call(self, body: bytes) -> Iterator[Step]:
        """Procedures, or what can be read of a message that is not clear."""
        found: list[TdsCall] = []
        with contextlib.suppress(ValueError):
            found = tds_calls.calls(body)
        if not found:
            yield Record("rpc", self._who | {"query": tds.readable(body)})
            yield self._say(self._refusal(SqlRefused("", "EXECUTE")))
        out, session = b"", self._sql()
        for number, call in enumerate(found, 1):
            statement = self._prepared.statement(call)
            yield Record("rpc", self._who | tds_calls.shown(call, statement))
            out += self._called(call, statement, session, more=number < len(found))
        if out:
            yield self._say(out)

    def _called(
        self, call: TdsCall, statement: TdsStatement | None, session: SqlSession, *, more: bool
    ) -> bytes:
        """The tokens that answer one call: of sp_executesql and its like those of its statement."""
        if statement is None:
            handle = call.parameters[0].given.value if call.number and call.parameters else None
            if isinstance(handle, int):
                return self._error(*tds_refusals.no_handle(handle)) + self._done(2 | more, kind=0xFE)
            refused = tds_refusals.refusal(SqlRefused(call.procedure, "EXECUTE"), *self._names())
            return self._error(*refused) + self._done(2 | more, kind=0xFE)
        out = b""
        session = replace(session, values={**session.values, **dict(statement.bound)})
        for answer in sql_answers.answers(statement.text, session) if statement.runs else ():
            if isinstance(answer, SqlRefused):
                refused = tds_refusals.refusal(answer, *self._names())
                return out + self._error(*refused) + self._done(2 | more, kind=0xFE)
            rows = answer if isinstance(answer, SqlRows) else None
            out += sql_rows.tds_tokens(rows, old=self._old) if rows else b""
            out += self._done(0x11 if rows else 1, len(rows.rows) if rows else 0, kind=0xFF)
        back = tds.returned(statement.handle, old=self._old) if statement.handle else b""
        return out + b"\x79" + bytes(4) + back + self._done(int(more), kind=0xFE)

    def _sql(self) -> SqlSession:
        number = 51 + self.number % 200
        return sql_sessions.mssql(self._release, self._server, self._who, number, micros=clock.micros())

    def _names(self) -> tuple[str, str]:
        return self._who["user"], self._who.get("database") or "master"

    def _refusal(self, refused: SqlRefused = tds_refusals.ANYTHING) -> bytes:
        return self._error(*tds_refusals.refusal(refused, *self._names())) + self._done(2)

    def _done(self, status: int = 0, count: int = 0, *, kind: int = 0xFD) -> bytes:
        return done(status, count, kind=kind, old=self._old)

    def _error(self, number: int, severity: int, text: str) -> bytes:
        return self._told(0xAA, number, 1, severity, text)

    def _information(self, number: int, state: int, text: str) -> bytes:
        return self._told(0xAB, number, state, 10 if number == 5701 else 0, text)

    def _told(self, kind: int, number: int, state: int, severity: int, text: str) -> bytes:
        line = struct.pack("<H" if self._old else "<I", 1)
        told = text.encode("utf-16-le", "replace")
        head = struct.pack("<IBBH", number, state, severity, len(told) // 2)
        return token(kind, head + told + short(self._server) + short("") + line)


class MssqlTrap(StreamTrap):
    """Microsoft SQL Server."""

    name = "mssql"
    Settings = MssqlSettings
    conversation = MssqlConversation

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """As of every trap; and of messages in several packets what stands across them."""
        return also(StreamTrap.read(sighting), tds.bodies(sighting.raw))
