"""Bruno's environments (``.bru``): a variable more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines, around
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>[ ]+)(?P<key>[A-Za-z_][\w.-]*)(?P<sep>:[ ]*)(?P<value>[^\s{}'\[\]][^{}\[\]]*?)(?P<tail>)"
)


class BrunoFormat(SettingLines):
    name = "bruno"
    title = "an environment of Bruno"
    needs = "a variable to stand beside"
    rules = Language(comments=(), quotes="")
    style = "camel"

    def claims(self, document: Document) -> bool:
        return (
            document.path.suffix.lower() == ".bru"
            and re.search(r"^vars \{$", document.text, re.M) is not None
        )

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        return around(lines, number) == ["vars {"]

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return text
