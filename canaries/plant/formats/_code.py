"""Source code line by line: where a line stands in plain code, how deep in brackets, and where it does not.

No parser: enough of a language's lexical rules to know that a whole line put between two lines is a line of code. Where
the rules are not enough (an unknown kind of literal), lines look unfinished, and nothing is put there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from canaries.plant.formats import Reading


@dataclass(frozen=True, slots=True)
class Language:
    """Its lexical rules."""

    comments: tuple[str, ...]
    """Marks of comments that last to the line's end."""
    quotes: str
    """Marks of strings; a backslash escapes in all of them."""
    raw: str = ""
    """Those of `quotes` in which a backslash is a character like others."""
    block: tuple[str, str] = ("", "")
    """Begin and end of a comment over lines."""
    heredoc: str = ""
    """Pattern of a heredoc's beginning, with its end as ``tag``."""
    embedded: bool = False
    """Whether code begins at ``<?php`` and ends at ``?>``; everything else is printed."""
    spaced: bool = False
    """Whether a comment must follow white space (the shell's ``#``)."""
    triple: tuple[str, ...] = ()
    """Marks of texts over lines that are longer than those of strings, and in which nothing is code."""
    literal: str = ""
    """Pattern of another literal, whole: all that it matches is passed over."""
    patterns: bool = False
    """Whether ``/`` begins a regular expression where no operand stands before it (JavaScript's)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line and what surrounds it."""

    start: int
    end: int
    text: str
    depth: int
    """Brackets open at its start."""
    after: int
    """Brackets open at its end."""
    code: bool
    """Whether it starts in plain code."""
    closed: bool
    """Whether it ends in plain code, with nothing continued."""
    opener: int = -1
    """Number of the line that opens the innermost of the brackets open at its start; -1: none is."""


_PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_LONGEST_PATTERN = 1000
_OPERAND = re.compile(r"[\w$)\]}\"'`]\Z")
_WORD = re.compile(r"(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await)\Z")
_LONGEST_WORD = 8
_DEEPEST = 200
"""Brackets that a file may have open; a lookup goes through all that are around a line."""


def _begins(line: str, at: int) -> bool:
    """Whether the ``/`` at ``at`` is no division (ECMA-262, section 12)."""
    while at and line[at - 1].isspace():
        at -= 1
    before = line[max(0, at - _LONGEST_WORD) : at]
    return not _OPERAND.search(before) or _WORD.search(before) is not None


def lines_of(text: str, language: Language) -> list[Line]:
    """The lines of ``text``."""
    return list(_Lexer(text, language).lines())


class _Lexer:
    def __init__(self, text: str, language: Language) -> None:
        self.text, self.rules = text, language
        self.state = "html" if language.embedded else "code"
        self.depth = 0
        self.waiting: list[str] = []
        self.openers = [-1] * (_DEEPEST + 1)
        """Of each depth, the last line that rose to it."""

    def lines(self) -> Iterator[Line]:
        at = 0
        for number, line in enumerate(self.text.split("\n")):
            depth, code = self.depth, self.state == "code" and not self.waiting
            if self.waiting:
                bare = line.strip().rstrip(";,)")
                if bare == self.waiting[0] or (
                    re.match(rf"\s*{re.escape(self.waiting[0])}\b", line) and self.rules.embedded
                ):
                    self.waiting.pop(0)
            else:
                self.line(line)
            if self.state == "line":
                self.state = "code"
            continued = line.endswith("\\") or line.rstrip().endswith(("&&", "|"))
            closed = self.state == "code" and not self.waiting and not continued
            opener = self.openers[min(depth, _DEEPEST)] if depth else -1
            yield Line(at, at + len(line), line, depth, self.depth, code, closed, opener)
            for level in range(depth + 1, min(self.depth, _DEEPEST) + 1):
                self.openers[level] = number
            at += len(line) + 1

    def line(self, line: str) -> None:
        at = 0
        while at < len(line):
            at = self.step(line, at)

    def step(self, line: str, at: int) -> int:
        rules, state = self.rules, self.state
        if state == "html":
            match = re.compile(r"<\?(?:php\b|=)").search(line, at)
            self.state = "code" if match else state
            return match.end() if match else len(line)
        if rules.embedded and state in ("code", "line") and line.startswith("?>", at):
            self.state = "html"
            return at + 2
        if state == "line":
            return at + 1
        if state == "block":
            end = line.find(rules.block[1], at)
            self.state = state if end < 0 else "code"
            return len(line) if end < 0 else end + len(rules.block[1])
        if state != "code":  # in a string; its mark is the state
            if line[at] == "\\" and state not in rules.raw:
                return at + 2
            ends = line.startswith(state, at)
            self.state = "code" if ends else state
            return at + (len(state) if ends else 1)
        return self.plain(line, at)

    def plain(self, line: str, at: int) -> int:
        rules, mark = self.rules, line[at]
        if rules.block[0] and line.startswith(rules.block[0], at):
            self.state = "block"
            return at + len(rules.block[0])
        apart = not rules.spaced or at == 0 or line[at - 1] in " \t;(|&"
        if apart and line.startswith(rules.comments, at):
            self.state = "line"
            return at + 1
        if rules.literal and (match := re.compile(rules.literal).match(line, at)):
            return match.end()
        if longer := next((one for one in rules.triple if line.startswith(one, at)), ""):
            self.state = longer
            return at + len(longer)
        if rules.heredoc and (match := re.compile(rules.heredoc).match(line, at)):
            self.waiting.append(match["tag"])
            return match.end()
        if rules.patterns and mark == "/" and _begins(line, at):
            match = _PATTERN.match(line, at, at + _LONGEST_PATTERN)
            if match:
                return match.end()
        if mark in rules.quotes:
            self.state = mark
        elif mark == "\\":
            return at + 2
        elif mark in "([{":
            self.depth += 1
        elif mark in ")]}":
            self.depth = max(0, self.depth - 1)  # the shell's case has brackets that only close
        return at + 1


def code_reading(lines: list[Line]) -> Reading:
    """Every line with where it stands, in order: unchanged while lines only come between them. Raises ValueError."""
    if lines[-1].after:
        raise ValueError("a bracket is left open in it")
    if any(line.after > _DEEPEST for line in lines):
        raise ValueError("its brackets are nested too deeply")
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, ...], object] = {}
    for line in lines:
        if not line.text.strip():
            continue
        # what closes one entry is not what closes the next: of equal lines each is known by what is open around it
        around = lines[line.opener].text if line.opener >= 0 else ""
        seen[line.text, around] += 1
        found[line.text, around, str(seen[line.text, around])] = (
            line.depth,
            line.after,
            line.code,
            line.closed,
        )
    found["(printed)",] = "\n".join(line.text for line in lines if not line.code)
    return found
