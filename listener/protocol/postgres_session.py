"""A session of PostgreSQL's query protocol behind its login: statements to answers, and the state of the transaction.

"Message Flow" in its documentation, simple and extended query; what is said of mistakes was recorded from a server.
"""

from __future__ import annotations

from collections.abc import Callable

from canaries.core.text import decoded
from listener.protocol import postgres_messages, sql_answers, sql_rows
from listener.protocol.postgres_messages import message
from listener.protocol.postgres_portals import Portals
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows, SqlSession

_TAGS = {b"END": b"COMMIT", b"ABORT": b"ROLLBACK"}
_ENDS = ("COMMIT", "END", "ROLLBACK", "ABORT")
_BEGINS = (b"BEGIN", b"START TRANSACTION")


class PostgresSession:
    """What one connection has prepared and begun. Each method gives the bytes that answer a message."""

    def __init__(self, sql: Callable[[], SqlSession]) -> None:
        """``sql``: what statements are answered from."""
        self._sql = sql
        self._status = b"I"
        """Of the transaction: idle, in one, failed."""
        self._skipping = False
        """After an error in the extended protocol all is ignored until Sync."""
        self._portals = Portals()
        self._formats: list[int] = []
        """How the columns are wanted."""

    def ready(self) -> bytes:
        """ReadyForQuery."""
        return message(b"Z", self._status)

    def sync(self) -> bytes:
        """The end of a group of messages."""
        self._skipping = False
        return self.ready()

    def query(self, body: bytes) -> bytes:
        """A simple query."""
        text, end, more = body.partition(b"\0")
        self._formats = []
        if more or not end:
            return (
                self._failed(postgres_messages.BAD_FORM if end else postgres_messages.NO_END) + self.ready()
            )
        if not text.strip(b"; \t\r\n"):
            return message(b"I", b"") + self.ready()
        found = sql_answers.answers(decoded(text), self._sql())
        return b"".join(self._described(one) + self._executed(one) for one in found) + self.ready()

    def parse(self, name: bytes, text: bytes) -> bytes:
        """A statement that is prepared."""
        if self._skipping:
            return b""
        prepared = next(sql_answers.answers(decoded(text), self._sql()), None)
        if isinstance(prepared, SqlRefused):
            return self._extended(self._executed(prepared))
        self._portals.parse(name, prepared)
        return message(b"1", b"")

    def bind(self, portal: bytes, statement: bytes, formats: list[int]) -> bytes:
        """A statement that is bound."""
        if self._skipping:
            return b""
        refused = self._portals.bind(portal, statement, formats)
        return self._extended(self._failed(refused) if refused else message(b"2", b""))

    def extended(self, kind: bytes, body: bytes) -> bytes:
        """Describe, Execute or Close."""
        return b"" if self._skipping else self._extended(self._reply(kind, body))

    def function(self, number: int) -> bytes:
        """A function that is called by its number."""
        return self._failed(postgres_messages.no_function(number)) + self.ready()

    def _extended(self, reply: bytes) -> bytes:
        self._skipping = reply.startswith(b"E")
        return reply

    def _reply(self, kind: bytes, body: bytes) -> bytes:
        if kind == b"E":
            run = self._portals.executed(body.partition(b"\0")[0])
            if isinstance(run, bytes):
                return self._failed(run)
            self._formats = run[1]
            return self._executed(run[0])
        sort, name = body[:1], body[1:].partition(b"\0")[0]
        if kind == b"C":
            refused = self._portals.close(sort, name)
            return self._failed(refused) if refused else message(b"3", b"")
        answer = self._portals.described(sort, name)
        if isinstance(answer, bytes):
            return self._failed(answer)
        parameters = message(b"t", b"\0\0") if sort == b"S" else b""
        return parameters + (self._described(answer) or message(b"n", b""))

    def _described(self, answer: SqlAnswer | None) -> bytes:
        rows = isinstance(answer, SqlRows) and self._status != b"E"
        return message(b"T", sql_rows.postgres_description(answer)) if rows else b""  # type: ignore[arg-type]

    def _executed(self, answer: SqlAnswer | None) -> bytes:
        """What a statement answered with leads to, behind its description."""
        if self._status == b"E" and not (isinstance(answer, SqlDone) and answer.verb in _ENDS):
            return postgres_messages.ABORTED
        match answer:
            case SqlRows():
                rows = [message(b"D", row) for row in sql_rows.postgres_rows(answer, self._formats)]
                return b"".join(rows) + self._complete(b"SELECT %d" % len(rows))
            case SqlDone(verb):
                word = verb.encode()
                return self._complete(_TAGS.get(word, word))
            case SqlRefused(table):
                return self._refusal(table)
        return message(b"I", b"")

    def _complete(self, tag: bytes) -> bytes:
        """CommandComplete; keeps the state that ReadyForQuery tells."""
        notice = b""
        if tag in _BEGINS:
            notice = postgres_messages.transaction_warning(b"BEGIN") if self._status == b"T" else b""
            self._status = b"T"
        elif tag in (b"COMMIT", b"ROLLBACK"):
            notice = postgres_messages.transaction_warning(tag) if self._status == b"I" else b""
            tag, self._status = b"ROLLBACK" if self._status == b"E" else tag, b"I"
        return notice + message(b"C", tag + b"\0")

    def _refusal(self, table: str = "") -> bytes:
        what = f"table {table.rpartition('.')[2][:63]}" if table else "schema public"
        return self._failed(postgres_messages.denied(what))

    def _failed(self, error: bytes) -> bytes:
        """An error, which a transaction does not survive."""
        self._status = b"E" if self._status == b"T" else self._status
        return error
