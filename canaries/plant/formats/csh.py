"""The C shell: ``setenv`` beside its like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import ClassVar

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>setenv[ \t]+)(?P<key>[A-Za-z_]\w*)(?P<sep>[ \t]+)"
    r"""(?P<value>'[^'!]*'|"[^"$`!]*"|[\w./:@%+=,-]+)(?P<tail>)[ \t]*(?:\#.*)?"""
)
_OPENS = re.compile(r"^if\b.*\bthen$|^(?:foreach|while|switch)\b")
_CLOSES = re.compile(r"(?:endif|end|endsw)\b")


class CshFormat(SettingLines):
    name = "csh"
    title = "a script of the C shell"
    comment: ClassVar[str] = "# "
    comments_unasked = False
    needs = "a setenv to stand beside"
    rules = Language(
        comments=("#",), quotes="'\"`", raw="'\"", heredoc=r"<<\s*(['\"]?)(?P<tag>\w+)\1", spaced=True
    )
    style = "upper"

    def claims(self, document: Document) -> bool:
        first = document.text.partition("\n")[0]
        named = re.fullmatch(r"\.(?:t?cshrc|login)|.+\.t?csh|(?:csh|tcsh)\.(?:cshrc|login)", document.name)
        return named is not None or (first.startswith("#!") and re.search(r"\bt?csh\b", first) is not None)

    def assign(self, name: str, text: str) -> str:
        return f"setenv {name} {self.literal(text, '')}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def standing(self, document: Document, lines: Sequence[Line]) -> Callable[[int], bool]:
        """Not in a block, which ends with a word."""
        steps = [
            bool(_OPENS.search(text)) - bool(_CLOSES.match(text))
            for text in (line.text.strip() for line in lines)
        ]
        blocks = list(accumulate(steps, initial=0))
        return lambda number: lines[number].depth == blocks[number] == 0

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        if like[:1] == '"' and not re.search(r'["$`!\\]', text):
            return f'"{text}"'
        if like[:1] not in ("'", '"') and re.fullmatch(r"[A-Za-z0-9_./:@%+=,-]+", text):
            return text
        return "'" + text.replace("'", "'\\''").replace("!", "\\!") + "'"
