"""Makefiles: a variable more beside its like, which no recipe uses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>(?:export[ \t]+)?)(?P<key>[A-Za-z_][\w-]*)(?P<sep>[ \t]*(?:\?|::?:?)?=[ \t]*)"
    r"(?P<value>[^\s#$(][^#$\n]*?)(?P<tail>)[ \t]*(?:\#.*)?"
)


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

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        """Outside of recipes, and not in a condition, which may not hold."""
        above = [line.text for line in lines[:number]]
        opened = sum(bool(re.match(r"[ ]*(?:ifdef|ifndef|ifeq|ifneq)\b", line)) for line in above)
        closed = sum(bool(re.match(r"[ ]*endif\b", line)) for line in above)
        return opened == closed and not (above and above[-1].endswith("\\"))

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return text.replace("$", "$$").replace("#", "\\#")
