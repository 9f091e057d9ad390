"""Request files (``.http``, ``.rest``) of editors: a variable more among those at the top of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document, Splice
from canaries.plant.formats._values import role_of

_VARIABLE = re.compile(r"@(?P<key>[A-Za-z_][\w.-]*)(?P<sep>[ \t]*=[ \t]*)(?P<value>.*?)[ \t]*")
_REQUEST = re.compile(r"^(?:(?:[A-Z]+[ \t]+)?(?:https?://|\{\{|/)\S|[A-Z]+[ \t]+\S)", re.MULTILINE)


class HttpRequestsFormat(FileFormat):
    name = "http-requests"
    title = "a file of HTTP requests"
    comment: ClassVar[str] = "# "
    comments_unasked = False
    needs = "variables or a first request to stand before"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r".+\.(?:http|rest)", document.name.lower()))

    def read(self, text: str) -> Reading:
        """The variables at the top, and all that follows them as it stands."""
        if not _REQUEST.search(text):
            raise ValueError("it has no request")
        top, rest = _parted(text)
        found: dict[tuple[str, ...], str] = {("@", match["key"]): match["value"] for _, match in top}
        return {**found, ("(requests)",): text[rest:].lstrip("\n")}

    def assign(self, name: str, text: str) -> str:
        return f"@{name.lower()} = {text}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, values = document.text, wish.values.values
        top, _ = _parted(text)
        keys = [match["key"] for _, match in top]
        style = style_of(keys, "camel")
        label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in values))
        separator = top[-1][1]["sep"] if top else " = "
        lines = [f"@{labelled(v.name, label, style)}{separator}{v.text}" for v in values]
        names = ", ".join(labelled(v.name, label, style) for v in values)
        near = nearest(keys, wish.values, [role_of(m["key"], m["value"]) for _, m in top])
        if values and top:
            at, like = top[near if near is not None else -1]
            yield Composition((after(text, at, lines),), f"as {names}, after {like['key']}")
        elif values:
            yield Composition((Splice(0, "\n".join(lines) + "\n\n"),), f"as {names}, at the top")


def _parted(text: str) -> tuple[list[tuple[int, re.Match[str]]], int]:
    """The variables before the first request, each with where it starts, and where what follows them starts."""
    found, at, rest = [], 0, 0
    for line in text.split("\n"):
        match = _VARIABLE.fullmatch(line)
        if match:
            found.append((at, match))
            rest = at + len(line) + 1
        elif line.strip() and not line.startswith(("#", "//")):
            break
        at += len(line) + 1
    return found, rest
