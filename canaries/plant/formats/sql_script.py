"""SQL scripts that fill a table of settings: a setting more, as a row beside its like.

Only rows of a name and a text go in: a row of people or of anything with a key would collide with what comes later, and
an account would open something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLine, SettingLines
from canaries.plant.formats._text import Document

_TABLE = (
    r"(?:\w+\.)?[`\"]?(?:\w*_)?"
    r"(?:settings?|options?|config(?:uration|s)?|preferences|parameters|params|variables|properties)[`\"]?"
)
_COLUMNS = r"[ \t]*\([^()]*\)[ \t]*"
_INSERT = re.compile(rf"[ \t]*INSERT[ \t]+INTO[ \t]+{_TABLE}{_COLUMNS}VALUES[ \t]*", re.IGNORECASE)
_SWITCH = r"true|false|null|now\(\)|current_timestamp|'(?:yes|no|on|off|true|false|auto|string|text)'"
_REST = rf"(?P<tail>(?:,[ \t]*(?:{_SWITCH}))*\)(?:[ \t]*[,;])?)[ \t]*(?:--.*)?"
_ROW = re.compile(
    rf"(?P<head>(?:{_INSERT.pattern})?[ \t]*\(')(?P<key>\w[\w.-]*)(?P<sep>',[ \t]*)(?P<value>'(?:[^']|'')*'){_REST}",
    re.IGNORECASE,
)
_MIGRATION = re.compile(r"[VUR]?\d[\d._]*__?.+|.*(?:migration|dump|backup|schema|structure).*", re.IGNORECASE)
_DUMP = re.compile(
    r"^COPY\b.*\bFROM stdin|^-- (?:PostgreSQL|MySQL|MariaDB) .*dump", re.MULTILINE | re.IGNORECASE
)
_BODIES = re.compile(r"\$\w*\$|^[ \t]*DELIMITER\b|\\'", re.MULTILINE | re.IGNORECASE)
_FOLDERS = frozenset({"migrations", "migration", "migrate", "changelog", "versions", "dumps", "backups"})


class SqlScriptFormat(SettingLines):
    name = "sql-script"
    title = "an SQL script"
    comment: ClassVar[str] = "-- "
    comments_unasked = False
    needs = "rows of a table of settings (a name and a text each) to stand beside"
    rules = Language(comments=("--",), quotes="'\"`", raw="'\"`", block=("/*", "*/"))
    style = "snake"

    def claims(self, document: Document) -> bool:
        """Not migrations, of which tools keep a checksum, and not dumps."""
        folder = document.path.parent.name.lower()
        named = re.fullmatch(r"(?P<stem>.+)\.sql(?:\.(?:example|sample|dist))?", document.name.lower())
        return named is not None and not _MIGRATION.fullmatch(named["stem"]) and folder not in _FOLDERS

    def read(self, text: str) -> Reading:
        if _DUMP.search(text):
            raise ValueError("it is a dump")
        if _BODIES.search(text):
            raise ValueError("it has a text or a body in which lines may be no statements")
        return super().read(text)

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower()} = {self.literal(text, '')}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _ROW

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        """As a statement, or among the rows below one; all of its rows must be such rows."""
        below = [False]  # of each line, whether such rows alone stand between it and their statement
        for number, line in enumerate(lines):
            values = number > 0 and line.text.strip().upper() == "VALUES"
            whole = f"{lines[number - 1].text} {line.text.strip()}" if values else line.text
            row = _ROW.fullmatch(line.text) and ";" not in line.text.rpartition(")")[2]
            below.append(bool(_INSERT.fullmatch(whole)) or (bool(row) and below[-1]))

        def may_stand(number: int) -> bool:
            if _INSERT.match(lines[number].text):
                return not lines[number].depth and lines[number].text.partition("--")[0].rstrip().endswith(
                    ";"
                )
            return not lines[number].depth and below[number]

        return may_stand

    def separator(self, line: Line) -> str:
        return "," if line.text.lstrip().startswith("(") else ""

    def beside(
        self, document: Document, like: SettingLine, settings: Sequence[tuple[str, str]], column: int
    ) -> list[str]:
        made = super().beside(document, like, settings, 0)
        return made if _INSERT.match(like.line.text) else [one.rstrip(" \t;") for one in made]

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return "'" + text.replace("'", "''") + "'"
