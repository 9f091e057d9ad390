"""MySQL's protocol 10 as it passes: which command the server is answering, and what is in its rows.

"Command Phase" of MySQL's and MariaDB's documentation. A command begins with a packet of number 0; all else that the
client sends belongs to one (a file for LOAD DATA LOCAL, a proof of who it is) and is passed over unread. The greeting
was changed so that client and server agree on what this understands (`listener.wire_proxy.mysql_greeting`).
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from canaries.core.text import decoded
from listener.protocol.octets import Octets
from listener.wire_proxy import mysql_values as values
from listener.wire_proxy.frames import MysqlFrames, WireError
from listener.wire_proxy.mysql_login import read_login
from listener.wire_proxy.mysql_values import MysqlColumn
from listener.wire_proxy.recogniser import Recogniser, RowPlan
from listener.wire_proxy.session import SeenStatement, WireSession
from listener.wire_proxy.wire_reader import WireReader

_MORE_RESULTS, _CURSOR = 0x0008, 0x0040
_QUIT, _INIT_DB, _QUERY, _FIELDS, _STATISTICS, _DUMP, _CHANGE_USER = 0x01, 0x02, 0x03, 0x04, 0x09, 0x12, 0x11
_DUMP_GTID, _PREPARE, _EXECUTE, _LONG_DATA, _CLOSE, _FETCH, _PROCESSES, _BULK = (
    0x1E,
    0x16,
    0x17,
    0x18,
    0x19,
    0x1C,
    0x0A,
    0xFA,
)
_SILENT = frozenset({_QUIT, _LONG_DATA, _CLOSE})
_RESULTS = frozenset({_QUERY, _EXECUTE, _PROCESSES, _BULK})
_LAST = 0xFFFFFFFF
"""In place of a number: the statement that was prepared last (MariaDB)."""
_MOST = 512
_USE = re.compile(r"\s*use\s+[`\"]?([^`\";\s]+)", re.IGNORECASE)


@dataclass(slots=True)
class _MysqlPrepared:
    """A prepared statement."""

    text: str
    count: int = 0
    types: list[tuple[int, bool]] = field(default_factory=list)
    columns: list[MysqlColumn] = field(default_factory=list)
    seen: SeenStatement | None = None
    """That was executed with a cursor, whose rows are fetched by and by."""


@dataclass(slots=True)
class _MysqlCommand:
    """A command whose answer is not whole yet."""

    code: int
    text: str = ""
    seen: SeenStatement | None = None
    parameters: list[str | None] = field(default_factory=list)
    prepared: _MysqlPrepared | None = None


class MysqlReader(WireReader):
    """One connection, from the client's HandshakeResponse on."""

    def __init__(self, recogniser: Recogniser, session: WireSession, now: Callable[[], str]) -> None:
        super().__init__(recogniser, session, now)
        self._from_client, self._from_server = MysqlFrames(), MysqlFrames()
        self._prepared: OrderedDict[int, _MysqlPrepared] = OrderedDict()
        self._latest: _MysqlPrepared | None = None
        self._commands: deque[_MysqlCommand] = deque()
        self._no_eof = False
        self._authenticated = False
        self._step: Callable[[bytes], None] = self._first
        """Takes the next packet of an answer."""
        self._left = 0
        """Columns, or packets, that are still to come."""
        self._columns: list[MysqlColumn] = []
        self._plan: RowPlan | None = None
        self._binary = False

    def begin(self, body: bytes) -> None:
        """The HandshakeResponse. Raises ValueError."""
        login = read_login(body)
        self._no_eof, session = login.no_eof, self.session
        session.user, session.database = login.user, login.database
        session.method, session.application = login.method, login.application

    def _unanswered(self) -> list[SeenStatement]:
        return [one.seen for one in self._commands if one.seen is not None]

    def _client(self, data: bytes) -> None:
        for number, body in self._from_client.feed(data):
            if number or not self._authenticated or not body:
                continue
            self._ask(body[0], body[1:])
            if len(self._commands) > _MOST:
                raise WireError("too much waits for its answer")

    def _ask(self, code: int, body: bytes) -> None:
        if code in (_DUMP, _DUMP_GTID):
            self.unread = "it is a connection for replication"
            return
        command = _MysqlCommand(code)
        if code == _QUERY:
            command.text = body.decode("utf-8", "replace")
            command.seen = self._begin(command)
        elif code == _PREPARE:
            command.text = body.decode("utf-8", "replace")
            command.prepared = self._latest = _MysqlPrepared(command.text)
        elif code in (_EXECUTE, _BULK, _FETCH):
            number = int.from_bytes(body[:4], "little")
            command.prepared = self._latest if number == _LAST else self._prepared.get(number)
            if command.prepared is not None:
                self._execute(command, command.prepared, body[4:])
        elif code == _CLOSE:
            self._prepared.pop(int.from_bytes(body[:4], "little"), None)
        elif code == _INIT_DB:
            command.text = decoded(body)
        elif code == _CHANGE_USER:
            packet = Octets(body)
            command.text = decoded(packet.text())
        if code not in _SILENT:
            self._commands.append(command)

    def _execute(self, command: _MysqlCommand, prepared: _MysqlPrepared, body: bytes) -> None:
        command.text = prepared.text
        if command.code == _FETCH:
            command.seen = prepared.seen
            return
        if command.code == _EXECUTE and prepared.count:
            command.parameters = values.parameters(body, prepared.count, prepared.types)
        command.seen = prepared.seen = self._begin(command)

    def _begin(self, command: _MysqlCommand) -> SeenStatement:
        seen = self.session.begin(command.text, self._recogniser.read(command.text), self._now())
        self._recogniser.look(seen, command.parameters)
        return seen

    def _server(self, data: bytes) -> None:
        for _, body in self._from_server.feed(data):
            if not self._authenticated:
                self._login(body)
            elif self._commands and body:
                if self._open is None:
                    self._open = self._commands[0].seen
                self._step(body)

    def _login(self, body: bytes) -> None:
        if body[:1] == b"\x00":
            self._authenticated = True
        elif body[:1] == b"\xfe" and len(body) > 1:
            self.session.method = decoded(body[1:].partition(b"\0")[0])

    def _first(self, body: bytes) -> None:
        """The first packet of an answer."""
        command, code = self._commands[0], self._commands[0].code
        first = body[0]
        if code == _CHANGE_USER:
            if first == 0x00:
                self.session.user = command.text
            if first in (0x00, 0xFF):
                self._end(body)
        elif first == 0xFF:
            self._end(body)
        elif code == _PREPARE:
            self._prepare(command, body)
        elif code == _FETCH and command.prepared is not None:
            self._columns, self._binary = command.prepared.columns, True
            self._plan = self._planned()
            self._step = self._row
            self._row(body)
        elif code == _FIELDS:
            self._step = self._skip_to_end
            self._skip_to_end(body)
        elif code not in _RESULTS or first in (0x00, 0xFE):
            self._end(body)
        elif first != 0xFB:  # LOCAL INFILE: its outcome follows
            packet = Octets(body)
            self._left = packet.number(1) if first < 0xFB else 0
            if first > 0xFB:
                packet.next_bytes(1)
                self._left = packet.number({0xFC: 2, 0xFD: 3}.get(first, 8))
            if self._left > 4096:
                raise WireError("so many columns there are not")
            self._columns, self._binary = [], code in (_EXECUTE, _BULK)
            self._step = self._column

    def _column(self, body: bytes) -> None:
        self._columns.append(values.column(body))
        self._left -= 1
        if not self._left:
            self._plan = self._planned()
            prepared = self._commands[0].prepared
            if prepared is not None:
                prepared.columns = self._columns
            self._step = self._row if self._no_eof else self._columns_end

    def _planned(self) -> RowPlan | None:
        return self._recogniser.plan([one.shown for one in self._columns])

    def _columns_end(self, body: bytes) -> None:
        if values.status(body) & _CURSOR:
            self._end(body)
        else:
            self._step = self._row

    def _row(self, body: bytes) -> None:
        first = body[0]
        if first == 0xFF or (first == 0xFE and (self._no_eof or len(body) < 9) and len(body) < 0xFFFFFF):
            self._end(body)
            return
        seen = self._commands[0].seen
        if seen is None:
            return
        seen.rows += 1
        if self._plan is not None:
            row = (
                values.binary_row(body, self._columns)
                if self._binary
                else values.text_row(body, len(self._columns))
            )
            self._recogniser.row(self._plan, row, seen)

    def _prepare(self, command: _MysqlCommand, body: bytes) -> None:
        """COM_STMT_PREPARE OK: columns and parameters are described behind it."""
        packet = Octets(body)
        packet.next_bytes(1)
        number, columns, parameters = packet.number(4), packet.number(2), packet.number(2)
        if command.prepared is not None:
            command.prepared.count = parameters
            self._prepared[number] = command.prepared
            if len(self._prepared) > _MOST:
                self._prepared.popitem(last=False)
        ends = 0 if self._no_eof else bool(columns) + bool(parameters)
        self._left = columns + parameters + ends
        self._step = self._skip
        if not self._left:
            self._over()

    def _skip(self, body: bytes) -> None:
        self._left -= 1
        if not self._left:
            self._over()

    def _skip_to_end(self, body: bytes) -> None:
        if body[0] == 0xFF or (body[0] == 0xFE and len(body) < 9):
            self._over()

    def _end(self, body: bytes) -> None:
        """OK, EOF or ERR: of a result, and of the command where no other result follows."""
        command, changed, flags = self._commands[0], 0, 0
        if body[0] == 0xFF:
            if command.seen is not None:
                command.seen.failed = str(int.from_bytes(body[1:3], "little"))
        elif command.code in _RESULTS or command.code == _FETCH:
            flags = values.status(body)
            changed = values.affected(body) if body[0] == 0x00 else 0
        if command.seen is not None and body[0] != 0xFF:
            command.seen.affected += changed
            self.session.apply(command.seen.sql.changes, command.parameters)
        self._step, self._plan = self._first, None
        if not flags & _MORE_RESULTS or body[0] == 0xFF:
            if body[0] != 0xFF and (command.code == _INIT_DB or command.code == _QUERY):
                used = _USE.match(command.text)
                if command.code == _INIT_DB or used is not None:
                    self.session.database = used[1] if used is not None else command.text
            self._over()

    def _over(self) -> None:
        command = self._commands.popleft()
        self._step = self._first
        if command.seen is not None:
            self._recogniser.end(command.seen, command.parameters)
            self._finish(command.seen)
        self._open = None
