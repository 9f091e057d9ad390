"""PHP settings: another entry of an array, a constant or a variable more; never outside ``<?php``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, Line, code_reading, lines_of
from canaries.plant.formats._donor import fitted
from canaries.plant.formats._lines import after, indent_of
from canaries.plant.formats._names import labelled, nearest
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of, words

_PHP = Language(
    comments=("//", "#"),
    quotes="'\"`",
    block=("/*", "*/"),
    heredoc=r"<<<[ \t]*(['\"]?)(?P<tag>\w+)\1",
    embedded=True,
)
_ENTRY = re.compile(
    r"[ \t]*(?P<q>['\"])(?P<key>[^'\"]+)(?P=q)(?P<arrow>[ \t]*=>[ \t]*)(?P<value>.*?),?[ \t]*(?://.*)?"
)
_DEFINE = re.compile(
    r"(?P<head>[ \t]*define\([ \t]*)(?P<q>['\"])(?P<key>\w+)(?P=q)(?P<mid>[ \t]*,[ \t]*)"
    r"(?P<v>['\"]).*?(?P=v)(?P<tail>[ \t]*\)[ \t]*;).*"
)
_VARIABLE = re.compile(
    r"(?P<lead>[ \t]*)\$(?P<key>\w+)(?P<sep>[ \t]*=[ \t]*)(?P<v>['\"])(?P<value>.*?)(?P=v)[ \t]*;.*"
)
_ELEMENT = re.compile(
    r"(?P<lead>[ \t]*\$\w+\[)(?P<q>['\"])(?P<key>\w+)(?P=q)(?P<sep>\][ \t]*=[ \t]*)"
    r"(?P<v>['\"])(?P<value>.*?)(?P=v)[ \t]*;.*"
)


class PhpFormat(FileFormat):
    name = "php"
    title = "PHP"
    comment: ClassVar[str] = "// "
    needs = "a constant, a variable or an array of settings to stand beside"

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(
                r".+\.(?:php\d?|phtml|inc)(?:\.(?:example|sample|dist|bak|old))?", document.name.lower()
            )
        ) and ("<?php" in document.text)

    def read(self, text: str) -> Reading:
        return code_reading(lines_of(text, _PHP))

    def assign(self, name: str, text: str) -> str:
        return f"define('{name}', {_literal(text, chr(39))});"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        lines = lines_of(document.text, _PHP)
        yield from self._arrays(document.text, lines, wish)
        yield from self._flat(document.text, lines, wish)

    def _arrays(self, text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
        found = []
        for number, line in enumerate(lines):
            match = re.fullmatch(r"([ \t]*)(['\"])([\w.-]+)\2([ \t]*=>[ \t]*)(\[|array\()[ \t]*", line.text)
            if not match or not line.code:
                continue
            end = next((n for n in range(number + 1, len(lines)) if lines[n].after == line.depth), None)
            if end is None or not lines[end].text.rstrip().endswith(","):
                continue
            inner = [one for one in lines[number + 1 : end] if one.code and one.depth == line.depth + 1]
            entries = [hit for one in inner if one.after == one.depth and (hit := _ENTRY.fullmatch(one.text))]
            made = (
                fitted([(hit["key"], _bare(hit["value"])) for hit in entries], wish.values)
                if entries
                else None
            )
            if made:
                found.append((wish.values.service in words(match[3]), number, match, end, entries, made))
        for _, number, match, end, entries, made in sorted(found, key=lambda one: not one[0]):
            taken = re.findall(r"['\"]([\w.-]+)['\"][ \t]*=>", text)
            name = _free(match[3], taken, wish)
            body = [f"{match[1]}{match[2]}{name}{match[2]}{match[4]}{match[5]}"]
            for one in made:
                like = entries[one.like] if one.like >= 0 else entries[0]
                kept = one.like >= 0 and one.text == _bare(like["value"])
                value = like["value"] if kept else _literal(one.text, _quote(like["value"]))
                body.append(
                    f"{indent_of(text, _like_start(lines, like))}{like['q']}{one.key}{like['q']}{like['arrow']}{value},"
                )
            body.append(lines[end].text)
            gap = [""] if number and not lines[number - 1].text.strip() else []
            yield Composition(
                (after(text, lines[end].start, [*gap, *body]),), f"as '{name}', after '{match[3]}'"
            )

    def _flat(self, text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
        values = wish.values.values
        for pattern in (_DEFINE, _ELEMENT, _VARIABLE):
            places = [
                (line, match)
                for line in lines
                if line.code
                and line.closed
                and line.depth == line.after == 0
                and (match := pattern.fullmatch(line.text))
            ]
            if not places or not values:
                continue
            keys = [match["key"] for _, match in places]
            style = "upper" if keys[-1].isupper() else "snake"
            label = _label(keys, style, wish)
            near = nearest(keys, wish.values.service, [role_of(key) for key in keys])
            line, match = places[near if near is not None else -1]
            made = [_like(pattern, match, labelled(v.name, label, style), v.text) for v in values]
            names = ", ".join(labelled(v.name, label, style) for v in values)
            yield Composition((after(text, line.start, made),), f"as {names}, after {match['key']}")


def _free(name: str, taken: list[str], wish: Wish) -> str:
    return wish.free(lambda word: f"{name}_{word}", taken)


def _label(keys: list[str], style: str, wish: Wish) -> str:
    return wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values))


def _like_start(lines: list[Line], match: re.Match[str]) -> int:
    """Where the line of this match starts in the file."""
    return next(line.start for line in lines if line.text == match.string)


def _like(pattern: re.Pattern[str], match: re.Match[str], name: str, text: str) -> str:
    value = _literal(text, match["v"])
    if pattern is _DEFINE:
        return f"{match['head']}{match['q']}{name}{match['q']}{match['mid']}{value}{match['tail']}"
    if pattern is _ELEMENT:
        return f"{match['lead']}{match['q']}{name}{match['q']}{match['sep']}{value};"
    return f"{match['lead']}${name}{match['sep']}{value};"


def _bare(value: str) -> str:
    match = re.fullmatch(r"(?:env\([ \t]*['\"]\w+['\"][ \t]*,[ \t]*)?(['\"])(.*)\1\)?", value.strip())
    return match[2] if match else re.sub(r"^env\(.*", "", value.strip())


def _quote(value: str) -> str:
    return '"' if '"' in value and "'" not in value else "'"


def _literal(text: str, quote: str) -> str:
    if quote == '"' and not re.search(r'[\\$"{]', text):
        return f'"{text}"'
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
