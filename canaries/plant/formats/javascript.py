"""JavaScript and TypeScript: an exported constant more, or an entry of the settings that a file exports."""

from __future__ import annotations

import re
from collections.abc import Sequence

from canaries.plant.formats._closed import named_as_settings
from canaries.plant.formats._code import Line
from canaries.plant.formats._constants import EITHER, SCRIPT, Constants
from canaries.plant.formats._settings_lines import around
from canaries.plant.formats._text import Document

_TOOLS = re.compile(r".*\.config\.[cm]?[jt]s.*|.*rc\.[cm]?js|(?:grunt|gulp|knex)file\..*", re.IGNORECASE)
"""Programs' own settings, which are strict."""


class JavaScriptFormat(Constants):
    name = "javascript"
    title = "JavaScript"
    rules = SCRIPT
    suffixes = "[cm]?[jt]s"
    head = r"(?:export[ \t]+const[ \t]+|(?:module\.)?exports\.|[ \t]+['\"]?)"
    sep = r"(?:['\"]?:[ \t]*|[ \t]*=[ \t]*)"
    value = EITHER
    around = (
        r"(?:module\.exports[ \t]*=|export[ \t]+default|(?:export[ \t]+)?const[ \t]+\w+[ \t]*=|['\"]?\w+['\"]?:)"
        r"[ \t]*\{"
    )
    strange = r"(?!)"
    style = "camel"

    def claims(self, document: Document) -> bool:
        return not _TOOLS.fullmatch(document.name) and super().claims(document)

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        """In an object as an entry, outside as a constant; the deeper, the likelier an object is a program's own."""
        openers = around(lines, number)
        entry = re.match(r"[ \t]+['\"]?\w+['\"]?:", lines[number].text) is not None
        if entry != bool(openers) or len(openers) > (2 if named_as_settings(document.name) else 0):
            return False
        return super().may_stand(document, lines, number)

    def separator(self, line: Line) -> str:
        return "," if line.depth else ""
