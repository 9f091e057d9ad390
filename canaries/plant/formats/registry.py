"""Exports of the Windows registry: values more of an application's key, or a session more of a list of such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._donor import Fitted
from canaries.plant.formats._section_lines import Section, Setting, sections
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document

_HEADING = re.compile(r"\ufeff?(?:Windows Registry Editor Version 5\.00|REGEDIT4)[ \t]*(?=\n|\Z)")
_LISTS = re.compile(
    r".*\\(?:\w*sessions|connections|servers|profiles|accounts|sites|hosts)\\[^\\]+", re.IGNORECASE
)
"""Keys with one key for each login in them."""
_PROGRAMS = re.compile(
    r".*\\(?:Microsoft|Policies|Classes|Wow6432Node\\Microsoft)(?:\\.*)?|.*\\(?:Environment|CurrentControlSet(?:\\.*)?|Run)",
    re.IGNORECASE,
)
"""Keys of Windows itself."""


class RegistryFormat(SectionFormat):
    """A ``.reg`` file is imported as a whole: what no program asks for by its name does nothing."""

    name = "registry"
    title = "an export of the Windows registry"
    comment: ClassVar[str] = "; "
    comments_unasked = False
    needs = "a key of an application with a login or a secret to stand beside"
    folding: ClassVar[bool] = False
    colon: ClassVar[bool] = False
    invents: ClassVar[bool] = False

    def claims(self, document: Document) -> bool:
        return document.name.lower().endswith(".reg")

    def sections(self, text: str) -> list[Section]:
        heading = _HEADING.match(text)
        if not heading:
            raise ValueError("it does not begin as such an export does")
        found = sections(";" * heading.end() + text[heading.end() :], folding=False, colon=False)
        for section in found:
            for one in section.settings:
                one.key = one.key.strip('"')
        return found

    def renamed(self, name: str, label: str) -> str:
        return f"{name}-{label}"

    def _beside(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        lists = [one for one in found if _LISTS.fullmatch(one.name) and not _PROGRAMS.fullmatch(one.name)]
        yield from super()._beside(document, wish, lists)

    def _joined(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        own = [one for one in found if one.name and not _LISTS.fullmatch(one.name)]
        own = [one for one in own if not _PROGRAMS.fullmatch(one.name) and not one.name.startswith("-")]
        yield from super()._joined(document, wish, own)

    def _written(self, made: Sequence[Fitted], donors: list[Setting], found: list[Section]) -> list[str]:
        lines = []
        for one in made:
            like = donors[one.like] if 0 <= one.like < len(donors) else None
            key = one.key if one.key == "@" else f'"{one.key}"'
            text = '"' + one.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            if like and not like.raw.lstrip().startswith('"'):
                number = like.raw.startswith("dword:") and one.text.isdigit()
                text = f"dword:{int(one.text):08x}" if number else like.raw.replace("\n", "\n  ")
            elif like and one.text == like.value:
                text = like.raw
            lines.append(f"{key}={text}")
        return lines
