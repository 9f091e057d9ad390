"""sbt's build files: a login for a host more, beside its like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, code_reading, lines_of
from canaries.plant.formats._lines import after
from canaries.plant.formats._settings_lines import escaped
from canaries.plant.formats._text import Document

_SCALA = Language(comments=("//",), quotes='"', block=("/*", "*/"))
_TEXT = r'[ \t]*"[^"\\\n]*"[ \t]*'
_CREDENTIALS = re.compile(
    rf"(?P<head>[ \t]*(?:ThisBuild[ \t]*/[ \t]*)?credentials[ \t]*\+=[ \t]*Credentials\({_TEXT},)"
    rf"{_TEXT},{_TEXT},{_TEXT}\)(?P<tail>,?)[ \t]*"
)


class SbtFormat(FileFormat):
    """sbt looks a login up by the host that it is about to ask: one for another host is not used."""

    name = "sbt"
    title = "a build file of sbt"
    comment: ClassVar[str] = "// "
    comments_unasked = False
    needs = "a login with its host, and credentials to stand beside"

    def claims(self, document: Document) -> bool:
        return document.name.endswith(".sbt")

    def read(self, text: str) -> Reading:
        if '"""' in text:
            raise ValueError("it has a text of several lines")
        return code_reading(lines_of(text, _SCALA))

    def assign(self, name: str, text: str) -> str:
        return f"val {name} = {escaped(text, chr(34))}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        wanted = [wish.values.roles.get(role, "") for role in ("host", "user", "password")]
        if not all(wanted):
            return
        text = document.text
        for line in reversed(lines_of(text, _SCALA)):
            match = _CREDENTIALS.fullmatch(line.text) if line.code and line.closed else None
            if match and (match["tail"] or not line.depth):
                made = f"{match['head']} {', '.join(escaped(one, chr(34)) for one in wanted)}){match['tail']}"
                yield Composition((after(text, line.start, [made]),), "as a login more, beside its like")
