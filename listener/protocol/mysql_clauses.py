"""The clauses of a SELECT in MySQL's SQL, cut at their words outside of quotes and brackets."""

from __future__ import annotations

import re

_PIECE = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|[()]|[\w$@]+|\s+|.", re.S)
_CLAUSES = frozenset("FROM WHERE GROUP HAVING ORDER LIMIT INTO FOR LOCK UNION".split())


def clauses_of(statement: str) -> list[tuple[str, str]]:
    """The clauses of a SELECT by their first word in capitals, each without it."""
    found, depth = [("", "")], 0
    for match in _PIECE.finditer(statement):
        piece = match[0]
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and (
            piece.upper() in _CLAUSES or (piece.upper() == "SELECT" and found[-1][0] != "FROM")
        ):
            found.append((piece.upper(), ""))
        else:
            found[-1] = found[-1][0], found[-1][1] + piece
    return found


def inside(said: str) -> str:
    """Without the brackets around all of it."""
    said = said.strip()
    while said.startswith("(") and closing(said, 0) == len(said) - 1:
        said = said[1:-1].strip()
    return said


def closing(said: str, at: int) -> int:
    """Where the bracket that opens at a place is closed; -1 where it is not."""
    depth = 0
    for match in _PIECE.finditer(said, at):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return match.start()
    return -1
