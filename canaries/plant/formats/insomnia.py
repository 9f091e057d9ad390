"""Insomnia's exports: a variable more of an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._flat_settings import flat
from canaries.plant.formats._json import is_strict, parse, splice
from canaries.plant.formats._manifests import text_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import Node, reading


class InsomniaFormat(FileFormat):
    """Version 4 of the export: a flat list of resources, each of a ``_type``."""

    name = "insomnia"
    title = "an export of Insomnia"
    rank: ClassVar[int] = 55
    needs = "an environment that has a secret or an address to stand beside"

    def claims(self, document: Document) -> bool:
        if not document.name.lower().endswith(".json") or "__export_format" not in document.text:
            return False
        try:
            return parse(document.text).get("__export_format") is not None
        except ValueError:
            return False

    def read(self, text: str) -> Reading:
        if not is_strict(text):
            raise ValueError("it does not parse as JSON")
        return reading(parse(text))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        root = parse(document.text)
        resources = root.get("resources")
        maps: list[tuple[tuple[str, ...], Node]] = []
        for one in resources.items if resources else []:
            data = one.get("data")
            if text_of(one, "_type") == "environment" and data and data.entries:
                maps.append((("data",), data))
        for place in flat(maps, wish):
            yield Composition((splice(document.text, place),), place.said)
