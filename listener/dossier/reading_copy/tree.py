"""The report's HTML as a tree of plain values, for a typesetter that knows no HTML.

An element is a list: tag, classes, children. A picture is a list too: ``svg``, its words, its source. Text is a string;
white space is what HTML makes of it. What the fonts of the copy have no sign for is written as ``\\u{1F600}``.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

Node = Any
"""A string, or a list as above."""

_VOID = frozenset({"br", "meta", "link", "hr", "img", "input", "col", "wbr"})
_SKIPPED = frozenset({"style", "title", "script"})
_OF_BLOCKS = frozenset(
    {"body", "section", "div", "table", "thead", "tbody", "tr", "ul", "ol", "dl", "figure"}
)
"""White space between what these hold is layout of the source."""
_PICTURE = re.compile(r"<svg .*?</svg>", re.DOTALL)
_WORDS = re.compile(r'aria-label="([^"]*)"')
_PRINTABLE = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x482),
    (0x48A, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20BF), (0x2190, 0x21FF),
)  # fmt: skip
"""Latin, Greek, Cyrillic, punctuation, currencies, arrows: both fonts that typst brings have signs for these."""


def tree_of(page: str) -> tuple[str, list[Node]]:
    """(title, what the body holds) of a report. Never raises: what is not closed ends with the page."""
    pictures: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        pictures.append(found[0])
        return f'<svg n="{len(pictures) - 1}"></svg>'

    reader = _TreeReader(pictures)
    reader.feed(_PICTURE.sub(put_aside, page))
    reader.close()
    return printable(" ".join(reader.title.split())), reader.root[2]


def printable(text: str) -> str:
    """``text`` with every character that the fonts lack written by its number."""
    return "".join(char if _has_sign(char) else f"\\u{{{ord(char):X}}}" for char in text)


def _has_sign(char: str) -> bool:
    number = ord(char)
    return number == 0x0A or any(first <= number <= last for first, last in _PRINTABLE)


class _TreeReader(HTMLParser):
    def __init__(self, pictures: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._pictures = pictures
        self.root: list[Node] = ["body", [], []]
        self.title = ""
        self._open = [self.root]
        self._skipping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping = tag
            return
        given = dict(attrs)
        if tag == "svg":
            number = given.get("n") or ""
            if number.isdecimal() and int(number) < len(self._pictures):
                self._add(_picture(self._pictures[int(number)]))
            return
        if tag in ("html", "head", "body"):
            return
        node: list[Node] = [tag, (given.get("class") or "").split(), []]
        self._add(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipping:
            self._skipping = ""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        if self._skipping:
            self.title += data if self._skipping == "title" else ""
            return
        if not any(node[0] == "pre" for node in self._open):
            data = re.sub(r"[ \t\r\n]+", " ", data)
        if data and not (data == " " and self._open[-1][0] in _OF_BLOCKS):
            self._add(printable(data))

    def _add(self, node: Node) -> None:
        self._open[-1][2].append(node)


def _picture(source: str) -> list[Node]:
    words = _WORDS.search(source)
    shown = source.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    # what the numeric references in it say is text as well
    return ["svg", printable(unescape(words[1])) if words else "", _printable_markup(shown)]


def _printable_markup(source: str) -> str:
    return re.sub(r"&#(\d{1,7});|([^\x00-\x7f])", _sign_of, source)


def _sign_of(found: re.Match[str]) -> str:
    if found[2]:
        return printable(found[2])
    number = int(found[1])
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        return ""
    return found[0] if number < 0x80 else printable(chr(number))
