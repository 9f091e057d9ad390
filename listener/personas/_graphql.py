"""Answers of the form that a GraphQL query asks for: what is known by its name, lists empty, all else null.

GraphQL specification, October 2021: sections 2.1 (tokens), 2.4 (selection sets), 2.5 (fields), 2.7 (alias) and 2.8
(fragments).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|[_A-Za-z]\w*|-?\d[\w.+-]*|[{}()\[\]:$!=@|&]|#[^\n]*|[\s,\ufeff]+'
)
_MOST_TOKENS = 4_000
_DEEPEST = 24
_LIST = ("nodes", "edges")
_PAGE = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}

Selection = list[tuple[str, str, "Selection"]]
"""(key in the answer, field's name, its own selection)."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An answer to a query."""

    data: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Top-level fields that ask for something that is not there."""
    mutates: bool = False
    """A mutation: nothing is done."""
    problem: str = ""
    """Why it is no query, in the words of the reference implementation; empty where it is one."""


def filled(body: bytes, known: Mapping[str, Any]) -> Filled:
    """The answer to the query in ``body`` (JSON, or a form's field ``query``)."""
    text, operation = _query(body)
    tokens = [
        token for token in _TOKEN.findall(text[:60_000]) if not token.isspace() and token[0] not in "#,\ufeff"
    ]
    if not tokens:
        return Filled(problem="Syntax Error: Unexpected <EOF>.")
    if len(tokens) > _MOST_TOKENS:
        return Filled(problem="Syntax Error: Document contains too many tokens.")
    reader = _Document(tokens)
    try:
        mutates, selection = reader.document(operation)
    except (IndexError, ValueError):
        return Filled(problem="Syntax Error: Expected Name, found <EOF>.")
    data = {key: _value(name, inner, known) for key, name, inner in selection}
    missing = tuple(key for key, name, inner in selection if inner and data[key] is None)
    return Filled(data, missing, mutates)


def _query(body: bytes) -> tuple[str, str]:
    """(query, name of the operation asked for)."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = {
            name: values[0] for name, values in parse_qs(body[:60_000].decode("utf-8", "replace")).items()
        }
    if not isinstance(asked, dict):
        return "", ""
    text, operation = asked.get("query"), asked.get("operationName")
    return (text if isinstance(text, str) else ""), (operation if isinstance(operation, str) else "")


def _value(name: str, inner: Selection, known: Mapping[str, Any]) -> Any:
    there = known.get(name)
    if isinstance(there, Mapping) and inner:
        return {key: _value(field, below, there) for key, field, below in inner}
    if there is not None and not isinstance(there, Mapping):
        return there
    if not inner:
        return 0 if name == "totalCount" else None
    if name in _LIST:
        return []
    if name == "pageInfo":
        return {key: _PAGE.get(field) for key, field, _ in inner}
    names = {field for _, field, _ in inner}
    if names & {*_LIST, "totalCount", "pageInfo"}:  # a connection: there, and empty
        return {key: _value(field, below, {}) for key, field, below in inner}
    return None


class _Document:
    """A document's tokens, read once; fragments are put in where they are spread."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0
        self._fragments: dict[str, Selection] = {}

    def document(self, wanted: str) -> tuple[bool, Selection]:
        """(whether it is a mutation, what is selected) of the operation ``wanted``, or of the first one."""
        found: list[tuple[str, bool, Selection]] = []
        while self._at < len(self._tokens):
            word = self._peek()
            if word == "{":
                found.append(("", False, self._selection(0)))
            elif word in ("query", "mutation", "subscription"):
                self._at += 1
                name = self._next() if self._peek()[0] not in "({@" else ""
                self._skip_to_brace()
                found.append((name, word == "mutation", self._selection(0)))
            elif word == "fragment":
                name = self._tokens[self._at + 1]
                self._skip_to_brace()
                self._fragments[name] = self._selection(0)
            else:
                raise ValueError(word)
        chosen = next((one for one in found if one[0] == wanted), found[0])
        return chosen[1], self._spread(chosen[2], 0)

    def _selection(self, depth: int) -> Selection:
        if self._next() != "{" or depth > _DEEPEST:
            raise ValueError("no selection")
        found: Selection = []
        while (word := self._next()) != "}":
            if word == "...":
                found += self._part(depth)
                continue
            key = name = self._name(word)
            if self._peek() == ":":
                self._at += 1
                name = self._name(self._next())
            self._arguments()
            inner = self._selection(depth + 1) if self._peek() == "{" else []
            found.append((key, name, inner))
        return found

    def _part(self, depth: int) -> Selection:
        """An inline fragment's fields, or the mark of a named one."""
        named = self._peek() not in ("on", "{", "@")
        if named:
            name = self._next()
            self._arguments()
            return [("...", name, [])]
        if self._peek() == "on":
            self._at += 2
        self._arguments()
        return self._selection(depth + 1)

    def _spread(self, selection: Selection, depth: int) -> Selection:
        """With the fields of named fragments in their places; a fragment that spreads itself ends at the depth."""
        found: dict[str, tuple[str, str, Selection]] = {}
        for key, name, inner in selection:
            if key == "..." and depth <= _DEEPEST:
                for one in self._spread(self._fragments.get(name, []), depth + 6):
                    found.setdefault(one[0], one)
            elif key != "...":
                found.setdefault(key, (key, name, self._spread(inner, depth + 1)))
        return list(found.values())

    def _arguments(self) -> None:
        """Pass over arguments and directives."""
        while self._peek() in ("(", "@"):
            if self._next() == "@":
                self._at += 1
                continue
            open_ones = 1
            while open_ones:
                word = self._next()
                open_ones += (word == "(") - (word == ")")

    def _skip_to_brace(self) -> None:
        open_ones = 0
        while self._peek() != "{" or open_ones:
            word = self._next()
            open_ones += (word == "(") - (word == ")")

    @staticmethod
    def _name(word: str) -> str:
        if not re.match(r"[_A-Za-z]", word):
            raise ValueError(word)
        return word

    def _peek(self) -> str:
        return self._tokens[self._at]

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]
