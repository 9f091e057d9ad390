"""The Microsoft SQL Server trap: LOGIN7 carries the password readable; then the client is in and may do nothing.

[MS-TDS], the Tabular Data Stream protocol, versions 7.0 to 7.4. PRELOGIN answers that encryption is not supported, so
a client that does not insist on it sends LOGIN7 in the open, whose password is only obfuscated (section 2.2.6.4). It is
let in rather than refused: what it asks for next says more than a failed login would.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core import clock
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import sql_answers, sql_rows, sql_sessions, tds
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
    readable,
    short,
    token,
    utf16,
    without_headers,
)
from listener.traps._stream import StreamSettings, StreamTrap, also

_RPC, _REPLY, _ATTENTION, _TRANSACTION, _LOGIN, _PRELOGIN = 3, 4, 6, 14, 16, 18
_ENCRYPT_NOT_SUPPORTED = 2
_LONGEST = 1 << 20
_LONGEST_NOTED = 32_768
_PACKET = 4096
_RELEASES = (
    (14, 0, 3465), (14, 0, 3475), (15, 0, 4375), (15, 0, 4415), (15, 0, 4430), (16, 0, 4135), (16, 0, 4165),
    (16, 0, 4185),
)  # fmt: skip
"""Major, minor, build of SQL Server 2017, 2019, 2022."""
_VERSIONS = (0x70000000, 0x71000000, 0x71000001, 0x72090002, 0x730A0003, 0x730B0003, 0x74000004)
_WIDE = 0x72000000
"""From here on counts of rows have eight bytes, line numbers and types of users four."""
_BEGIN, _COMMIT, _ROLLBACK = 5, 7, 8
_CHANGED = {_BEGIN: 8, _COMMIT: 9, _ROLLBACK: 10}
"""Transaction manager request to ENVCHANGE type."""
_STATEMENT = re.compile(r"\s*(?:SELECT|SET|USE|BEGIN|COMMIT|ROLLBACK|IF|DECLARE)\b", re.IGNORECASE)
"""How a text among those of a call begins that is its statement."""

_ANYTHING = SqlRefused("", "SELECT")
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
        self._release = stream.pick("release", _RELEASES)
        self._server = identity.host.name.upper()[:15]
        self._who: dict[str, Any] = {}
        self._old = False
        """Whether the client speaks a TDS from before 7.2."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
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
            texts = readable(without_headers(body))
            yield Record("rpc", self._who | {"query": texts})
            yield self._say(self._called(texts))
        elif kind == _TRANSACTION:
            request = Octets(without_headers(body)).number(2)
            yield Record("transaction", self._who)
            yield self._say(self._transaction(request))
        elif kind == _ATTENTION:
            yield self._say(self._done(0x20))
        else:
            raise ValueError("not a supported message")

    def _say(self, tokens: bytes) -> Send:
        """One message in packets."""
        out, room = b"", _PACKET - 8
        for number, begin in enumerate(range(0, len(tokens), room)):
            part, last = tokens[begin : begin + room], begin + room >= len(tokens)
            out += struct.pack(
                ">BBHHBB", _REPLY, last, 8 + len(part), 51 + self.number % 200, (number + 1) & 0xFF, 0
            )
            out += part
        return Send(out)

    def _offer(self, options: set[int]) -> bytes:
        """PRELOGIN of a server that cannot encrypt (section 2.2.6.5): of what it knows, the options that were sent."""
        major, minor, build = self._release
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
        major, minor, build = self._release
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

    def _called(self, texts: list[str]) -> bytes:
        """The tokens that answer a call: of sp_executesql and its like those of its statement."""
        statement = next((text for text in texts if _STATEMENT.match(text)), "")
        found = next(sql_answers.answers(statement, self._sql()), SqlRefused("", "EXECUTE"))
        if isinstance(found, SqlRefused):
            return self._refusal(found)
        rows = sql_rows.tds_tokens(found, old=self._old) if isinstance(found, SqlRows) else b""
        count = len(found.rows) if isinstance(found, SqlRows) else 0
        ran = self._done(0x11 if rows else 1, count, kind=0xFF)
        return rows + ran + b"\x79" + bytes(4) + self._done(kind=0xFE)

    def _sql(self) -> SqlSession:
        number = 51 + self.number % 200
        return sql_sessions.mssql(self._release, self._server, self._who, number, micros=clock.micros())

    def _refusal(self, refused: SqlRefused = _ANYTHING) -> bytes:
        """Errors 195, 207, 229 and 916 (sys.messages)."""
        user, database = self._who["user"][:128], (self._who.get("database") or "master")[:128]
        name = refused.table.rpartition(".")[2][:128]
        if refused.sort == "column":
            return self._error(207, 16, f"Invalid column name '{name}'.") + self._done(2)
        if refused.sort == "variable":
            return self._error(137, 15, f'Must declare the scalar variable "@@{name}".') + self._done(2)
        if refused.sort == "function":
            return self._error(195, 15, f"'{name}' is not a recognized built-in function name.") + self._done(
                2
            )
        if name:
            verb = "EXECUTE" if refused.verb == "EXEC" else refused.verb
            where = ("mssqlsystemresource", "sys") if name.lower().startswith("xp_") else (database, "dbo")
            told = f"The {verb} permission was denied on the object '{name}'"
            told += f", database '{where[0]}', schema '{where[1]}'."
            return self._error(229, 14, told) + self._done(2)
        text = (
            f'The server principal "{user}" is not able to access the database "{database}" under the current security '
            "context."
        )
        return self._error(916, 14, text) + self._done(2)

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
