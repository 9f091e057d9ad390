"""Emacs Lisp: a variable more beside its like."""

from __future__ import annotations

import re

from canaries.plant.formats._code import Language
from canaries.plant.formats._constants import Constants
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>\((?:setq|setq-default|defvar|defconst)[ \t]+)(?P<key>[A-Za-z][\w-]*)(?P<sep>[ \t]+)"
    r'(?P<value>"[^"\\\n]*")(?P<tail>\))[ \t]*(?:;.*)?'
)


class ElispFormat(Constants):
    name = "elisp"
    title = "Emacs Lisp"
    comment = ";; "
    needs = "a variable that is set to a text to stand beside"
    suffixes = "el"
    head = ""
    rules = Language(comments=(";",), quotes='"')
    strange = r"\?\\?[\"();]"
    style = "kebab"

    def claims(self, document: Document) -> bool:
        return document.name in (".emacs", "_emacs") or super().claims(document)

    def assign(self, name: str, text: str) -> str:
        return f"(setq {name.lower().replace('_', '-')} {self.literal(text, chr(34))})"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING
