"""Lua: an assignment or an entry of the table that a file of settings returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._closed import named_as_settings
from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines, around, escaped
from canaries.plant.formats._text import Document

_VALUE = r"""(?P<value>'[^'\\]*'|"[^"\\]*")(?P<tail>[,;]?)[ \t]*(?:--.*)?"""
_OPENS = re.compile(r"\b(?:function|do|then|repeat)\b")
_CLOSES = re.compile(r"\b(?:end|until|elseif)\b")


def _returns(line: str) -> bool:
    """Whether ``line`` is a ``return`` with all that it returns."""
    match = re.match(r"\s*return\b", line)
    returned = line[match.end() :].rstrip() if match else ""
    return bool(returned) and returned[-1] not in "{(,"


class LuaFormat(SettingLines):
    name = "lua"
    title = "Lua"
    comment: ClassVar[str] = "-- "
    comments_unasked = False
    needs = "a text in a table, or at the outermost level, to stand beside"
    rules = Language(comments=("--",), quotes="'\"", block=("--[[", "]]"))
    style = "snake"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r".+\.lua(?:\.(?:example|sample|dist|bak|old))?", document.name.lower()))

    def read(self, text: str) -> Reading:
        if re.search(r"\[=+\[|(?<!--)\[\[", text):
            raise ValueError("it has a long string, in which lines are no code")
        return super().read(text)

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower()} = {escaped(text, chr(34))}"

    def setting(self, document: Document) -> re.Pattern[str]:
        """Fields of the file's own tables only: another one may refuse names that it does not know."""
        tables = re.findall(
            r"^[ \t]*(?:local[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*\{", document.text, re.MULTILINE
        )
        own = "|".join(("vim\\.g", "vim\\.env", *dict.fromkeys(tables)))
        return re.compile(
            rf"(?P<head>[ \t]*(?:local[ \t]+|(?:{own})\.)?)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]*=[ \t]*){_VALUE}"
        )

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        """Not in a function, whose names may be used up, and behind no ``return``, which must be the last."""
        last = next(
            (n for n, line in enumerate(lines) if line.depth == 0 and _returns(line.text)), len(lines)
        )
        plain = (re.sub(r"""'[^']*'|"[^"]*"|--.*""", "", line.text) for line in lines)
        steps = (len(_OPENS.findall(one)) - len(_CLOSES.findall(one)) for one in plain)
        blocks = list(accumulate(steps, initial=0))
        return lambda number: (
            number <= last and blocks[number] <= 0 and self.may_stand(document, lines, number)
        )

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        openers = around(lines, number)
        if openers:
            listed = all(
                re.fullmatch(r"(?:return|(?:local[ \t]+)?[\w.]+[ \t]*=)[ \t]*\{", one) for one in openers
            )
            return listed and len(openers) <= (2 if named_as_settings(document.name) else 1)
        return True

    def separator(self, line: Line) -> str:
        return "," if line.depth else ""

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return escaped(text, like[:1])
