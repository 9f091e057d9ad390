"""Notes for people: plain text, Markdown, reStructuredText, Org. A line more is a line more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import at_end
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import words

_NAMES = re.compile(
    r".+\.(?:md|markdown|txt|text|rst|org|adoc|asciidoc|log|mdx)|(?:readme|notes?|todo|changes|install|handover|runbook)"
)


class NotesFormat(FileFormat):
    name = "notes"
    title = "notes"
    rank = 70

    def claims(self, document: Document) -> bool:
        return bool(_NAMES.fullmatch(document.name.lower()))

    def read(self, text: str) -> Reading:
        if text.count("```") % 2 or text.count("~~~") % 2:
            raise ValueError("a fenced block is left open in it")
        return {
            (str(number),): line
            for number, line in enumerate(text.rstrip("\n").split("\n"))
            if line or number
        }

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text = document.text
        if "---" in text and text.startswith("---\n") and text.count("\n---\n") < 1:
            return
        lines = self._lines(text, wish)
        if lines:
            yield Composition((at_end(text, lines),), "as lines at the end")

    def _lines(self, text: str, wish: Wish) -> list[str]:
        """As the file lists things: bullets, a fenced block, or the snippet as it is."""
        values = wish.values.values
        bullet = re.findall(r"^([-*+] )\S", text, re.MULTILINE)
        if bullet and values:
            title = " ".join(words(values[0].name)[:1]).capitalize()
            return [f"{bullet[-1]}{title} {' '.join(words(v.name)[1:]) or 'link'}: {v.text}" for v in values]
        if re.search(r"^```", text, re.MULTILINE):
            return ["```", *wish.values.text.rstrip("\n").split("\n"), "```"]
        return wish.values.text.rstrip("\n").split("\n")
