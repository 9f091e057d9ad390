"""PHP's settings that are statements: constants, variables, elements of an array, members of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._code import Line
from canaries.plant.formats._flat_settings import logins
from canaries.plant.formats._lines import after
from canaries.plant.formats._names import labelled, nearest
from canaries.plant.formats._values import role_of

_TEXT = r"(?P<v>['\"])(?P<value>.*?)(?P=v)"
_DEFINE = re.compile(
    r"(?P<head>[ \t]*define\([ \t]*['\"])(?P<key>\w+)(?P<mid>['\"][ \t]*,[ \t]*)"
    + _TEXT
    + r"(?P<tail>[ \t]*\)[ \t]*;).*"
)
_ELEMENT = re.compile(
    r"(?P<head>[ \t]*\$\w+\[['\"])(?P<key>\w+)(?P<mid>['\"]\][ \t]*=[ \t]*)" + _TEXT + r"(?P<tail>[ \t]*;).*"
)
_VARIABLE = re.compile(
    r"(?P<head>[ \t]*\$)(?P<key>\w+)(?P<mid>[ \t]*=[ \t]*)" + _TEXT + r"(?P<tail>[ \t]*;).*"
)
_MEMBER = re.compile(
    r"(?P<head>[ \t]*\$\w+->)(?P<key>\w+)(?P<mid>[ \t]*=[ \t]*)" + _TEXT + r"(?P<tail>[ \t]*;).*"
)


def statements(text: str, lines: list[Line], wish: Wish) -> Iterator[Composition]:
    """Another statement beside its like: a login in the file's own names, else the bait's."""
    found = [(pattern, _places(pattern, lines)) for pattern in (_DEFINE, _ELEMENT, _VARIABLE, _MEMBER)]
    for _, places in found:
        for last, made in logins([(match["key"], match["value"]) for _, match in places], wish):
            likes = [places[one.like if one.like >= 0 else last][1] for one in made]
            body = [_like(like, one.key, one.text) for like, one in zip(likes, made, strict=True)]
            names = ", ".join(one.key for one in made)
            line, match = places[last]
            yield Composition((after(text, line.start, body),), f"as {names}, after {match['key']}")
    values = wish.values.values
    for pattern, places in found:
        if not places or not values or pattern is _MEMBER:
            continue  # an object may be one that knows its members
        keys = [match["key"] for _, match in places]
        style = "upper" if keys[-1].isupper() else "snake"
        labels = _names(keys, style, wish)
        near = nearest(keys, wish.values, [role_of(key) for key in keys])
        line, match = places[near if near is not None else -1]
        body = [_like(match, name, value.text) for name, value in zip(labels, values, strict=True)]
        yield Composition((after(text, line.start, body),), f"as {', '.join(labels)}, after {match['key']}")


def _names(keys: list[str], style: str, wish: Wish) -> list[str]:
    values = wish.values.values
    label = wish.label(lambda word: any(labelled(v.name, word, style) in keys for v in values))
    return [labelled(v.name, label, style) for v in values]


def _places(pattern: re.Pattern[str], lines: list[Line]) -> list[tuple[Line, re.Match[str]]]:
    return [
        (line, match)
        for line in lines
        if line.code
        and line.closed
        and line.depth == line.after == 0
        and (match := pattern.fullmatch(line.text))
    ]


def _like(match: re.Match[str], name: str, text: str) -> str:
    mid, longer = match["mid"], len(match["key"]) - len(name)
    # what is aligned stays so, as far as there is room
    mid = re.sub(r"(?:(?<=,)|^) {2,}", lambda gap: " " * max(1, len(gap[0]) + longer), mid)
    return f"{match['head']}{name}{mid}{literal(text, match['v'])}{match['tail']}"


def literal(text: str, quote: str) -> str:
    """``text`` in these quotes, where they can hold it."""
    if quote == '"' and not re.search(r'[\\$"{]', text):
        return f'"{text}"'
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
