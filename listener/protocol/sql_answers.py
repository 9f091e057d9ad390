"""The small, honest table of answers that SQL traps share: what any account may ask, and nothing of any table.

Drivers, pools and tools begin with a constant, the version, who and where they are, session settings, the catalogue. A
server that refuses those is no server, and a pool that fails on ``SELECT 1`` logs in again for ever. Whatever names
a table of its own is refused by that table's name; the trap says it in its server's words.

No SQL parser: statements are split at semicolons outside of quotes, and a select list at its commas.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from listener.protocol.sql_effort import SqlEffort, SqlTooMuchError
from listener.protocol.sql_expressions import SqlUnknownError, evaluated
from listener.protocol.sql_values import SqlParameter, SqlValue

MOST_STATEMENTS = 64
_DEEPEST = 16
"""Statements of which each is part of the one before: EXPLAIN, COPY, PREPARE, WITH."""
LONGEST = 4096
"""Characters that are looked at: the patterns below are quadratic where a visitor wants it."""
_TOKENS = re.compile(
    r"(?P<dollar>\$\w*\$).*?(?P=dollar)|'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|[;,()]"
    r"|[^;,()'\"`\[/$-]+|.",
    re.S,
)
_SESSION = re.compile(
    r"(SET|RESET|DISCARD|USE|BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|IF\s+@@TRANCOUNT"
    r"|LISTEN|UNLISTEN|NOTIFY|DEALLOCATE|CLOSE|FETCH|MOVE|DECLARE)\b",
    re.I,
)
_CURSOR = re.compile(r"DECLARE\s+\S+\s[^;]*?\bCURSOR\b.*?\bFOR\s+(?=SELECT|WITH|VALUES|TABLE)", re.I | re.S)
_ALIAS = re.compile(
    r"^(.*?[^-+*/%=<>|(\s](?<!\bnot)(?<!\bis)(?<!\bor)(?<!\band)(?<!\blike)(?<!\bin)(?<!\bdiv)(?<!\bmod)(?<!\bxor)"
    r"(?<!\bbetween)(?<!\bregexp)(?<!\bbinary)(?<!\binterval))(?:\s+as\s+|\s+)"
    r"((?!(?:null|end)\b)[^\W\d][\w$]*|\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|'[^']+')$",
    re.I | re.S,
)
"""An expression and its column's name; no operator stands before that."""
_INTERVAL = re.compile(r"\binterval\s+(?:'[^']*'|[^\s']+)\s+\w+$", re.I)
"""Ends with a unit, which is no name."""
_ASSIGNED = re.compile(r"([^\W\d]\w*|\[[^\]]+\])\s*=\s*(.+)$", re.S)
"""A column's name before its expression, as SQL Server has it too."""
_FROM = re.compile(
    r"(?:\b(?:from|into|update|table|join|exec(?:ute)?)|^\s*(?:copy|desc|describe|truncate|analyze|explain))"
    r"\s+(?:only\s+|if\s+exists\s+|table\s+)?((?!select\b)[\w$.\"`\[\]@]+)(?![\w$.\"`\[\]@]|\s*\()",
    re.I,
)
_CALLED = re.compile(r"\*\s+from\s+((?:pg_catalog\.)?\w+)\s*\(\s*\)(?:\s+(?:as\s+)?\w+)?$", re.I)
_AGGREGATE = re.compile(
    r"(count|sum|avg|min|max|bool_or|bool_and|string_agg|array_agg|group_concat)\s*\(", re.I
)
_HEAD = re.compile(r"\b(?:from|where|order\s+by|limit|union)\b", re.I)
_GROUPED = re.compile(r"\bgroup\s+by\b", re.I)
_CATALOGUE = re.compile(
    r"^(?:pg_catalog\.|information_schema\.|sys\.|mysql\.|performance_schema\.|pg_|dual$|master\.)", re.I
)


@dataclass(frozen=True, slots=True)
class SqlRows:
    """A result: column names and rows of texts, integers and NULLs."""

    columns: tuple[str, ...]
    rows: tuple[tuple[SqlValue, ...], ...]
    verb: str = "SELECT"
    """Of the statement, in capitals."""


@dataclass(frozen=True, slots=True)
class SqlDone:
    """Done without a result."""

    verb: str
    """In capitals: ``SET``, ``BEGIN``."""
    notice: bytes = b""
    """What the server tells beside it, as it is sent."""
    only_inside: str = ""
    """What the server calls it where it may only be done inside a transaction block."""
    only_outside: str = ""
    """The same where it may not."""
    words: str = field(default="", compare=False)
    """The statement, where what it does is done when it is run (`postgres_blocks`)."""
    rows: SqlRows | None = None
    """Of the query that a cursor is declared for."""


@dataclass(frozen=True, slots=True)
class SqlRefused:
    """Not allowed."""

    table: str
    """The name of what it is about, as written without quotes; empty where none was found."""
    verb: str
    sort: str = "table"
    """Of what there is not: ``function``, ``variable``, ``column``; ``effort``: it would cost too much;
    ``division``: by zero; else ``table``."""
    columns: tuple[str, ...] = ()
    """Of what was asked for; empty where that is all that there are."""
    said: bytes = b""
    """The error as it is sent, where it is not about one of these."""
    only_inside: str = ""
    """What the server calls it where it may only be done inside a transaction block."""
    only_outside: str = ""
    """The same where it may not."""


SqlAnswer = SqlRows | SqlDone | SqlRefused


@dataclass(frozen=True, slots=True)
class SqlSession:
    """What a server knows of itself and of this session."""

    values: Mapping[str, SqlValue]
    """Lower-case expression to its value: ``version()``, ``current_user``, ``@@version``, ``server_version``; what is
    bound to the statement as ``$1``, ``?1``, ``@p1``."""
    unnamed: str | None = None
    """What a column without a name is called; None: its own text."""
    server: str = ""
    """``postgres``, ``mysql``, ``mssql``."""
    shows: Mapping[str, SqlRows] = field(default_factory=dict)
    """What SHOW tells, by its first words in lower case."""
    effort: SqlEffort = field(default_factory=SqlEffort)
    """What the answers may still cost."""
    own: Callable[[str, SqlSession, Callable[[str], SqlAnswer]], SqlAnswer | None] | None = None
    """What this server says of a statement in its own way, None where the table says it; it may ask of another one."""


def answers(text: str, session: SqlSession) -> Iterator[SqlAnswer]:
    """One for each statement of a batch, up to the first that is refused."""
    for statement in statements(text):
        try:
            answer = _answer(statement, session)
            _weigh(answer, session.effort)
        except SqlTooMuchError:
            answer = SqlRefused("", statement.split(None, 1)[0].upper(), "effort")
        yield answer
        if isinstance(answer, SqlRefused):
            return


def _weigh(answer: SqlAnswer, effort: SqlEffort) -> None:
    """Count what is to be sent, what was bound as it came. Raises SqlTooMuchError."""
    for row in answer.rows if isinstance(answer, SqlRows) else ():
        for value in row:
            given = value.given if isinstance(value, SqlParameter) else None
            effort.hold((given.data or given.value) if given else value)


def statements(text: str) -> list[str]:
    """The statements of a batch without comments, at most `MOST_STATEMENTS`."""
    found, current = [], ""
    for match in _TOKENS.finditer(text[:LONGEST]):
        piece = match[0]
        if piece == ";":
            found.append(current.strip())
            current = ""
        elif piece.startswith("/*!"):
            current += re.sub(r"^/\*!\d*|\*/$", " ", piece)
        elif not piece.startswith(("--", "/*")) or piece in "-/":
            current += piece
    found.append(current.strip())
    return [statement for statement in found if statement][:MOST_STATEMENTS]


def _answer(statement: str, session: SqlSession, depth: int = 0) -> SqlAnswer:
    """``depth``: how many statements this one is part of. Raises SqlTooMuchError."""
    if depth > _DEEPEST:
        raise SqlTooMuchError
    verb = statement.split(None, 1)[0].upper() if statement.split() else ""
    if session.server != "postgres" and (cursor := _CURSOR.match(statement)):
        found = _answer(statement[cursor.end() :], session, depth + 1)
        return replace(found, verb="SELECT") if isinstance(found, SqlRefused) else SqlDone("DECLARE")
    name = " ".join(statement.lower().split()[1:])
    known = verb == "SHOW" and name in session.values
    if (
        not known
        and session.own
        and (own := session.own(statement, session, lambda text: _answer(text, session, depth + 1)))
    ):
        return own
    if _SESSION.match(statement):
        return SqlDone(" ".join(_SESSION.match(statement)[1].upper().split()), words=statement)  # type: ignore[index]
    if verb == "SHOW":
        return _show(statement, session)
    if called := _CALLED.search(statement):
        statement = f"SELECT {called[1]}()"
    table = _table(statement)
    if verb == "SELECT" and (not table or _CATALOGUE.match(table)):
        return _select(statement, session, empty=bool(table) and table.lower() != "dual")
    return SqlRefused(table, verb, columns=_columns(statement, session) if verb == "SELECT" else ())


def _columns(statement: str, session: SqlSession) -> tuple[str, ...]:
    asked = items(_HEAD.split(statement[6:], maxsplit=1)[0])
    return (
        () if any(item.endswith("*") for item in asked) else tuple(named(item, session)[1] for item in asked)
    )


def _table(statement: str) -> str:
    found = _FROM.search(statement)
    return re.sub(r"[\"`\[\]]", "", found[1]) if found else ""


def _select(statement: str, session: SqlSession, *, empty: bool) -> SqlAnswer:
    """Of constants and of what the session knows; a catalogue has its columns and no rows."""
    head = _HEAD.split(statement[6:], maxsplit=1)[0]
    head = re.sub(r"^\s*(?:all|distinct|top\s*\(?\d+\)?)\s", " ", head, flags=re.I)
    asked = [named(item, session) for item in items(head)]
    columns = tuple(name for _, name in asked)
    if empty:
        counted = all(_AGGREGATE.match(item) for item, _ in asked) and not _GROUPED.search(statement)
        row = tuple(0 if item[:5].lower() == "count" else None for item, _ in asked)
        return SqlRows(columns, (row,) if counted else ())
    values, before = list[SqlValue](), 0
    try:
        for expression, _ in asked:
            values.append(_value(expression, session, before))
            before += marks(expression)
        return SqlRows(columns, (tuple(values),))
    except SqlUnknownError as problem:
        return SqlRefused(problem.name, "SELECT", problem.sort)
    except ValueError:
        return SqlRefused("", "SELECT")


def items(head: str) -> list[str]:
    """What stands between the commas of a list, those within brackets left out."""
    found, current, depth = list[str](), "", 0
    for match in _TOKENS.finditer(head):
        piece = match[0]
        depth += (piece == "(") - (piece == ")")
        if piece == "," and depth == 0:
            found.append(current.strip())
            current = ""
        else:
            current += piece
    return [item for item in (*found, current.strip()) if item][:256]


def named(item: str, session: SqlSession) -> tuple[str, str]:
    """Expression and column name."""
    found = _ALIAS.match(item)
    if found and not item.endswith(")") and not _INTERVAL.search(item):
        return found[1].strip(), found[2].strip("\"`[]'")
    call = re.match(r"(?:\w+\.)*(\w+)\s*\(.*\)$", item, re.S)
    if session.server == "mssql" and (found := _ASSIGNED.match(item)):
        return found[2], found[1].strip("[]")
    if session.server == "mssql" and re.fullmatch(r"[A-Za-z_\[][\w.\[\]]*", item):
        return item, item.rpartition(".")[2].strip("[]")
    if session.unnamed is not None:
        name = call[1].lower() if call and session.unnamed == "?column?" else session.unnamed
        if re.fullmatch(r"[A-Za-z_][\w.]*", item) and session.unnamed == "?column?":
            name = item.rpartition(".")[2].lower()
        return item, name
    return item, item[1:-1] if re.fullmatch(r"'[^']*'|\"[^\"]*\"", item) else item


def marks(expression: str) -> int:
    """How many ``?`` stand in it."""
    return sum(found[0].count("?") for found in _TOKENS.finditer(expression) if found[0][0] not in "'\"`")


def _value(expression: str, session: SqlSession, before: int) -> SqlValue:
    """``before``: how many ``?`` stand in front. Raises SqlUnknownError and ValueError."""
    name = re.sub(r"\s", "", expression).lower().removeprefix("pg_catalog.")
    name = re.sub(r"^@@(?:session|global|local)\.", "@@", name)
    return (
        session.values[name]
        if name in session.values
        else evaluated(expression, session.values, session.server, before)
    )


def _show(statement: str, session: SqlSession) -> SqlAnswer:
    words = statement.lower().split()[1:]
    what, name = " ".join(words[:2]), " ".join(words)
    if name in session.values:
        return SqlRows((name.replace(" ", "_"),), ((session.values[name],),), "SHOW")
    asked = _table(statement) and words[:1] not in (["tables"], ["full"])
    if not asked and (found := session.shows.get(what) or session.shows.get(what.partition(" ")[0])):
        return found
    like = re.search(r"(?:like|=)\s*'([^']*)'", statement, re.I)
    if "variables" in what or "status" in what:
        values = [(key[2:], value) for key, value in session.values.items() if key.startswith("@@")]
        if like:
            pattern = re.escape(like[1].lower()).replace("%", ".*").replace("_", ".")
            values = [pair for pair in values if re.fullmatch(pattern, pair[0])]
        return SqlRows(("Variable_name", "Value"), tuple((key, str(value)) for key, value in values))
    if words[:1] and words[0] in ("warnings", "errors"):
        return SqlRows(("Level", "Code", "Message"), ())
    return SqlRefused(_table(statement), "SHOW")
