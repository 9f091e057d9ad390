"""What the text of a statement names: identifiers, values written into it, settings that it changes.

No parser of SQL: words and strings, told apart as the server tells them apart. Linear, and bounded by `LONGEST`.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from typing import Literal

Dialect = Literal["postgresql", "mysql"]

LONGEST = 262_144
"""Characters of a statement that are looked at."""
_MOST_VALUES = 1_000
_COMMENT = r"--[^\n]*+|/\*(?!!)(?:[^*]++|\*(?!/))*+(?:\*/)?"
_STRINGS = {
    "postgresql": r"(?<!\w)[eE]'(?:[^'\\]++|\\.|'')*+'?|'(?:[^']++|'')*+'?",
    "mysql": r"'(?:[^'\\]++|\\.|'')*+'?",
}
"""In PostgreSQL a backslash is one, unless an E stands before the string (``standard_conforming_strings``)."""
_DOLLAR = r"\$\d+|\$(?P<tag>[A-Za-z_]\w*|)\$"
"""A parameter is no value; a string between dollars is."""
_REST = (
    r"|(?P<quoted>\"(?:[^\"]++|\"\")*+\"?)|(?P<back>`(?:[^`]++|``)*+`?)"
    r"|(?P<word>[^\W\d][\w$]*+)|(?P<number>\d[\w.]*+)"
)
_TOKENS = {
    "postgresql": re.compile(f"{_COMMENT}|(?P<string>{_STRINGS['postgresql']})|{_DOLLAR}{_REST}", re.DOTALL),
    "mysql": re.compile(rf"{_COMMENT}|\#[^\n]*+|(?P<string>{_STRINGS['mysql']}){_REST}", re.DOTALL),
}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SETTINGS = ("trapline.reason", "app.actor")
_VALUE = r"(?:[eE]?'((?:[^'\\]|''|\\.)*)'|\$(\d{1,4})|([\w.-]+))"
_SET = re.compile(
    rf"\bset\s+(?:session\s+|(local)\s+)?(trapline\.reason|app\.actor)\s*(?:=|\bto\b)\s*{_VALUE}",
    re.I | re.DOTALL,
)
_SET_CONFIG = re.compile(
    rf"\bset_config\s*\(\s*'(trapline\.reason|app\.actor)'\s*,\s*{_VALUE}\s*(?:::\w+\s*)?,\s*(true|false|'t\w*'|'f\w*')",
    re.I | re.DOTALL,
)
_SET_VARIABLE = re.compile(rf"@(trapline_reason|app_actor)\s*:?=\s*{_VALUE}", re.I | re.DOTALL)
_RESET = re.compile(r"\breset\s+(trapline\.reason|app\.actor|all)\b|\b(discard)\s+all\b", re.I)
_WORD = r"(?:\"([^\"]+)\"|(\w+))"
_NAMED = re.compile(
    rf"\s*(?:declare\s+{_WORD}\s[^;]*?\bcursor\b|prepare\s+{_WORD}|(?:fetch|move)\b[^;\"]*?{_WORD}\s*;?\s*\Z"
    rf"|execute\s+{_WORD})",
    re.I | re.DOTALL,
)
_NAME = r"(?:\w+|\"[^\"]+\")"
_COPY = re.compile(
    rf"\s*copy\s+(?:(?:({_NAME})\.)?({_NAME})\s*(?:\(([^)]*)\)\s*)?|(\()[^;]*)\bto\b", re.I | re.DOTALL
)
_SECRET = re.compile(
    r"(\bpassword\b\s*(?:=|\()?\s*|\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?)(?:[eE]?'(?:[^'\\]|''|\\.)*'?|\"[^\"]*\"?)",
    re.I | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What a statement does to a setting of its session."""

    name: str
    """``reason`` or ``actor``; empty: all are reset."""
    value: str
    parameter: int
    """The number of the parameter that holds the value; 0: none."""
    _: KW_ONLY
    local: bool
    """Until the end of the transaction."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """What ``COPY ... TO`` gives out."""

    schema: str
    name: str
    """Empty: of a query."""
    columns: tuple[str, ...]
    """As they are listed; empty: all, in the table's order."""


@dataclass(frozen=True, slots=True)
class SqlText:
    """What a statement's text holds."""

    names: frozenset[str]
    """Identifiers, in lower case."""
    values: tuple[str, ...]
    """Strings and whole numbers that are written into it."""
    changes: tuple[SettingChange, ...] = ()
    makes: str = ""
    """The cursor or prepared statement that it names for later."""
    uses: str = ""
    """The one that it goes back to."""
    copied: CopiedTable | None = None


def read_sql(text: str, dialect: Dialect) -> SqlText:
    """Of a statement, or of several in one text. Never raises; the text is hostile."""
    text = text[:LONGEST]
    names, values = set[str](), dict[str, None]()
    tokens, place = _TOKENS[dialect], 0
    while (found := tokens.search(text, place)) is not None:
        place = max(found.end(), place + 1)
        kind, raw = found.lastgroup, found[0]
        if kind == "word":
            names.add(raw.lower())
        elif kind == "string":
            values[_string(raw, dialect)] = None
        elif kind == "number":
            values[raw] = None
        elif kind == "tag":
            end = text.find(raw, place)
            end = len(text) if end < 0 else end
            values[text[place:end]] = None
            place = end + len(raw)
        elif kind in ("quoted", "back"):
            plain = raw.strip(raw[0]).replace(raw[0] * 2, raw[0])
            names.add(plain.lower())
            if dialect == "mysql" and kind == "quoted":  # a string, unless sql_mode says ANSI_QUOTES
                values[_string(raw, dialect)] = None
    makes, uses = _named(text)
    if dialect == "mysql" and makes:  # PREPARE name FROM 'statement'
        for one in [read_sql(value, dialect) for value in values if not _named(value)[0]]:
            names |= one.names
            values |= dict.fromkeys(one.values)
    return SqlText(
        frozenset(names),
        tuple(values)[:_MOST_VALUES],
        tuple(_changes(text, dialect)),
        makes,
        uses,
        _copied(text) if dialect == "postgresql" else None,
    )


def without_secrets(text: str) -> str:
    """The text with ``***`` in place of passwords that it gives to users of the database."""
    return _SECRET.sub(r"\1'***'", text)


def _string(raw: str, dialect: Dialect) -> str:
    escaped = raw[:1] in "eE" or dialect == "mysql"
    quote = raw.lstrip("eE")[:1]
    inner = raw.lstrip("eE")[1:].removesuffix(quote).replace(quote * 2, quote)
    return _ESCAPED.sub(r"\1", inner) if escaped and "\\" in inner else inner


def _changes(text: str, dialect: Dialect) -> list[SettingChange]:
    low = text.lower()
    found: list[SettingChange] = []
    if dialect == "mysql":
        if "@trapline_reason" in low or "@app_actor" in low:
            found += [_change(one[1], one.groups()[1:4], local=False) for one in _SET_VARIABLE.finditer(text)]
        return found
    if any(name in low for name in _SETTINGS):
        found += [_change(one[2], one.groups()[2:5], local=bool(one[1])) for one in _SET.finditer(text)]
        found += [
            _change(one[1], one.groups()[1:4], local=one[5].strip("'").lower().startswith("t"))
            for one in _SET_CONFIG.finditer(text)
        ]
    if "reset" in low or "discard" in low:
        named = [(one[1] or "").lower().rpartition(".")[2] for one in _RESET.finditer(text)]
        found += [SettingChange("" if one == "all" else one, "", 0, local=False) for one in named]
    return found


def _change(name: str, value: tuple[str | None, ...], *, local: bool) -> SettingChange:
    string, parameter, word = value
    plain = _ESCAPED.sub(r"\1", (string or "").replace("''", "'"))
    if word and word.lower() not in ("default", "null"):
        plain = word
    return SettingChange(
        name.lower().replace(".", "_").rpartition("_")[2], plain, int(parameter or 0), local=local
    )


def _named(text: str) -> tuple[str, str]:
    found = _NAMED.match(text)
    if found is None:
        return "", ""
    makes = next(filter(None, found.groups()[:4]), "")
    return makes.lower(), "" if makes else next(filter(None, found.groups()[4:]), "").lower()


def _copied(text: str) -> CopiedTable | None:
    found = _COPY.match(text)
    if found is None:
        return None
    columns = tuple(_plain(one) for one in (found[3] or "").split(",") if one.strip())
    return CopiedTable(_plain(found[1] or ""), _plain(found[2] or ""), columns)


def _plain(name: str) -> str:
    return name.strip().strip('"').lower()
