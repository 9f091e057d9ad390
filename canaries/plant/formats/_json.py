"""JSON, with comments or without, and JSON5, as a tree with places. (RFC 8259, JSON5 1.0.0)."""

from __future__ import annotations

import json
import re
from typing import Any

from canaries.plant.formats._lines import indent_of
from canaries.plant.formats._text import Splice
from canaries.plant.formats._tree import Made, Node, Place

_SPACE = re.compile(r"(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRICT_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\n\x00-\x1f]|\\.)*"|\'(?:[^\'\\\n]|\\(?:\r\n|.))*\'', re.DOTALL)
_BARE = re.compile(r"[+-]?[A-Za-z0-9_$.+-]+")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_DEEPEST = 200


class _JsonScanner:
    """One pass over the text. Raises ValueError where it is no JSON of any sort."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def root(self) -> Node:
        self.space()
        node = self.value(0)
        self.space()
        if self.at < len(self.text):
            raise self.wrong()
        return node

    def wrong(self) -> ValueError:
        return ValueError(f"it does not parse as JSON in line {self.text.count(chr(10), 0, self.at) + 1}")

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def value(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")
        mark = self.text[self.at : self.at + 1]
        if mark in ("{", "["):
            return self.block(mark, depth)
        return self.scalar()

    def scalar(self) -> Node:
        start = self.at
        match = _STRING.match(self.text, start)
        if match:
            self.at = match.end()
            return Node("scalar", start, self.at, _unescaped(match[0]), match[0][0])
        match = _BARE.match(self.text, start)
        if not match:
            raise self.wrong()
        self.at = match.end()
        return Node("scalar", start, self.at, match[0])

    def block(self, mark: str, depth: int) -> Node:
        node = Node("map" if mark == "{" else "list", self.at, 0, flow=True)
        close = "}" if mark == "{" else "]"
        self.at += 1
        while True:
            self.space()
            if self.text[self.at : self.at + 1] == close:
                break
            if node.entries or node.items:
                if self.text[self.at : self.at + 1] != ",":
                    raise self.wrong()
                self.at += 1
                self.space()
                if self.text[self.at : self.at + 1] == close:
                    break
            if mark == "{":
                key = self.scalar()
                if not key.quote and not _NAME.fullmatch(key.text):
                    raise self.wrong()
                self.space()
                if self.text[self.at : self.at + 1] != ":":
                    raise self.wrong()
                self.at += 1
                self.space()
                node.entries.append((key.text, key, self.value(depth + 1)))
            else:
                node.items.append(self.value(depth + 1))
        self.at += 1
        node.end = self.at
        return node


def _unescaped(raw: str) -> str:
    if raw[0] == '"':
        try:
            return str(json.loads(raw))
        except ValueError:
            pass
    body = re.sub(r"\\\n", "", raw[1:-1])
    known = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}

    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1] or match[2], 16))
        return chr(int(match[2], 16)) if match[2] else known.get(match[3], match[3])

    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", one, body, flags=re.DOTALL)


def parse(text: str, *, strict: bool = False) -> Node:
    """The tree of ``text``; ``strict``: RFC 8259 and nothing more. Raises ValueError."""
    if strict:
        json.loads(text)
    return _JsonScanner(text).root()


def is_strict(text: str) -> bool:
    """Whether ``text`` is JSON as RFC 8259 has it."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def splice(text: str, place: Place) -> Splice:
    """``place`` as text, in lines of its own where its neighbours have them, with the commas it needs."""
    into = place.into
    step = _step(text)
    around = [value for _, _, value in into.entries] or into.items
    starts = [key.start for _, key, _ in into.entries] or [item.start for item in into.items]
    if not around:
        return _first(text, place, step)
    lined = "\n" in text[into.start : starts[0]]
    indent = indent_of(text, starts[0]) if lined else ""
    made = [_entry(name, one, indent, step, lined, into) for name, one in place.entries]
    made += [_value(one, indent, step, lined, None) for one in place.items]
    joint = f",\n{indent}" if lined else ", "
    if not lined and _compact(text):
        joint = ","
        made = [_squeezed(one, "{}" if place.entries else "[]") for one in made]
    if (
        place.beside + 1 < len(starts) and lined
    ):  # before what follows: a comment behind the neighbour stays with it
        start = starts[place.beside + 1]
        begin = text.rfind("\n", 0, start) + 1
        if not text[begin:start].strip() and not _comment_above(text, begin):
            return Splice(start, "".join(f"{one}{joint}" for one in made))
    if (
        lined
        and re.match(r"[ \t]*,?[ \t]*(?://|/\*)", text[around[-1].end :])
        and place.beside + 1 == len(starts)
    ):
        return Splice(
            starts[-1], "".join(f"{one}{joint}" for one in made)
        )  # its comment stays beside the last
    return Splice(around[place.beside].end, "".join(f"{joint}{one}" for one in made))


def _compact(text: str) -> bool:
    """Whether a program wrote ``text``, without a blank in it."""
    return "\n" not in text.strip() and is_strict(text) and not re.search(r'"\s*:\s|,\s+"', text)


def _squeezed(made: str, around: str) -> str:
    whole = json.loads(f"{around[0]}{made}{around[1]}")
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))[1:-1]


def _comment_above(text: str, begin: int) -> bool:
    above = text[: begin - 1].rpartition("\n")[2].strip() if begin else ""
    return above.startswith(("//", "/*", "*"))


def _first(text: str, place: Place, step: str) -> Splice:
    outer = indent_of(text, place.into.start)
    indent = outer + step
    made = [_entry(name, one, indent, step, True, place.into) for name, one in place.entries]
    made += [_value(one, indent, step, True, None) for one in place.items]
    if text[place.into.start + 1 : place.into.end - 1].strip():
        raise ValueError("a comment is all that is in it")
    return Splice(place.into.start + 1, "\n" + indent + f",\n{indent}".join(made) + "\n" + outer)


def _step(text: str) -> str:
    match = re.search(r"[{\[][ \t]*\n([ \t]+)\S", text)
    if not match:
        return "  "
    base = indent_of(text, match.start())
    return match[1][len(base) :] or "  "


def _entry(name: str, made: Made, indent: str, step: str, lined: bool, like: Node) -> str:
    quote = like.entries[-1][1].quote if like.entries else '"'
    key = name if not quote and _NAME.fullmatch(name) else _string(name, quote or '"')
    return f"{key}: {_value(made, indent, step, lined, quote)}"


def _value(made: Made, indent: str, step: str, lined: bool, quote: str | None) -> str:
    inner = indent + step
    key = quote if quote is not None else '"'
    if made.entries is not None:
        parts = [
            f"{name if not key and _NAME.fullmatch(name) else _string(name, key or chr(34))}: "
            f"{_value(one, inner, step, lined, quote)}"
            for name, one in made.entries
        ]
        return _block("{", parts, "}", indent, inner, lined)
    if made.items is not None:
        return _block(
            "[", [_value(one, inner, step, lined, quote) for one in made.items], "]", indent, inner, lined
        )
    return made.text if made.raw else _string(made.text, made.quote or '"')


def _block(opening: str, parts: list[str], closing: str, indent: str, inner: str, lined: bool) -> str:
    if not parts:
        return opening + closing
    if not lined:
        return f"{opening} {', '.join(parts)} {closing}" if opening == "{" else f"[{', '.join(parts)}]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"


def _string(text: str, quote: Any) -> str:
    plain = json.dumps(text, ensure_ascii=False)
    if quote == "'":
        return "'" + plain[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return plain
