"""fish: ``set -gx`` beside its like, with the flags of its neighbour."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>set[ \t]+(?:(?:-[gx]{1,2}|--global|--export)[ \t]+)+)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]+)"
    r"""(?P<value>'[^'\\]*'|"[^"$\\]*"|[\w./:@%+=,-]+)(?P<tail>)[ \t]*(?:\#.*)?"""
)
"""With one value: a list (``PATH``) says nothing about secrets."""
_OPENS = re.compile(r"(?:^|;|&&|\|\||\b(?:and|or|not|else)\b)[ \t]*(?:if|for|while|function|switch|begin)\b")
_CLOSES = re.compile(r"(?:^|;)[ \t]*end\b")


class FishFormat(SettingLines):
    name = "fish"
    title = "a fish script"
    comment: ClassVar[str] = "# "
    rules = Language(comments=("#",), quotes="'\"", spaced=True)
    style = "upper"

    def claims(self, document: Document) -> bool:
        first = document.text.partition("\n")[0]
        named = bool(re.fullmatch(r".+\.fish(?:\.(?:example|sample|dist|bak|old))?", document.name.lower()))
        return named or (first.startswith("#!") and bool(re.search(r"\bfish\b", first)))

    def read(self, text: str) -> Reading:
        """Blocks end with a word: a line outside of them is at the outermost level, so that must stay so as well."""
        lines = text.split("\n")
        depths = _depths(lines)
        if depths[-1]:
            raise ValueError("a block is left open in it")
        return {
            **super().read(text),
            ("(blocks)",): [line for line, depth in zip(lines, depths, strict=True) if depth],
        }

    def assign(self, name: str, text: str) -> str:
        return f"set -gx {name} {self.literal(text, '')}"

    def alone(self, name: str, text: str, document: Document) -> str:
        return self.assign(name, text)

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        blocks = _depths([line.text for line in lines])
        return lambda number: lines[number].depth == blocks[number] == 0

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        """In fish's single quotes a backslash escapes itself and the quote, and nothing else is special."""
        quote = like[:1] if like[:1] in ("'", '"') else ""
        if quote == '"' and not re.search(r'["\\$]', text):
            return f'"{text}"'
        if not quote and re.fullmatch(r"[A-Za-z0-9_./:@%+=,-]+", text):
            return text
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _depths(lines: Sequence[str]) -> list[int]:
    """How many blocks are open behind each line."""
    depth, found = 0, []
    for line in lines:
        plain = re.sub(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?:^|(?<=\s))#.*""", "''", line).strip()
        depth = max(0, depth + len(_OPENS.findall(plain)) - len(_CLOSES.findall(plain)))
        found.append(depth)
    return found
