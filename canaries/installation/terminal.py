"""Lines for people in the width of the terminal that they go to. Anywhere else nothing is cut or folded."""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator

_NARROWEST = 20
"""Columns that words get at least, however deep they are indented."""
_UNIT = re.compile(r"trapline(?: [a-z-]+| --[a-z-]+| [A-Z_]+| [0-9a-f]{4,})+|\S+")
"""A word, or a command: one that is folded could not be copied."""


def width(*, err: bool = False) -> int | None:
    """Columns of the terminal that stdout (or stderr) is; None where it is none."""
    stream = sys.stderr if err else sys.stdout
    return shutil.get_terminal_size().columns if stream.isatty() else None


def cells(text: str) -> int:
    """Columns that ``text`` takes: wide characters two (Unicode TR 11), those that combine none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def cut(line: str, columns: int | None) -> str:
    """``line``, its end replaced by an ellipsis where it is wider than ``columns``."""
    if columns is None or cells(line) <= columns:
        return line
    while cells(line) > columns - 1:
        line = line[: columns - 1] if len(line) >= columns else line[:-1]
    return line + "…"


def folded(line: str, columns: int | None, indent: int) -> str:
    """``line`` as lines of at most ``columns``, those behind the first indented.

    A word that is longer than a line stays whole: it is a path, an address or a digest that somebody may copy.
    """
    if columns is None:
        return line
    return "\n".join(_fold(one, columns, indent) for one in line.split("\n"))


def _fold(line: str, columns: int, indent: int) -> str:
    if cells(line) <= columns:
        return line
    indent = min(indent, max(0, columns - _NARROWEST))
    made, current, fresh = list[str](), "", True
    for gap, unit in _units(line, columns - indent):
        if fresh or cells(current) + len(gap) + cells(unit) <= columns:
            current += gap + unit
        else:
            made.append(current)
            current = " " * indent + unit
        fresh = False
    return "\n".join([*made, current])


def _units(line: str, room: int) -> Iterator[tuple[str, str]]:
    """(the spaces before it, a word or a command); a command that has no room on any line comes as words."""
    end = 0
    for found in _UNIT.finditer(line):
        gap, unit = line[end : found.start()], found[0]
        end = found.end()
        if cells(unit) <= room:
            yield gap, unit
            continue
        for word in unit.split(" "):
            yield gap, word
            gap = " "
