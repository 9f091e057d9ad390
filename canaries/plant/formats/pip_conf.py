"""pip's configuration: every index in it is asked at every install, so the bait is an old one, commented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._lines import after, at_end, before
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document


class PipConfFormat(SectionFormat):
    name = "pip-conf"
    title = "a pip configuration"
    rank = 40
    needs = "an index with a login (pip-conf)"
    comments_unasked: ClassVar[bool] = False

    def claims(self, document: Document) -> bool:
        return document.name in ("pip.conf", "pip.ini")

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        index = next((value.text for value in wish.values.values if "/simple" in value.text), "")
        if not index:
            return
        text, found = document.text, self.sections(document.text)
        settings = [(section, one) for section in found for one in section.settings]
        near = next((one for _, one in settings if one.key in ("index-url", "extra-index-url")), None)
        key, separator = (near.key, near.separator) if near else ("index-url", " = ")
        line = f"# {key}{separator.rstrip() if near and not near.raw.split(chr(10))[0] else separator}{index}"
        if near:
            first = text.rfind("\n", 0, near.end - len(near.raw.split("\n")[-1])) + 1
            if "\n" not in near.raw:
                yield Composition(
                    (before(text, first, [line]),), f"as the old {key}, commented, above the one in use"
                )
            yield Composition(
                (after(text, near.end, [line]),), f"as the old {key}, commented, below the one in use"
            )
        glob = next((section for section in found if section.name == "global"), None)
        if glob:
            yield Composition((after(text, glob.end, [line]),), f"as the old {key}, commented, in [global]")
        yield Composition((at_end(text, [line]),), f"as the old {key}, commented, at the end")
