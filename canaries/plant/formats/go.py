"""Go: a constant more, apart from those that gofmt keeps aligned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._constants import Constants
from canaries.plant.formats._settings_lines import SettingLine
from canaries.plant.formats._text import Document


class GoFormat(Constants):
    name = "go"
    title = "Go"
    suffixes = "go"
    rules = Language(comments=("//",), quotes="'\"`", raw="`", block=("/*", "*/"))
    head = r"(?:(?:const|var)[ \t]+|[ \t]+)"
    sep = r"(?:[ \t]+string)?[ \t]*=[ \t]*"
    around = r"(?:const|var)[ \t]*\("
    apart = True
    strange = r"(?!)"
    style = "pascal"

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        inside = not re.match(r"const|var", lines[number].text)
        return inside == bool(lines[number].depth) and super().may_stand(document, lines, number)

    def beside(
        self, document: Document, like: SettingLine, settings: Sequence[tuple[str, str]], column: int
    ) -> list[str]:
        """As gofmt leaves them: aligned among themselves within brackets, and not outside of them."""
        head, last = like.match["head"], max(len(name) for name, _ in settings) if like.line.depth else 0
        typed = "string " if "string" in like.match["sep"] else ""
        quote = '"'
        return [f"{head}{name.ljust(last)} {typed}= {self.literal(text, quote)}" for name, text in settings]
