"""Makefiles: a variable more beside its like, which no recipe uses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>(?:export[ \t]+)?)(?P<key>[A-Za-z_][\w-]*)(?P<sep>[ \t]*(?:\?|::?:?)?=[ \t]*)"
    r"(?P<value>[^\s#$(][^#$\n]*?)(?P<tail>)[ \t]*(?:\#.*)?"
)
_OPENS = re.compile(r"[ ]*(?:ifdef|ifndef|ifeq|ifneq)\b")
_CLOSES = re.compile(r"[ ]*endif\b")


class MakefileFormat(SettingLines):
    name = "makefile"
    title = "a Makefile"
    rank = 40  # before the configurations of which only comments are known
    comment: ClassVar[str] = "# "
    rules = Language(comments=("#",), quotes="")
    style = "upper"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r"(?:gnu)?makefile(?:\.\w+)?|.+\.mk", document.name.lower()))

    def read(self, text: str) -> Reading:
        """Brackets mean nothing outside of references: lines are looked at one by one, with their neighbours."""
        if re.search(r"^[ \t]*define\b", text, re.MULTILINE):
            raise ValueError("it defines a variable of several lines")
        if re.search(r"^\.(?:EXPORT_ALL_VARIABLES|ONESHELL)\b|^export[ \t]*$", text, re.MULTILINE):
            raise ValueError("it gives every variable to every program that it runs")
        found: dict[tuple[str, ...], bool] = {}
        seen: Counter[str] = Counter()
        continued = False
        for line in text.split("\n"):
            if line.strip() and (continued or not line.startswith("#")):
                seen[line] += 1
                found[line, str(seen[line])] = continued
            continued = line.endswith("\\")
        return found

    def assign(self, name: str, text: str) -> str:
        return f"{name} = {self.literal(text, '')}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        """Outside of recipes, and not in a condition, which may not hold."""
        steps = (bool(_OPENS.match(line.text)) - bool(_CLOSES.match(line.text)) for line in lines)
        blocks = list(accumulate(steps, initial=0))
        return lambda number: blocks[number] == 0 and not (number and lines[number - 1].text.endswith("\\"))

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return text.replace("$", "$$").replace("#", "\\#")
