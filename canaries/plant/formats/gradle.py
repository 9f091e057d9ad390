"""Gradle's build scripts, in Groovy and in Kotlin: an extra property or a variable more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from canaries.plant.formats._code import Line
from canaries.plant.formats._constants import EITHER, TEXT, Constants
from canaries.plant.formats._settings_lines import around
from canaries.plant.formats._text import Document

_EXTRA = r"(?:(?:rootProject|project)\.)?"
_GROOVY = re.compile(
    rf"(?P<head>[ \t]+|def[ \t]+|{_EXTRA}ext\.)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]*=[ \t]*){EITHER}(?P<tail>)"
    r"[ \t]*(?://.*)?"
)
_KOTLIN = re.compile(
    rf"(?P<head>val[ \t]+|{_EXTRA}extra\[\")(?P<key>[A-Za-z_]\w*)"
    rf"(?P<sep>(?:\"\])?[ \t]*=[ \t]*|[ \t]+by[ \t]+extra\([ \t]*){TEXT}(?P<tail>\)?)[ \t]*(?://.*)?"
)


class GradleFormat(Constants):
    """Lines of ``ext { }`` and of the outermost level: what stands in other blocks, Gradle acts upon."""

    name = "gradle"
    title = "a build script of Gradle"
    needs = "an extra property or a variable that is a text to stand beside"
    suffixes: ClassVar[str] = r"gradle(?:\.kts)?"
    head: ClassVar[str] = ""
    special = "$"
    strange = r'"""|' + r"'''|\$/|[=!(,]~|~[ \t]*/|[=(,][ \t]*/(?![/*])"
    style = "camel"

    def assign(self, name: str, text: str) -> str:
        return f"def {name} = {self.literal(text, chr(39))}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _KOTLIN if ".kts" in document.name.lower() else _GROOVY

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        opened = around(lines, number)
        if lines[number].text[:1] in (" ", "\t"):
            return len(opened) == 1 and re.fullmatch(rf"{_EXTRA}ext[ \t]*\{{", opened[0]) is not None
        return not opened
