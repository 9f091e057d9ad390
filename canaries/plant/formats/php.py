"""PHP settings: another entry of an array, a constant or a variable more; never outside ``<?php``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, Line, code_reading, lines_of
from canaries.plant.formats._donor import Fitted, fitted
from canaries.plant.formats._flat_settings import alike, renamed, within
from canaries.plant.formats._lines import after, before, indent_of
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._php_statements import literal, statements
from canaries.plant.formats._services import concerns, of_another
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

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
_ARRAY = re.compile(
    r"(?P<head>\$\w+\[)(?P<q>['\"])(?P<key>[\w.-]+)(?P=q)"
    r"(?P<tail>\](?:\[['\"][\w.-]+['\"]\])*[ \t]*=[ \t]*(?:\[|array[ \t]*\())[ \t]*"
)
_PROPERTY = re.compile(
    r"(?P<lead>[ \t]*(?:public|protected|private|var)[ \t]+(?:static[ \t]+)?\$)(?P<key>\w+)(?P<sep>[ \t]*=[ \t]*)"
    r"(?P<v>['\"])(?P<value>.*?)(?P=v)[ \t]*;"
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
        return f"define('{name}', {literal(text, chr(39))});"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        lines = lines_of(document.text, _PHP)
        yield from self._arrays(document.text, lines, wish)
        yield from self._assigned(document.text, lines, wish)
        yield from self._entries(document.text, lines, wish)
        yield from self._properties(document.text, lines, wish)
        yield from statements(document.text, lines, wish)

    def _arrays(self, text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
        found = []
        for number, line in enumerate(lines):
            match = re.fullmatch(r"([ \t]*)(['\"])([\w.-]+)\2([ \t]*=>[ \t]*)(\[|array\()[ \t]*", line.text)
            if not match or not line.code:
                continue
            end = next((n for n in range(number + 1, len(lines)) if lines[n].after == line.depth), None)
            if end is None or not lines[end].text.rstrip().endswith(","):
                continue
            if any(of_another(outer, wish.values) for outer in _names_around(lines, line)):
                continue
            inner = [one for one in lines[number + 1 : end] if one.code and one.depth == line.depth + 1]
            entries = [hit for one in inner if one.after == one.depth and (hit := _ENTRY.fullmatch(one.text))]
            made = (
                fitted([(hit["key"], _bare(hit["value"])) for hit in entries], wish.values)
                if entries
                else None
            )
            if made:
                found.append((concerns(match[3], wish.values), number, match, end, entries, made))
        for _, number, match, end, entries, made in sorted(found, key=lambda one: not one[0]):
            taken = re.findall(r"['\"]([\w.-]+)['\"][ \t]*=>", text)
            name = _free(match[3], taken, wish)
            body = [f"{match[1]}{match[2]}{name}{match[2]}{match[4]}{match[5]}"]
            for one in made:
                like = entries[one.like] if one.like >= 0 else entries[0]
                kept = one.like >= 0 and one.text == _bare(like["value"])
                value = like["value"] if kept else literal(one.text, _quote(like["value"]))
                body.append(
                    f"{indent_of(text, _like_start(lines, like))}{like['q']}{one.key}{like['q']}{like['arrow']}{value},"
                )
            body.append(lines[end].text)
            gap = [""] if number and not lines[number - 1].text.strip() else []
            yield Composition(
                (after(text, lines[end].start, [*gap, *body]),), f"as '{name}', after '{match[3]}'"
            )

    def _assigned(self, text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
        """``$databases['default']['default'] = array(``, once more under another first name."""
        for number, line in enumerate(lines):
            match = _ARRAY.fullmatch(line.text)
            if not match or not line.code or line.depth:
                continue
            end = next((n for n in range(number, len(lines)) if lines[n].after == 0), None)
            if not end or lines[end].text.strip() not in (");", "];"):
                continue
            run = [hit for one in lines[number + 1 : end] if (hit := _ENTRY.fullmatch(one.text))]
            made = fitted([(hit["key"], _bare(hit["value"])) for hit in run], wish.values)
            if (
                len(run) != end - number - 1
                or not made
                or any(one.depth != 1 for one in lines[number + 1 : end])
            ):
                continue
            taken = re.findall(re.escape(match["head"]) + r"['\"]([\w.-]+)['\"]", text)
            name = match["key"] if wish.commented else wish.free(lambda word: word, taken) or match["key"]
            body = [f"{match['head']}{match['q']}{name}{match['q']}{match['tail']}"]
            for one in made:
                like = run[max(one.like, 0)]
                lead = like.string[: len(like.string) - len(like.string.lstrip())]
                value = (
                    like["value"]
                    if one.text == _bare(like["value"])
                    else literal(one.text, _quote(like["value"]))
                )
                body.append(f"{lead}{like['q']}{one.key}{like['q']}{like['arrow']}{value},")
            splice = after(text, lines[end].start, [*body, lines[end].text])
            yield Composition((splice,), f"as {match['head']}'{name}'], after '{match['key']}'")

    def _properties(self, text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
        """``public $host = '...'`` of a class of settings."""
        found = [(line, hit) for line in lines if line.code and (hit := _PROPERTY.fullmatch(line.text))]
        keys = [hit["key"] for _, hit in found]
        made = fitted([(hit["key"], hit["value"]) for _, hit in found], wish.values) if found else None
        if not made:
            return
        made = within(made, [role_of(hit["key"], hit["value"]) for _, hit in found])
        names = [one.key for one in made]
        style = style_of(keys, "snake")
        settings = [(name, one.text) for name, one in zip(names, made, strict=True)]
        told = settings if wish.commented else _labelled(names, made, wish, keys, style)
        kept = [
            pair for pair, one in zip(told, made, strict=True) if role_of(one.key, one.text) or one.like < 0
        ]
        line, like = found[max(one.like for one in made if role_of(one.key, one.text))]
        body = [f"{like['lead']}{name}{like['sep']}{literal(value, like['v'])};" for name, value in kept]
        yield Composition((after(text, line.start, body),), f"as {', '.join(name for name, _ in kept)}")

    def _entries(self, text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
        """``'dbhost' => ...`` in the outermost array, once more; as comments, in any."""
        for run in reversed(list(_runs(lines, None if wish.commented else 1))):
            if not wish.commented and not _outermost(lines, run[0][0]):
                continue
            pairs = [(hit["key"], _bare(hit["value"])) for _, hit in run]
            keys = [key for key, _ in pairs]
            style = style_of(keys, "upper" if keys[-1].isupper() else "snake")
            for group in [*alike(keys), list(range(len(run)))]:
                if made := fitted([pairs[n] for n in group], wish.values):
                    chosen = [pairs[n] for n in group]
                    names = renamed(chosen, [(one.key, one.like) for one in made], style)
                    if wish.commented:
                        settings = [(name, one.text) for name, one in zip(names, made, strict=True)]
                    else:
                        settings = _labelled(names, made, wish, keys, style)
                    yield _more(text, run[group[-1]], settings)
            near = nearest(keys, wish.values, [role_of(key, value) for key, value in pairs])
            if near is not None and wish.values.values:
                label = _label(keys, style, wish)
                yield _more(
                    text, run[near], [(labelled(v.name, label, style), v.text) for v in wish.values.values]
                )


def _names_around(lines: list[Line], line: Line) -> Iterator[str]:
    """The names of the arrays that ``line`` is in."""
    while line.opener >= 0:
        line = lines[line.opener]
        yield from re.findall(r"['\"]([\w.-]+)['\"][ \t]*=>", line.text)


def _runs(lines: list[Line], depth: int | None) -> Iterator[list[tuple[Line, re.Match[str]]]]:
    """Entries with a text as value that stand together, at this depth of brackets or (None) at any."""
    run: list[tuple[Line, re.Match[str]]] = []
    for line in lines:
        fits = line.code and line.depth == line.after and (line.depth == depth if depth else line.depth > 0)
        match = _ENTRY.fullmatch(line.text) if fits else None
        plain = match and re.fullmatch(r"(['\"]).*\1|env\(.*\)|null|\d+", match["value"])
        if match and plain and (not run or run[-1][0].depth == line.depth):
            run.append((line, match))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _outermost(lines: list[Line], inside: Line) -> bool:
    """Whether the array around is all of the settings: returned, or a variable's whole value."""
    while inside.depth and inside.opener >= 0:
        inside = lines[inside.opener]
    opening = inside.text
    return bool(re.search(r"(?:\breturn|\$\w+[ \t]*=)[ \t]*(?:\[|array[ \t]*\()[ \t]*\Z", opening))


def _labelled(
    names: list[str], made: list[Fitted], wish: Wish, keys: list[str], style: str
) -> list[tuple[str, str]]:
    label = wish.label(lambda word: any(labelled(name, word, style) in keys for name in names))
    return [(labelled(name, label, style), one.text) for name, one in zip(names, made, strict=True)]


def _more(text: str, near: tuple[Line, re.Match[str]], settings: list[tuple[str, str]]) -> Composition:
    line, hit = near
    lead, quote = indent_of(text, line.start), _quote(hit["value"])
    made = [
        f"{lead}{hit['q']}{key}{hit['q']}{hit['arrow']}{literal(value, quote)}," for key, value in settings
    ]
    names = ", ".join(f"'{key}'" for key, _ in settings)
    splice = after(text, line.start, made)
    if not line.text.rstrip().endswith(",") and "," not in line.text.partition(hit["value"])[2][:1]:
        splice = before(text, line.start, made)  # it is the last, and has no comma
    return Composition((splice,), f"as {names}, beside '{hit['key']}'")


def _free(name: str, taken: list[str], wish: Wish) -> str:
    return name if wish.commented else wish.free(lambda word: f"{name}_{word}", taken)


def _label(keys: list[str], style: str, wish: Wish) -> str:
    return wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in wish.values.values))


def _like_start(lines: list[Line], match: re.Match[str]) -> int:
    """Where the line of this match starts in the file."""
    return next(line.start for line in lines if line.text == match.string)


def _bare(value: str) -> str:
    match = re.fullmatch(r"(?:env\([ \t]*['\"]\w+['\"][ \t]*,[ \t]*)?(['\"])(.*)\1\)?", value.strip())
    return match[2] if match else re.sub(r"^env\(.*", "", value.strip())


def _quote(value: str) -> str:
    return '"' if '"' in value and "'" not in value else "'"
