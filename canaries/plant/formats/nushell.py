"""Nushell: an environment variable more."""

from __future__ import annotations

import re

from canaries.plant.formats._code import Language
from canaries.plant.formats._constants import EITHER, Constants
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    rf"(?P<head>\$env\.)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]*=[ \t]*){EITHER}(?P<tail>)[ \t]*(?:#.*)?"
)


class NushellFormat(Constants):
    name = "nushell"
    title = "a Nushell script"
    comment = "# "
    comments_unasked = True
    needs = "an environment variable to stand beside"
    suffixes = "nu"
    head = ""
    rules = Language(comments=("#",), quotes="'\"`", spaced=True)
    strange = r"\br#+'"
    style = "upper"

    def assign(self, name: str, text: str) -> str:
        return f"$env.{name} = {self.literal(text, chr(34))}"

    def alone(self, name: str, text: str, document: Document) -> str:
        """In Nushell's own settings, and where the environment is set already."""
        own = document.name in ("config.nu", "env.nu", "login.nu")
        return self.assign(name, text) if own or "\n$env." in f"\n{document.text}" else ""

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING
