"""A session of PostgreSQL's query protocol behind its login: statements to answers, and the state of the transaction.

"Message Flow" in its documentation, simple and extended query; what is said of mistakes was recorded from a server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from canaries.core.text import decoded
from listener.protocol import postgres_grammar, postgres_messages, postgres_values, sql_answers, sql_syntax
from listener.protocol.postgres_blocks import PostgresBlock
from listener.protocol.postgres_kept import KeptSettings
from listener.protocol.postgres_messages import message, texts
from listener.protocol.postgres_portals import BoundPortal, Portals, PreparedStatement
from listener.protocol.postgres_values import Bound
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows, SqlSession
from listener.protocol.sql_values import SqlParameter

_TAGS = {
    b"END": b"COMMIT",
    b"ABORT": b"ROLLBACK",
    b"DECLARE": b"DECLARE CURSOR",
    b"CLOSE": b"CLOSE CURSOR",
    b"FETCH": b"FETCH 0",
    b"MOVE": b"MOVE 0",
}
_OF_TABLES = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_UNTOLD = SqlRows(("id",), ())
"""The columns of a table that may not be read, where a statement asks for all of them."""
_MOST_PARAMETERS = 256
_BACK = b"ROLLBACK TO"
_ENDS = ("COMMIT", "END", "ROLLBACK", "ABORT", "ROLLBACK TO")
_BEGINS = (b"BEGIN", b"START TRANSACTION")
_PLAIN = BoundPortal(PreparedStatement(None))


def _is_of_running(refused: SqlRefused) -> bool:
    return (
        bool(refused.said)
        or refused.sort == "division"
        or (bool(refused.table) and refused.sort == "table" and refused.verb in _OF_TABLES)
    )


class PostgresSession:
    """What one connection has prepared and begun. Each method gives the bytes that answer a message."""

    def __init__(self, sql: Callable[[], SqlSession], kept: KeptSettings | None = None) -> None:
        """``sql``: what statements are answered from; ``kept``: the settings that they change."""
        self._sql, self._kept = sql, kept or KeptSettings()
        self._status = b"I"
        """Of the transaction: idle, in one, failed."""
        self._skipping = False
        """After an error in the extended protocol all is ignored until Sync."""
        self._portals = Portals()
        self._block = PostgresBlock(self._kept)
        self._together = False
        """Several statements in one query are a transaction of their own."""
        self._broken = False
        """Whether one of them was refused."""

    def ready(self) -> bytes:
        """ReadyForQuery; in front of it ParameterStatus of what has changed (ReportChangedGUCOptions)."""
        told = (message(b"S", texts(name, value)) for name, value in self._kept.changed().items())
        return b"".join(told) + message(b"Z", self._status)

    def sync(self) -> bytes:
        """The end of a group of messages."""
        self._skipping = False
        if self._status == b"I":
            self._portals.end()
        return self.ready()

    def query(self, body: bytes) -> bytes:
        """A simple query."""
        text, end, more = body.partition(b"\0")
        if more or not end:
            return (
                self._failed(postgres_messages.BAD_FORM if end else postgres_messages.NO_END) + self.ready()
            )
        if not text.strip(b"; \t\r\n"):
            return message(b"I", b"") + self.ready()
        words = decoded(text)
        if refused := self._unreadable(words):
            return refused + self.ready()
        self._together, self._broken = len(sql_answers.statements(words)) > 1, False
        found = sql_answers.answers(words, self._sql())
        said = b"".join(self._simple(one, words) for one in found)
        if self._together and self._status == b"I":
            self._block.end(committed=not self._broken)
        self._together = False
        return said + self.ready()

    def _simple(self, answer: SqlAnswer, words: str) -> bytes:
        """Nothing is bound to a simple query."""
        values = answer.rows[0] if isinstance(answer, SqlRows) and answer.rows else ()
        for value in values:
            if isinstance(value, SqlParameter):
                place = words.find(f"${value.number}") + 1
                return self._failed(postgres_messages.no_parameter(value.number, place))
        told, done = self._told(answer), self._executed(answer)
        return done if isinstance(answer, SqlDone) and done.startswith(b"E") else told + done

    def _unreadable(self, words: str) -> bytes:
        """The error of a text that is no SQL; nothing is run of it."""
        fault = sql_syntax.fault(words, postgres_grammar.GRAMMAR)
        return self._failed(postgres_grammar.syntax(fault, words)) if fault else b""

    def _told(self, answer: SqlAnswer) -> bytes:
        return b"" if isinstance(answer, SqlRefused) else self._described(answer)

    def parse(self, name: bytes, text: bytes, types: Sequence[int] = ()) -> bytes:
        """A statement that is prepared. ``types``: of its parameters, as told by the client.

        Whether a table may be read is looked at when the statement is run: by then the client has bound its values.
        """
        if self._skipping:
            return b""
        words = decoded(text)
        if refused := self._unreadable(words):
            return self._extended(refused)
        prepared = next(sql_answers.answers(words, self._sql()), None)
        if isinstance(prepared, SqlRefused) and not _is_of_running(prepared):
            return self._extended(self._executed(prepared))
        kinds = postgres_values.parameter_types(words, types, _MOST_PARAMETERS)
        self._portals.parse(
            name, PreparedStatement(prepared, kinds, words[: sql_answers.LONGEST] if kinds else "")
        )
        return message(b"1", b"")

    def bind(self, portal: bytes, statement: bytes, values: Bound, formats: Sequence[int]) -> bytes:
        """A statement that is bound."""
        if self._skipping:
            return b""
        prepared = self._portals.prepared(statement)
        if prepared is None:
            return self._extended(self._failed(postgres_messages.no_statement(statement)))
        if prepared.words and isinstance(prepared.answer, SqlRows):
            session, given = self._sql(), postgres_values.given(values, prepared.types)
            session = replace(session, values={**session.values, **given})
            prepared = replace(prepared, answer=next(sql_answers.answers(prepared.words, session), None))
        self._portals.bind(portal, BoundPortal(prepared, values, formats))
        return self._extended(message(b"2", b""))

    def types(self, statement: bytes) -> Sequence[int]:
        """Of the parameters of a prepared statement."""
        prepared = self._portals.prepared(statement)
        return prepared.types if prepared else ()

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
            return self._failed(run) if isinstance(run, bytes) else self._executed(run.statement.answer, run)
        sort, name = body[:1], body[1:].partition(b"\0")[0]
        if kind == b"C":
            refused = self._portals.close(sort, name)
            return self._failed(refused) if refused else message(b"3", b"")
        found = self._portals.described(sort, name)
        if isinstance(found, bytes):
            return self._failed(found)
        types = found.statement.types
        told = message(b"t", postgres_values.parameter_description(types)) if sort == b"S" else b""
        return told + (self._described(found.statement.answer, found) or message(b"n", b""))

    def _described(self, answer: SqlAnswer | None, portal: BoundPortal = _PLAIN) -> bytes:
        if isinstance(answer, SqlDone):
            answer = self._block.described(answer)
        if isinstance(answer, SqlRefused) and answer.verb == "SELECT" and not answer.said:
            answer = SqlRows(answer.columns, ()) if answer.columns else _UNTOLD
        if not isinstance(answer, SqlRows) or self._status == b"E" or answer.verb == "COPY":
            return b""
        return message(b"T", postgres_values.description(answer, portal.statement.types, portal.formats))

    def _executed(self, answer: SqlAnswer | None, portal: BoundPortal = _PLAIN) -> bytes:
        """What a statement answered with leads to, behind its description."""
        if self._status == b"E" and not (isinstance(answer, SqlDone) and answer.verb in _ENDS):
            return postgres_messages.ABORTED
        if (
            isinstance(answer, SqlDone | SqlRefused)
            and answer.only_inside
            and self._status == b"I"
            and not self._together
        ):
            return self._failed(postgres_messages.out_of_place(answer.only_inside, inside=False))
        if (
            isinstance(answer, SqlDone | SqlRefused)
            and answer.only_outside
            and (self._status == b"T" or self._together)
        ):
            return self._failed(postgres_messages.out_of_place(answer.only_outside, inside=True))
        if isinstance(answer, SqlDone):
            answer = self._block.run(answer, inside=self._status != b"I" or self._together)
        match answer:
            case SqlRows(verb="COPY"):
                return postgres_values.copied(answer) + self._complete(b"COPY %d" % len(answer.rows))
            case SqlRows():
                found = postgres_values.rows(answer, portal.formats, portal.values, portal.statement.types)
                rows = [message(b"D", row) for row in found]
                tag = b"SELECT %d" % len(rows) if answer.verb == "SELECT" else answer.verb.encode()
                return b"".join(rows) + self._complete(tag)
            case SqlDone(verb):
                word = verb.encode()
                return answer.notice + self._complete(_TAGS.get(word, word))
            case SqlRefused() if answer.said:
                return self._failed(answer.said)
            case SqlRefused():
                return self._failed(postgres_messages.refusal(answer.table, answer.sort, answer.verb))
        return message(b"I", b"")

    def _complete(self, tag: bytes) -> bytes:
        """CommandComplete; keeps the state that ReadyForQuery tells."""
        notice = b""
        if tag == _BACK:
            tag, self._status = b"ROLLBACK", b"T"
        elif tag in _BEGINS:
            notice = postgres_messages.transaction_warning(b"BEGIN") if self._status == b"T" else b""
            self._status = b"T"
        elif tag in (b"COMMIT", b"ROLLBACK"):
            notice = postgres_messages.transaction_warning(tag) if self._status == b"I" else b""
            tag, self._status = b"ROLLBACK" if self._status == b"E" else tag, b"I"
            self._block.end(committed=tag == b"COMMIT")
        return notice + message(b"C", tag + b"\0")

    def _failed(self, error: bytes) -> bytes:
        """An error, which a transaction does not survive."""
        self._broken = True
        self._status = b"E" if self._status == b"T" else self._status
        return error
