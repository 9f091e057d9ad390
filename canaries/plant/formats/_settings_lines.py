"""Languages in which a setting is one line: another one beside its like, written exactly as its neighbour is.

A language says what such a line looks like and how a text is quoted; where a line may be copied follows from what is
open around it. Nothing is parsed: `canaries.plant.formats._code` knows where plain code is, and that is enough.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, Line, code_reading, lines_of
from canaries.plant.formats._lines import after, at_end, before
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A line that sets one text, and may be written once more."""

    line: Line
    match: re.Match[str]

    @property
    def key(self) -> str:
        """Its name."""
        return self.match["key"]

    @property
    def text(self) -> str:
        """What is set, without its quotes."""
        value = self.match["value"]
        return value[1:-1] if value[:1] in _QUOTES and value[:1] == value[-1:] else value


class SettingLines(FileFormat):
    """A language of such lines."""

    rules: ClassVar[Language]
    style: ClassVar[str]
    """How names are spelled where the neighbours' do not say it."""
    apart: ClassVar[bool] = False
    """Whether new lines are a group of their own: where a program aligns what stands together."""

    @abstractmethod
    def setting(self, document: Document) -> re.Pattern[str]:
        """A whole line that sets a text: groups ``head``, ``key``, ``sep``, ``value`` with its quotes, ``tail``."""

    @abstractmethod
    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        """``text`` quoted as ``like``, a value of a neighbour, where that can hold it."""

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        """Whether a line like that may stand once more right there: as it is, at the outermost level."""
        return lines[number].depth == 0

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        """`may_stand` by number of a line. A language that has to look at more than the line does it once, here."""
        return partial(self.may_stand, document, lines)

    def separator(self, line: Line) -> str:
        """What must end a line that another one follows in the same list; empty where nothing must."""
        return ""

    def alone(self, name: str, text: str, document: Document) -> str:
        """A line at the end of a file that sets nothing yet; empty where none may stand there."""
        return ""

    def read(self, text: str) -> Reading:
        return code_reading(lines_of(text, self.rules))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, values = document.text, wish.values.values
        lines = lines_of(text, self.rules)
        if not values or not lines[-1].closed or lines[-1].after:
            return
        places = self.places(document, lines)
        keys = [one.key for one in places]
        style = style_of(keys, self.style)
        taken = {word.lower() for word in re.findall(r"[\w-]+", text)}
        label = wish.label(lambda word: any(labelled(v.name, word, style).lower() in taken for v in values))
        settings = [(labelled(v.name, label, style), v.text) for v in values]
        names = ", ".join(name for name, _ in settings)
        near = nearest(keys, wish.values, [role_of(one.key, one.text) for one in places])
        for place in dict.fromkeys([*([near] if near is not None else []), *reversed(range(len(places)))]):
            like = places[place]
            made = self.beside(document, like, settings, _column(places, like))
            said = f"as {names}, beside {like.key}"
            if self.apart:
                yield Composition((after(text, _end_of_group(lines, like.line), ["", *made]),), said)
                continue
            end, start = self.separator(like.line), like.line.start
            if end and not like.match["tail"].rstrip().endswith(end):  # it is the last, and has none
                yield Composition((before(text, start, [one.rstrip() + end for one in made]),), said)
            else:
                yield Composition((after(text, start, made),), said)
        made = [self.alone(name, value, document) for name, value in settings]
        if all(made):
            yield Composition((at_end(text, made),), f"as {names}, at the end")

    def places(self, document: Document, lines: Sequence[Line]) -> list[SettingLine]:
        """The lines beside which another one may stand."""
        pattern, may_stand, found = self.setting(document), self.standing(document, lines), []
        for number, line in enumerate(lines):
            whole = line.code and line.closed and line.depth == line.after
            match = pattern.fullmatch(line.text) if whole else None
            if match and may_stand(number):
                found.append(SettingLine(line, match))
        return found

    def beside(
        self, document: Document, like: SettingLine, settings: Sequence[tuple[str, str]], column: int
    ) -> list[str]:
        """Lines as ``like`` with other names and texts, aligned where it is; a comment behind it stays behind."""
        match = like.match
        sep = match["sep"].lstrip(" \t") if column else match["sep"]
        width = max(column - len(match["head"]), *(len(name) + 1 for name, _ in settings)) if column else 0
        if sep.endswith("  "):  # the values are aligned, not the signs before them
            seps = [
                sep.rstrip(" ") + " " * max(1, len(sep) - len(sep.rstrip(" ")) + len(like.key) - len(name))
                for name, _ in settings
            ]
            return [
                f"{match['head']}{name}{one}{self.literal(text, match['value'], document)}{match['tail']}"
                for one, (name, text) in zip(seps, settings, strict=True)
            ]
        return [
            f"{match['head']}{name.ljust(width)}{sep}{self.literal(text, match['value'], document)}{match['tail']}"
            for name, text in settings
        ]


def _column(places: Sequence[SettingLine], like: SettingLine) -> int:
    """Where the sign between name and value stands in every line that is as deep as this one; 0: not aligned."""
    same = [one.match for one in places if one.line.depth == like.line.depth]
    starts = {match.start("sep") + len(match["sep"]) - len(match["sep"].lstrip(" \t")) for match in same}
    return starts.pop() if len(starts) == 1 and len({match.start("sep") for match in same}) > 1 else 0


def _end_of_group(lines: Sequence[Line], line: Line) -> int:
    """Start of the last line before a blank one, or before the bracket around ``line`` is closed."""
    last = line
    for number in range(bisect_right(lines, line.start, key=lambda one: one.start), len(lines)):
        one = lines[number]
        if not one.text.strip() or one.after < line.depth:
            break
        last = one
    return last.start


def around(lines: Sequence[Line], number: int) -> list[str]:
    """What opens each of the brackets around a line, outermost first; a brace of its own line is the line's above."""
    found, place = [], lines[number].opener
    while place >= 0:
        opener = lines[place].text.strip()
        if opener in ("{", "(", "[") and place:
            opener = f"{lines[place - 1].text.strip()} {opener}"
        found.append(opener)
        place = lines[place].opener
    return found[::-1]


def escaped(text: str, quote: str, special: str = "") -> str:
    """``text`` in these quotes, with a backslash before them, before backslashes and before ``special``."""
    return quote + re.sub(rf"[\\{re.escape(quote + special)}]", lambda match: f"\\{match[0]}", text) + quote
