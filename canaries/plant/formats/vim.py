"""Vim scripts: a variable more beside its like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_LET = re.compile(
    r"(?P<head>let[ \t]+(?:g:|\$))(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]*=[ \t]*)"
    r"""(?P<value>'[^'\n]*'|"[^"\\\n]*")[ \t]*"""
)
_OPENS = re.compile(
    r"[\s:]*(?:if|for|while|try|(?:export\s+)?(?:def|fu(?:nc(?:tion)?)?)|class|enum|interface)\b"
)
_CLOSES = re.compile(r"[\s:]*(?:end(?:if|for|while|try|def|f(?:unction)?|class|enum|interface)?|fi|en)\b")
_TEXTS = re.compile(
    r"<<[ \t]*(?:trim\b|eval\b|['\"A-Z])|^[ \t]*(?:a(?:ppend)?|i(?:nsert)?|c(?:hange)?)!?[ \t]*$",
    re.MULTILINE,
)


class VimFormat(FileFormat):
    """A command a line; a line that begins with a backslash continues the one above (``:help line-continuation``)."""

    name = "vim"
    title = "a Vim script"
    rank: ClassVar[int] = 40  # before others that know a name by its beginning: dockerfile.vim
    comment: ClassVar[str] = '" '
    comments_unasked = False
    needs = "a variable (let g:name = 'text') at the outermost level to stand beside"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r"[._]?g?vimrc(?:\.local)?|.+\.vim", document.name.lower()))

    def read(self, text: str) -> Reading:
        """The lines that do something, each with the number of blocks around it and the line that it continues."""
        if _TEXTS.search(text):
            raise ValueError("it has a text of several lines, in which lines are no commands")
        lines = text.split("\n")
        depths = _depths(lines)
        if depths[-1]:
            raise ValueError("a block is left open in it")
        found: dict[tuple[str, ...], tuple[int, str]] = {}
        seen: Counter[str] = Counter()
        for number, line in enumerate(lines):
            if line.strip() and not line.lstrip().startswith('"'):
                seen[line] += 1
                above = lines[number - 1] if line.lstrip().startswith("\\") and number else ""
                found[line, str(seen[line])] = (depths[number], above)
        return found

    def assign(self, name: str, text: str) -> str:
        return f"let g:{name.lower()} = {_quoted(text, chr(39))}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """Not in Vim9 script, which has no ``let``."""
        text, values = document.text, wish.values.values
        lines = text.split("\n")
        places = [] if re.search(r"^[ \t]*vim9script\b", text, re.MULTILINE) else _places(lines)
        if not values or not places:
            return
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        roles = [role_of(match["key"], match["value"][1:-1]) for _, match in places]
        near = nearest([match["key"] for _, match in places], wish.values, roles)
        number, like = places[near if near is not None else -1]
        same = [match["key"] for _, match in places if match["head"] == like["head"]]
        style = style_of(same, "upper" if like["key"].isupper() else "snake")
        label = wish.label(lambda word: any(labelled(v.name, word, style) in text for v in values))
        names = [labelled(v.name, label, style) for v in values]
        made = [
            f"{like['head']}{name}{like['sep']}{_quoted(v.text, like['value'][0])}"
            for name, v in zip(names, values, strict=True)
        ]
        said = f"as {', '.join(names)}, beside {like['key']}"
        yield Composition((after(text, starts[number], made),), said)


def _places(lines: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    """The variables of the outermost level, each with its line; none that another line continues."""
    depths = _depths(lines)
    continued = {number - 1 for number, line in enumerate(lines) if line.lstrip().startswith("\\")}
    return [
        (number, match)
        for number, line in enumerate(lines)
        if not depths[number] and number not in continued and (match := _LET.fullmatch(line))
    ]


def _depths(lines: Sequence[str]) -> list[int]:
    """Blocks open before each line, and those after the last."""
    found = [0]
    for line in lines:
        opened = bool(_OPENS.match(line)) and not re.search(r"\|\s*en(?:dif|dfor|dwhile|dtry)?\s*$", line)
        found.append(max(0, found[-1] + opened - bool(_CLOSES.match(line))))
    return found


def _quoted(text: str, quote: str) -> str:
    if quote == '"' and not re.search(r'["\\]', text):
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"
