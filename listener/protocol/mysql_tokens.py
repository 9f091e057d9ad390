"""Tokens of an expression in MySQL's SQL."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:(?P<hex>0x[0-9a-fA-F]+\b|[xX]'(?:[0-9a-fA-F]{2})*'|0b[01]+\b|[bB]'[01]*')"
    r"|(?P<text>(?:[nN]|_\w+\s*)?'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\")"
    r"|(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?P<parameter>\?)"
    r"|(?P<name>@{0,2}(?:[^\W\d]|[$`])[\w$.`]*)"
    r"|(?P<sign>\|\||&&|<=>|<>|!=|<=|>=|<<|>>|:=|[-+*/%=<>(),!~&|^{}]))",
    re.S,
)

_HASH = re.compile(
    r"'(?:[^'\\]|''|\\(?:.|\Z))*(?:'|\Z)|\"(?:[^\"\\]|\\(?:.|\Z))*(?:\"|\Z)|`[^`]*(?:`|\Z)|/\*.*?(?:\*/|\Z)|#[^\n]*",
    re.S,
)
"""What is not closed goes to the end: looked for again behind each sign, that would cost the square."""


class MysqlTokens:
    """The tokens of one expression, and how far they are read."""

    def __init__(self, said: str) -> None:
        """Raises ValueError where the text is none."""
        self.at = 0
        self.tokens: list[tuple[str, str]] = []
        at, end = 0, len(said.rstrip())
        while at < end:
            match = _TOKEN.match(said, at)
            if match is None or match.lastgroup is None:
                raise ValueError("no token of an expression")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()

    def sees(self, *words: str) -> str:
        """The next token in capitals where it is one of these; it is taken."""
        kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind in ("name", "sign") and token.upper() in words:
            self.at += 1
            return token.upper()
        return ""

    def must(self, word: str) -> None:
        """Take this token. Raises ValueError where another stands there."""
        if not self.sees(word):
            raise ValueError(f"no {word}")

    def take(self) -> tuple[str, str]:
        """The next token by sort and text. Raises ValueError at the end."""
        if self.at >= len(self.tokens):
            raise ValueError("the end of an expression")
        self.at += 1
        return self.tokens[self.at - 1]

    @property
    def left(self) -> int:
        """How many are not yet taken."""
        return len(self.tokens) - self.at

    def next_sort(self) -> str:
        """Of the token that comes next; empty at the end."""
        return self.tokens[self.at][0] if self.left else ""


def without_comments(said: str) -> str:
    """A batch without what stands behind ``#`` in its lines, which only MySQL takes for a comment."""
    return (
        _HASH.sub(lambda found: "" if found[0].startswith("#") else found[0], said) if "#" in said else said
    )
