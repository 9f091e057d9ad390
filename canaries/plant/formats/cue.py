"""CUE: a field more at the outermost level, which is open."""

from __future__ import annotations

from canaries.plant.formats._constants import Constants


class CueFormat(Constants):
    """Definitions (``#Config``) are closed: a field that they do not know is an error, so nothing is put there."""

    name = "cue"
    title = "CUE"
    comments_unasked = True
    needs = "a field that is a text, at the outermost level, to stand beside"
    suffixes = "cue"
    head = ""
    sep = r":[ \t]+"
    strange = r'"""|' + r"'''|#[\"']"
    style = "camel"

    def assign(self, name: str, text: str) -> str:
        return f"{name}: {self.literal(text, chr(34))}"
