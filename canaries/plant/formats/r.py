"""R: a variable, an option or an environment variable more, also in ``.Rprofile``."""

from __future__ import annotations

import re

from canaries.plant.formats._code import Language
from canaries.plant.formats._constants import EITHER, Constants
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>(?:(?:options|Sys\.setenv)\([ \t]*)?)(?P<key>[A-Za-z][\w.]*)(?P<sep>[ \t]*(?:<-|=)[ \t]*)"
    rf"{EITHER}(?P<tail>[ \t]*\)|)[ \t]*(?:#.*)?"
)


class RFormat(Constants):
    name = "r"
    title = "R"
    comment = "# "
    needs = "a text at the outermost level to stand beside"
    suffixes = "r"
    head = ""
    rules = Language(comments=("#",), quotes="'\"`")
    strange = r"\b[rR][\"']-*[(\[{]"
    style = "snake"

    def claims(self, document: Document) -> bool:
        return document.name in (".Rprofile", "Rprofile.site") or super().claims(document)

    def assign(self, name: str, text: str) -> str:
        return f"{name} <- {self.literal(text, chr(34))}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING
