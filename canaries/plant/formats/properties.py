"""Java's property files: a group of settings like the one of another data source, or names nobody looks up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._donor import Fitted, fitted
from canaries.plant.formats._flat_settings import alike, renamed
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of, words

_ENTRY = re.compile(
    r"(?P<lead>[ \t]*)(?P<key>(?:\\.|[^\s=:#!\\])(?:\\.|[^\s=:\\])*)(?P<sep>[ \t]*[=:][ \t]*|[ \t]+|$)(?P<value>.*)"
)


_Entry = tuple[str, str, int, str]
"""Key, value, end and separator."""
_LOGIN = 7
"""Most settings of a file that is one login."""


class PropertiesFormat(FileFormat):
    """java.util.Properties: a backslash continues a line, and the last of two equal keys counts."""

    name = "properties"
    title = "a property file"
    comment: ClassVar[str] = "# "

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(
                r"(?:.+\.properties|flyway\.conf)(?:\.(?:example|sample|dist|bak|old))?",
                document.name.lower(),
            )
            or (document.name == ".credentials" and document.path.parent.name in (".sbt", ".ivy2"))
        )

    def read(self, text: str) -> Reading:
        return {(key,): value for key, value, _, _ in _entries(text)}

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, entries = document.text, list(_entries(document.text))
        keys = [key for key, *_ in entries]
        signs = (sep for *_, sep in entries if "=" in sep or ":" in sep)
        usual = next(signs, entries[0][3] if entries else "") or "="
        heads = {key.partition(".")[0] for key in keys}
        groups: dict[str, list[_Entry]] = {}
        for one in entries:
            groups.setdefault(one[0].rpartition(".")[0], []).append(one)
        below = _below(entries)
        for prefix in dict.fromkeys(key.rpartition(".")[0] for key in reversed(keys) if "." in key):
            for group in dict.fromkeys((tuple(below.get(prefix, ())), tuple(groups[prefix]))):
                made = fitted([(key[len(prefix) + 1 :], value) for key, value, _, _ in group], wish.values)
                if not made:
                    continue
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
        yield from self._logins(text, entries, usual, wish)
        place = nearest(keys, wish.values, [role_of(key, value) for key, value, *_ in entries])
        dotted = "." in (keys[place] if place is not None else "".join(keys))
        style = style_of([key for key in keys if ("." in key) == dotted], "dotted" if dotted else "upper")
        label = wish.label(
            lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values)
        )
        flat = [Fitted(labelled(v.name, label, style), v.text, -1) for v in wish.values.values]
        if flat:
            at = entries[_last_alike(keys, place)][2] if place is not None else None
            yield from self._placed(text, flat, usual, at, ", ".join(one.key for one in flat))

    def _logins(self, text: str, entries: list[_Entry], usual: str, wish: Wish) -> Iterator[Composition]:
        """``dbHost``, ``dbUser`` and so on, once more; as a comment also a file that is one login."""
        keys = [key for key, *_ in entries]
        for group in alike(keys):
            pairs = [entries[n][:2] for n in group]
            login = {"password", "secret", "connection"} & {role_of(key, value) for key, value in pairs}
            dotted = any("." in key for key, _ in pairs)
            made = fitted(pairs, wish.values) if login and not dotted else None
            if made:
                names = _named(pairs, made, keys, wish)
                new = [Fitted(name, one.text, -1) for name, one in zip(names, made, strict=True)]
                yield from self._placed(text, new, usual, entries[group[-1]][2], ", ".join(names))
        yield from self._plain_login(text, entries, usual, wish)
        whole = fitted([entry[:2] for entry in entries], wish.values) if wish.commented else None
        if whole and len(keys) <= _LOGIN:
            new = [Fitted(one.key, one.text, -1) for one in whole]
            yield from self._placed(text, new, usual, entries[-1][2], ", ".join(one.key for one in new))

    def _plain_login(self, text: str, entries: list[_Entry], usual: str, wish: Wish) -> Iterator[Composition]:
        """``url``, ``username`` and ``password`` of a program that knows one database (Liquibase), once more."""
        keys = [key for key, *_ in entries]
        plain = [entry for entry in entries if len(words(entry[0])) == 1 and role_of(*entry[:2])]
        roles = {role_of(*entry[:2]) for entry in plain}
        made = fitted([entry[:2] for entry in plain], wish.values) if {"url", "password"} <= roles else None
        if not made or wish.live:
            return
        style = style_of(keys, "camel")
        label = wish.label(lambda word: any(labelled(one.key, word, style) in keys for one in made))
        new = [Fitted(labelled(one.key, label, style), one.text, -1) for one in made]
        yield from self._placed(text, new, usual, plain[-1][2], ", ".join(one.key for one in new))

    def _placed(
        self, text: str, made: list[Fitted], usual: str, at: int | None, name: str
    ) -> Iterator[Composition]:
        lines = [f"{one.key}{usual}{_escaped(one.text)}" for one in made]
        if at is not None:
            yield Composition((after(text, at, lines),), f"as {name}, beside its like")
        yield Composition((at_end(text, lines),), f"as {name}, at the end")


def _below(entries: list[_Entry]) -> dict[str, list[_Entry]]:
    """What begins with the same two words, however many more it has; no more than a login has."""
    found: dict[str, list[_Entry]] = {}
    for one in entries:
        parts = one[0].split(".", 2)
        if len(parts) > 2:
            found.setdefault(".".join(parts[:2]), []).append(one)
    return {prefix: group for prefix, group in found.items() if len(group) <= _LOGIN}


def _named(pairs: list[tuple[str, str]], made: list[Fitted], keys: list[str], wish: Wish) -> list[str]:
    style = style_of([key for key, _ in pairs], "snake")
    names = renamed(pairs, [(one.key, one.like) for one in made], style)
    label = wish.label(lambda word: any(labelled(name, word, style) in keys for name in names))
    return [labelled(name, label, style) for name in names]


def _last_alike(keys: list[str], place: int) -> int:
    """The last of the keys in a row that share what stands before their last dot."""
    group = keys[place].rpartition(".")[0]
    while group and place + 1 < len(keys) and keys[place + 1].rpartition(".")[0] == group:
        place += 1
    return place


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def _goes_on(line: str) -> bool:
    """Whether an odd number of backslashes ends it."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _entries(text: str) -> Iterator[_Entry]:
    """(key, value, end, separator). Raises ValueError."""
    at = 0
    lines = iter(text.split("\n"))
    for line in lines:
        start = at
        at += len(line) + 1
        if not line.strip() or line.lstrip()[0] in "#!":
            continue
        parts = [line]
        while _goes_on(parts[-1]):
            following = next(lines, None)
            if following is None:
                break
            parts[-1] = parts[-1][:-1]
            parts.append(following.lstrip())
            at += len(following) + 1
        match = _ENTRY.fullmatch("".join(parts))
        if not match:
            raise ValueError(f"line {text.count(chr(10), 0, start) + 1} has no key")
        yield match["key"], match["value"], at - 1, match["sep"]
