"""Java's property files: a group of settings like the one of another data source, or names nobody looks up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._donor import Fitted, fitted
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_ENTRY = re.compile(
    r"(?P<lead>[ \t]*)(?P<key>(?:\\.|[^\s=:#!\\])(?:\\.|[^\s=:\\])*)(?P<sep>[ \t]*[=:][ \t]*|[ \t]+|$)(?P<value>.*)"
)


class PropertiesFormat(FileFormat):
    """java.util.Properties: a backslash continues a line, and the last of two equal keys counts."""

    name = "properties"
    title = "a property file"
    comment: ClassVar[str] = "# "

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(r".+\.properties(?:\.(?:example|sample|dist|bak|old))?", document.name.lower())
        )

    def read(self, text: str) -> Reading:
        return {(key,): value for key, value, _, _ in _entries(text)}

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, entries = document.text, list(_entries(document.text))
        keys = [key for key, *_ in entries]
        usual = next((sep for _, _, _, sep in entries if "=" in sep or ":" in sep), "=")
        heads = {key.partition(".")[0] for key in keys}
        for prefix in dict.fromkeys(key.rpartition(".")[0] for key in reversed(keys) if "." in key):
            group = [one for one in entries if one[0].rpartition(".")[0] == prefix]
            made = fitted([(key.rpartition(".")[2], value) for key, value, _, _ in group], wish.values)
            if made:
                head, _, tail = prefix.partition(".")
                label = wish.free(lambda word: word, heads)
                name = f"{label}.{tail or head}"
                yield from self._placed(
                    text,
                    [Fitted(f"{name}.{one.key}", one.text, -1) for one in made],
                    usual,
                    group[-1][2],
                    name,
                )
        style = style_of(keys, "dotted" if any("." in key for key in keys) else "upper")
        label = wish.label(
            lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values)
        )
        flat = [Fitted(labelled(v.name, label, style), v.text, -1) for v in wish.values.values]
        place = nearest(keys, wish.values.service, [role_of(key, value) for key, value, *_ in entries])
        if flat:
            at = entries[place][2] if place is not None else None
            yield from self._placed(text, flat, usual, at, ", ".join(one.key for one in flat))

    def _placed(
        self, text: str, made: list[Fitted], usual: str, at: int | None, name: str
    ) -> Iterator[Composition]:
        lines = [f"{one.key}{usual}{_escaped(one.text)}" for one in made]
        if at is not None:
            yield Composition((after(text, at, lines),), f"as {name}, beside its like")
        yield Composition((at_end(text, lines),), f"as {name}, at the end")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def _entries(text: str) -> Iterator[tuple[str, str, int, str]]:
    """(key, value, end, separator). Raises ValueError."""
    at = 0
    lines = iter(text.split("\n"))
    for line in lines:
        start = at
        at += len(line) + 1
        if not line.strip() or line.lstrip()[0] in "#!":
            continue
        whole = line
        while re.search(r"(?<!\\)(?:\\\\)*\\\Z", whole):
            following = next(lines, None)
            if following is None:
                break
            whole = whole[:-1] + following.lstrip()
            at += len(following) + 1
        match = _ENTRY.fullmatch(whole)
        if not match:
            raise ValueError(f"line {text.count(chr(10), 0, start) + 1} has no key")
        yield match["key"], match["value"], at - 1, match["sep"]
