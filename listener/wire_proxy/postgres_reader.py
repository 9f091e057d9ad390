"""PostgreSQL's protocol 3 as it passes: which statement the server is answering, and what is in its rows.

"Message Flow" of its documentation. What the client sends is answered in order: each message that gets an answer waits
in a queue, so that pipelined statements are told apart. After an error the server passes over all until the next Sync.
Passwords ('p') are passed over unread.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from listener.protocol.octets import Octets
from listener.wire_proxy import postgres_values as values
from listener.wire_proxy.frames import PostgresFrames, WireError
from listener.wire_proxy.postgres_queue import (
    MOST,
    AwaitedMessage,
    Columns,
    Portal,
    PreparedText,
    keep,
    text_of,
)
from listener.wire_proxy.recogniser import Recogniser, RowPlan
from listener.wire_proxy.session import SeenStatement, WireSession
from listener.wire_proxy.wire_reader import WireReader

_METHODS = {2: "kerberos", 3: "password", 5: "md5", 7: "gss", 9: "sspi", 10: "scram"}
_ASKED = ord("P"), ord("B"), ord("E"), ord("D"), ord("C"), ord("S"), ord("Q"), ord("F")
_PARSE, _BIND, _EXECUTE, _DESCRIBE, _CLOSE, _SYNC, _QUERY, _FUNCTION = _ASKED
_COPY_ENDS = frozenset(b"cf")


class PostgresReader(WireReader):
    """One connection, from the client's StartupMessage on, which comes without a type."""

    def __init__(self, recogniser: Recogniser, session: WireSession, now: Callable[[], str]) -> None:
        super().__init__(recogniser, session, now)
        self._from_client, self._from_server = PostgresFrames(), PostgresFrames()
        self._prepared: OrderedDict[str, PreparedText] = OrderedDict()
        self._portals: OrderedDict[str, Portal] = OrderedDict()
        self._awaited: deque[AwaitedMessage] = deque()
        self._plan: RowPlan | None = None
        self._copy: int | None = None
        """The form of a COPY that is under way: 0 text, 1 binary."""
        self._rest = b""
        """Of COPY: a line without its end."""
        self._copying_in = False

    def begin(self, body: bytes) -> None:
        """The StartupMessage, behind its length. Never raises."""
        said = values.startup(body[4:])
        session = self.session
        session.user = said.get("user", "")
        session.database = said.get("database") or session.user
        session.application = said.get("application_name", "")
        if said.get("replication", "").lower() not in ("", "false", "off", "no", "0"):
            self.unread = "it is a connection for replication"
        for name, value in said.items():
            if name == "options" and value:
                sql = self._recogniser.read(value.replace("-c", " ; set ").replace("--", " ; set "))
                session.apply(sql.changes)
            elif name in ("trapline.reason", "app.actor"):
                setattr(session, name.partition(".")[2], value)

    def _unanswered(self) -> list[SeenStatement]:
        return [one.seen for one in self._awaited if one.seen is not None]

    def _client(self, data: bytes) -> None:
        for kind, body in self._from_client.feed(data):
            if kind in _COPY_ENDS:
                self._copying_in = False
            elif kind in _ASKED and not (self._copying_in and kind == _SYNC):
                self._ask(kind, body)
                if len(self._awaited) > MOST:
                    raise WireError("too much waits for its answer")

    def _ask(self, kind: int, body: bytes) -> None:
        waits = AwaitedMessage(kind)
        if kind == _QUERY:
            waits.seen = self._begin(text_of(body), [])
        elif kind == _PARSE:
            name, _, rest = body.partition(b"\0")
            waits.prepared = PreparedText(text_of(rest))
            keep(self._prepared, name.decode("utf-8", "replace"), waits.prepared)
        elif kind == _BIND:
            portal, statement, parameters, forms = values.parameters(body)
            prepared = self._prepared.get(statement) or PreparedText("")
            waits.portal = Portal(prepared, parameters, forms)
            keep(self._portals, portal, waits.portal)
        elif kind == _DESCRIBE:
            described = text_of(body[1:])
            if body[:1] == b"S":
                waits.prepared = self._prepared.get(described)
            else:
                waits.portal = self._portals.get(described)
        elif kind == _EXECUTE:
            waits.portal = self._portals.get(text_of(body))
            if waits.portal is not None:
                waits.parameters = waits.portal.parameters
                if waits.portal.seen is None:  # a portal that is executed by and by is one statement
                    waits.portal.seen = self._begin(waits.portal.prepared.text, waits.parameters)
                waits.seen = waits.portal.seen
        elif kind == _CLOSE:
            (self._prepared if body[:1] == b"S" else self._portals).pop(text_of(body[1:]), None)
        self._awaited.append(waits)

    def _begin(self, text: str, parameters: list[str | None]) -> SeenStatement:
        seen = self.session.begin(text, self._recogniser.read(text), self._now())
        self._recogniser.look(seen, parameters)
        return seen

    def _server(self, data: bytes) -> None:
        for kind, body in self._from_server.feed(data):
            if self._open is None and self._awaited:
                self._turn()
            if kind == 0x44:  # D
                if self._plan is not None and self._open is not None:
                    self._recogniser.row(self._plan, values.row(body), self._open)
                if self._open is not None:
                    self._open.rows += 1
            elif kind == 0x64:  # d
                self._copied(body)
            elif (answer := _ANSWERS.get(kind)) is not None:
                answer(self, body)

    def _turn(self) -> None:
        """What is answered next."""
        first = self._awaited[0]
        if first.seen is None:
            return
        self._open, self._plan = first.seen, None
        if first.portal is not None:
            columns, forms = first.portal.columns, first.portal.forms
            if columns is None:
                columns = first.portal.prepared.columns
            self._plan = self._planned(columns or (), forms)

    def _planned(self, columns: Columns, forms: Sequence[int]) -> RowPlan | None:
        shown = []
        for number, (name, place, kind, form) in enumerate(columns):
            if forms:
                form = forms[0] if len(forms) == 1 else forms[number] if number < len(forms) else 0
            shown.append(values.column(name, place, kind, form))
        return self._recogniser.plan(shown)

    def _done(self, *kinds: int) -> AwaitedMessage | None:
        """The message that was answered, where it is of these."""
        if self._awaited and self._awaited[0].kind in kinds:
            return self._awaited.popleft()
        return None

    def _described(self, body: bytes) -> None:
        columns = values.described(body, self.session.database)
        first = self._awaited[0] if self._awaited else None
        if first is not None and first.kind == _DESCRIBE:
            self._awaited.popleft()
            if first.portal is not None:
                first.portal.columns = columns
            elif first.prepared is not None:
                first.prepared.columns = columns
        elif self._open is not None:
            self._plan = self._planned(columns, ())

    def _copy_out(self, body: bytes) -> None:
        """CopyOutResponse, CopyBothResponse."""
        packet = Octets(body, "big")
        self._copy, count = packet.number(1), packet.number(2)
        self._rest = b""
        if self._open is not None:
            read = values.as_copied if self._copy else values.as_text
            self._plan = self._recogniser.copy_plan(self._open, count, read)

    def _copy_in(self, body: bytes) -> None:
        """CopyInResponse: until the client ends it, the server passes over its Sync."""
        self._copying_in = True
        first = self._awaited.popleft() if self._awaited else None
        while self._awaited and self._awaited[0].kind == _SYNC:
            self._awaited.popleft()
        if first is not None:
            self._awaited.appendleft(first)

    def _copied(self, body: bytes) -> None:
        if self._plan is None or self._open is None or self._copy is None:
            return
        if self._copy:
            rows = values.binary_rows(body)
        else:
            whole, found, self._rest = (self._rest + body).rpartition(b"\n")
            self._rest = self._rest[-65_536:]
            rows = values.copied_rows(whole) if found else iter(())
        for row in rows:
            self._recogniser.row(self._plan, row, self._open)

    def _complete(self, body: bytes) -> None:
        """CommandComplete."""
        first = self._awaited[0] if self._awaited else None
        if first is None or first.seen is None:
            return
        seen = first.seen
        tag = body.partition(b" ")[0].rstrip(b"\0")
        seen.affected += values.tag_rows(body)
        if tag in (b"SET", b"SELECT", b"RESET", b"DISCARD"):
            self.session.apply(seen.sql.changes, first.parameters)
        self._copy = None
        if first.kind == _EXECUTE:
            self._awaited.popleft()
            self._recogniser.end(seen, first.parameters)
            self._finish(seen)
        self._plan = None

    def _suspended(self, body: bytes) -> None:
        """PortalSuspended: what was touched is told, whether or not the client goes on."""
        first = self._done(_EXECUTE)
        if first is not None and first.seen is not None:
            self._finish(first.seen)
        self._open = None

    def _failed(self, body: bytes) -> None:
        """ErrorResponse: the server goes on at the next Sync; a simple query ends by itself."""
        code = next(
            (part[1:].decode("ascii", "replace") for part in body.split(b"\0") if part[:1] == b"C"), ""
        )
        if self._awaited and self._awaited[0].seen is not None:
            self._awaited[0].seen.failed = code
        while self._awaited and self._awaited[0].kind not in (_SYNC, _QUERY):
            first = self._awaited.popleft()
            if first.seen is not None:
                first.seen.failed = code
                self._finish(first.seen)
        self._copy = self._plan = None

    def _ready(self, body: bytes) -> None:
        """ReadyForQuery."""
        while self._awaited:
            first = self._awaited.popleft()
            if first.seen is not None:
                self._recogniser.end(first.seen, first.parameters)
                self._finish(first.seen)
            if first.kind in (_SYNC, _QUERY, _FUNCTION):
                break
        self._open = self._plan = self._copy = None
        if body[:1] == b"I":
            self.session.idle()

    def _authentication(self, body: bytes) -> None:
        code = int.from_bytes(body[:4], "big")
        if code in _METHODS:
            self.session.method = _METHODS[code]
        elif code == 0 and not self.session.method:
            self.session.method = "none"

    def _status(self, body: bytes) -> None:
        """ParameterStatus."""
        name, _, value = body.rstrip(b"\0").partition(b"\0")
        if name == b"application_name":
            self.session.application = value.decode("utf-8", "replace")

    def _no_data(self, body: bytes) -> None:
        self._done(_DESCRIBE)

    def _parsed(self, body: bytes) -> None:
        self._done(_PARSE)

    def _bound(self, body: bytes) -> None:
        self._done(_BIND)

    def _closed(self, body: bytes) -> None:
        self._done(_CLOSE)

    def _empty(self, body: bytes) -> None:
        """EmptyQueryResponse."""
        self._done(_EXECUTE)
        self._open = None

    def _both(self, body: bytes) -> None:
        self.unread = "it is a connection for replication"


_ANSWERS: dict[int, Callable[[PostgresReader, bytes], None]] = {
    ord("T"): PostgresReader._described,
    ord("C"): PostgresReader._complete,
    ord("Z"): PostgresReader._ready,
    ord("E"): PostgresReader._failed,
    ord("1"): PostgresReader._parsed,
    ord("2"): PostgresReader._bound,
    ord("3"): PostgresReader._closed,
    ord("n"): PostgresReader._no_data,
    ord("s"): PostgresReader._suspended,
    ord("I"): PostgresReader._empty,
    ord("H"): PostgresReader._copy_out,
    ord("G"): PostgresReader._copy_in,
    ord("W"): PostgresReader._both,
    ord("R"): PostgresReader._authentication,
    ord("S"): PostgresReader._status,
}
