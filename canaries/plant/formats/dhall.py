"""Dhall: a commented old value, for a record of another type is an error to whatever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, code_reading, lines_of
from canaries.plant.formats._names import styled
from canaries.plant.formats._settings_lines import escaped
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import words

_DHALL = Language(comments=("--",), quotes='"', block=("{-", "-}"))


class DhallFormat(FileFormat):
    name = "dhall"
    title = "Dhall"
    comment: ClassVar[str] = "-- "

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r".+\.dhall(?:\.(?:example|sample|dist|bak|old))?", document.name.lower()))

    def read(self, text: str) -> Reading:
        if "''" in text:
            raise ValueError("it has a text of several lines")
        return code_reading(lines_of(text, _DHALL))

    def assign(self, name: str, text: str) -> str:
        return f", {styled(words(name), 'camel')} = {escaped(text, chr(34), '$')}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """None."""
        yield from ()
