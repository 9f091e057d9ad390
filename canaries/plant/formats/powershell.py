"""PowerShell: ``$env:NAME = "..."`` of profiles and scripts, and the entries of a data file's table (``.psd1``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._code import Language, Line, code_reading, lines_of
from canaries.plant.formats._settings_lines import SettingLines, around
from canaries.plant.formats._text import Document

_VALUE = r"""(?P<value>'[^']*'|"[^"$`]*")(?P<tail>;?)[ \t]*(?:\#.*)?"""
_SCRIPT = re.compile(
    r"(?P<head>\$(?:env:|script:|global:)?)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]*=[ \t]*)" + _VALUE,
    re.IGNORECASE,
)
_TABLE = re.compile(r"(?P<head>[ \t]*)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]*=[ \t]*)" + _VALUE)
_RULES = Language(comments=("#",), quotes="'\"", raw="'\"", block=("<#", "#>"))


class PowerShellFormat(SettingLines):
    name = "powershell"
    title = "PowerShell"
    comment: ClassVar[str] = "# "
    rules = _RULES
    style = "pascal"

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(r".+\.ps(?:1|d1)(?:\.(?:example|sample|dist|bak|old))?", document.name.lower())
        )

    def read(self, text: str) -> Reading:
        """In double quotes a backtick escapes, and at a line's end it continues the line."""
        if re.search(r"^# SIG # Begin signature block", text, re.MULTILINE):
            raise ValueError("it is signed")
        if re.search(r"@[\"'][ \t]*$", text, re.MULTILINE):
            raise ValueError("it has a here-string, in which lines are no code")
        if re.search(r"^[ \t]*ModuleVersion[ \t]*=", text, re.MULTILINE | re.IGNORECASE):
            raise ValueError("it is a module's manifest, which takes no other keys")
        lines = text.split("\n")
        below = [
            (line, lines[number + 1 : number + 2]) for number, line in enumerate(lines) if line.endswith("`")
        ]
        return {**code_reading(lines_of(text, self.rules)), ("(continued)",): below}

    def assign(self, name: str, text: str) -> str:
        return f"$env:{name} = {self.literal(text, chr(34))}"

    def alone(self, name: str, text: str, document: Document) -> str:
        if document.path.suffix.lower() != ".ps1" or re.search(
            r"^[ \t]*(?:exit|return)\b", document.text, re.M
        ):
            return ""
        return self.assign(name.upper(), text)

    def setting(self, document: Document) -> re.Pattern[str]:
        return _TABLE if ".psd1" in document.name.lower() else _SCRIPT

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        openers = around(lines, number)
        continued = number > 0 and lines[number - 1].text.endswith("`")
        return not continued and all(re.fullmatch(r"(?:[\w.-]+[ \t]*=[ \t]*)?@\{", one) for one in openers)

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        if like[:1] == '"' and not re.search(r'["$`]', text):
            return f'"{text}"'
        return "'" + text.replace("'", "''") + "'"
