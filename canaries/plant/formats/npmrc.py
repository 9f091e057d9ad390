"""``.npmrc``: a login for the bait's own registry, and a scope that nobody uses; the registry in use stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._text import Document


class NpmrcFormat(FileFormat):
    """npm config, "npmrc": ``@scope:registry`` and ``//host/:_authToken`` count for that scope and host only."""

    name = "npmrc"
    title = "an .npmrc"
    rank = 40
    comment: ClassVar[str] = "; "
    comments_unasked: ClassVar[bool] = False
    needs = "a registry with a token (npm-token)"

    def claims(self, document: Document) -> bool:
        return document.name in (".npmrc", "npmrc") or document.name.startswith(".npmrc.")

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], str] = {}
        for line in text.split("\n"):
            bare = line.strip()
            if bare and bare[0] not in "#;":
                key, _, value = bare.partition("=")
                found[key.strip(),] = value.strip()
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        match = re.search(r"^(//\S+:_authToken)=(\S+)$", wish.values.text, re.MULTILINE)
        registry = re.search(r"^registry=(\S+)$", wish.values.text, re.MULTILINE)
        if not match or not registry:
            return
        text, keys = document.text, {path[0] for path in self.read(document.text)}
        scope = wish.label(lambda word: f"@{word}:registry" in keys)
        equals = " = " if re.search(r"^[^#;\n]+ = ", text, re.MULTILINE) else "="
        lines = [f"@{scope or 'internal'}:registry{equals}{registry[1]}", f"{match[1]}{equals}{match[2]}"]
        said = f"as the registry of the scope @{scope or 'internal'}"
        tokens = list(re.finditer(r"^//\S+:_(?:authToken|password|auth)[ \t]*=.*$", text, re.MULTILINE))
        if tokens:
            yield Composition((after(text, tokens[-1].start(), lines),), f"{said}, after the last one in use")
        yield Composition((at_end(text, lines, paragraph=False),), said)
