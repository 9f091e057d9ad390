"""Batch files of Windows: ``set NAME=value`` beside its like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>[ \t]*@?set[ \t]+\"?)(?P<key>[A-Za-z_]\w*)(?P<sep>=)(?P<value>[^\"%^&|<>\n]*?)(?P<tail>\"?)",
    re.IGNORECASE,
)


class BatchFormat(SettingLines):
    name = "batch"
    title = "a batch file"
    comment: ClassVar[str] = "rem "
    comments_unasked = False
    needs = "a `set NAME=value` to stand beside"
    rules = Language(comments=("::", "rem ", "REM ", "Rem ", "@rem ", "@REM "), quotes='"', raw='"')
    style = "upper"

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(r".+\.(?:bat|cmd)(?:\.(?:example|sample|dist|bak|old))?", document.name.lower())
        )

    def assign(self, name: str, text: str) -> str:
        return f"set {name}={self.literal(text, '')}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        """Not in brackets, and not below a line that goes on."""
        return lines[number].depth == 0 and not (number and lines[number - 1].text.endswith("^"))

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return re.sub(r"([&|<>^])", r"^\1", text.replace("%", "%%"))
