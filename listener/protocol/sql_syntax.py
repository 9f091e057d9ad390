"""Where a SQL server's parser stops: the plain mistakes of who types by hand, or tries another product's words.

No parser: quotes and brackets that do not go up, a first word that begins no statement, a statement that ends too
early, a word where no grammar has one. What is not found here is answered as if it were right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LONGEST = 4096
"""Characters of a batch that is looked at."""
_TOKEN = re.compile(
    r"\s+|--[^\n]*|/\*.*?\*/|(?P<dollar>\$\w*\$).*?(?P=dollar)|[eE]?'(?:[^'\\]|''|\\.)*'|\"(?:[^\"]|\"\")*\"|`[^`]*`"
    r"|[^\W\d][\w$]*|\d+(?:\.\d+)?|(?:@@|[$@])\w+|[<>=!+\-*/%^|&~?]|.",
    re.DOTALL,
)
_SKIPPED = re.compile(r"\s|--|/\*.*\*/", re.DOTALL)
_OPEN = (("'", "string"), ('"', "identifier"), ("`", "identifier"), ("/*", "comment"))
_DOLLARS = re.compile(r"\$\w*\$")
_UNFINISHED = frozenset(
    "and as by create from grant group having in into join like limit not or order select table union using where"
    " , . + - / < > = % ^ | & ~ !".split()
)
"""Words and signs behind which something has to come."""
_NO_TABLE = frozenset("where group order having limit union on using from and or".split())
"""Words that are no table, in any grammar."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHORT = re.compile(
    r"create (?:\w+ )*?table(?: if not exists)? [^\s(]+|alter table [^\s(]+|update [^\s(]+(?: set)?|copy [^\s(]+"
    r"|insert into [^\s(]+|declare [^\s(]+ (?:\w+ )*?cursor(?: with(?:out)? hold)?(?: for)?"
    r"|(?:create|drop|alter) (?:table|view|index|schema|database|role|user|function|sequence)(?: if exists)?"
)
"""Statements that go on behind these words."""


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """A place at which a parser stops."""

    at: int
    """Characters before it; the text's length where it ends too early."""
    token: str
    """What stands there; empty at the end. What is not closed: all of it."""
    sort: str = "syntax"
    """``string``, ``identifier``, ``comment``, ``dollar``: what is not closed; else ``syntax``."""


@dataclass(frozen=True, slots=True)
class SqlGrammar:
    """How a server's statements begin."""

    follows: Mapping[str, frozenset[str]]
    """First words; and what may stand behind each, empty where that may be anything."""
    alone: frozenset[str]
    """First words that are a whole statement."""
    unfinished: frozenset[str] = frozenset()
    """Words and signs behind which something has to come with this server."""
    options: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)
    """First words, and what may stand between each and what it `follows`: one of each set, in this order, or others in
    brackets."""


def fault(text: str, grammar: SqlGrammar) -> SyntaxFault | None:
    """The first in a batch."""
    statement: list[tuple[int, str]] = []
    for match in _TOKEN.finditer(text) if len(text) <= _LONGEST else ():
        word, at = match[0], match.start()
        if _SKIPPED.match(word):
            continue
        for begin, sort in _OPEN:
            if word in (begin, begin[:1]) and text.startswith(begin, at):
                return SyntaxFault(at, text[at:], sort)
        if _DOLLARS.match(text, at) and match["dollar"] is None:
            return SyntaxFault(at, text[at:], "dollar")
        if word != ";":
            statement.append((at, word))
            continue
        found = _in_statement(statement, SyntaxFault(at, word), grammar)
        if found:
            return found
        statement.clear()
    return _in_statement(statement, SyntaxFault(len(text), ""), grammar)


def _behind_options(
    words: list[str], options: tuple[frozenset[str], ...] | None, behind: frozenset[str]
) -> int:
    """The place of what the first of these words is about."""
    at = 1
    if options and words[1] == "(" and words[2:3] and words[2] not in behind and ")" in words:
        return words.index(")") + 1
    for names in options or ():
        at += words[at : at + 1] != [] and words[at] in names
    return at


def _in_statement(
    tokens: list[tuple[int, str]], early: SyntaxFault, grammar: SqlGrammar
) -> SyntaxFault | None:
    """``early``: where the statement ends."""
    if not tokens:
        return None
    words = [token.lower() for _, token in tokens]
    if words[0] != "(" and words[0] not in grammar.follows:
        return SyntaxFault(*tokens[0])
    if len(words) == 1:
        return None if words[0] in grammar.alone else early
    behind = grammar.follows.get(words[0], frozenset[str]())
    at = _behind_options(words, grammar.options.get(words[0]), behind)
    if behind and at == len(words):
        return early
    if behind and words[at] not in behind:
        return SyntaxFault(*tokens[at])
    depth, before = 0, ""
    for token, word in zip(tokens, words, strict=True):
        depth += (word == "(") - (word == ")")
        if (
            depth < 0
            or (before == "from" and word in _NO_TABLE)
            or (_NUMBER.fullmatch(before) and _NUMBER.fullmatch(word))
        ):
            return SyntaxFault(*token)
        before = word
    return (
        early
        if depth or words[-1] in _UNFINISHED | grammar.unfinished or _SHORT.fullmatch(" ".join(words))
        else None
    )
