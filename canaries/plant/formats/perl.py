"""Perl: a variable or a constant more, or an entry of a hash of settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._constants import Constants
from canaries.plant.formats._settings_lines import around, escaped
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>(?:our|my)[ \t]+\$|\$(?:\w+::)*|use[ \t]+constant[ \t]+|[ \t]+['\"]?)(?P<key>[A-Za-z_]\w*)"
    r"(?P<sep>[ \t]*=[ \t]*|['\"]?[ \t]*=>[ \t]*)"
    r"""(?P<value>"[^"\\$@\n]*"|'[^'\\\n]*')(?P<tail>[;,]?)[ \t]*(?:\#.*)?"""
)
_HASH = re.compile(
    r"(?:(?:our|my)[ \t]+)?[%$][\w:]+[ \t]*=[ \t]*[({]|return[ \t]+\{|['\"]?\w+['\"]?[ \t]*=>[ \t]*\{"
)

_PRAGMA = re.compile(r"^[ \t]*use[ \t]+(?!vars\b|constant\b|lib\b)", re.MULTILINE)
"""What may turn ``strict`` on, as many modules do."""


class PerlFormat(Constants):
    name = "perl"
    title = "Perl"
    comment = "# "
    needs = "a variable, a constant or an entry of a hash that is a text to stand beside"
    suffixes = "p[lm]|psgi"
    head = ""
    rules = Language(comments=("#",), quotes="'\"`")
    special = "$@"
    strange = (
        r"(?m)^=[a-z]|\bq[qrx]?[ \t]*[^\w\s,;=)}]|\bqw[ \t]*(?!\([^()'\"`#]*\))[^\w\s,;=)}]"
        r"|[=!]~(?![ \t]*m?/[^/'\"`#(){}\[\]]*/)|\b(?:m|s|tr|y|split)[ \t]*[/{|#!]|split[ \t]*\([ \t]*/"
        r"|\$#|<<[~\"'A-Z]|^__(?:END|DATA)__"
    )
    style = "snake"

    def assign(self, name: str, text: str) -> str:
        return f"our ${name} = {self.literal(text, chr(39))};"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        """An entry in a hash, anything else at the outermost level, where it ends with its line."""
        strict = _PRAGMA.search(document.text) is not None

        def may_stand(number: int) -> bool:
            opened, text = around(lines, number), lines[number].text
            if text[:1] in (" ", "\t"):
                return "=>" in text and 0 < len(opened) < 3 and all(_HASH.fullmatch(one) for one in opened)
            if strict and re.match(r"\$\w+[ \t]*=", text):
                return False  # a variable that is not declared is an error under strict
            return not opened and text.partition("#")[0].rstrip().endswith(";")

        return may_stand

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return escaped(text, like[:1], self.special if like[:1] == '"' else "")

    def separator(self, line: Line) -> str:
        return "," if line.depth else ""
