"""HOCON (``application.conf``): a setting more at the outermost level, or beside its like in a block of one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from canaries.plant.formats import Reading
from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._settings_lines import SettingLines, around
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>[ \t]*)(?P<key>[A-Za-z][\w-]*)(?P<sep>[ \t]*[=:][ \t]*)"
    r'(?P<value>"[^"\\]*"|\$\{\?[\w.]+\})(?P<tail>,?)[ \t]*(?:(?:#|//).*)?'
)
_PROGRAMS = re.compile(
    r"""(?:play|akka|pekko|slick|db|dbs|ebean|jpa|kamon|lagom|quill|mongo|redis|cassandra|logback|spark|flink|kafka|
    hikari(?:cp)?|datastax-.*|http|server|ktor|micronaut|javax|kubernetes|vertx|cinnamon|lightbend|sbt)""",
    re.VERBOSE,
)
"""Libraries' blocks: strict ones stop, others act upon every entry."""


class HoconFormat(SettingLines):
    name = "hocon"
    title = "HOCON"
    rank = 40
    comment: ClassVar[str] = "# "
    needs = "a setting that is a text to stand beside"
    rules = Language(comments=("#", "//"), quotes='"')
    style = "kebab"

    def claims(self, document: Document) -> bool:
        name = document.name.lower()
        own = re.fullmatch(r"(?:application|reference)(?:[._-][\w-]+)*\.conf(?:\.\w+)?|.+\.hocon", name)
        resources = name.endswith(".conf") and document.path.parent.name == "resources"
        return own is not None or resources

    def read(self, text: str) -> Reading:
        if '"""' in text:
            raise ValueError("it has a text of several lines")
        return super().read(text)

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower().replace('_', '-')} = {self.literal(text, '')}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        openers = around(lines, number)
        blocks = [re.fullmatch(r"([\w.-]+)[ \t]*[=:]?[ \t]*\{", one) for one in openers]
        if openers[:1] == ["{"]:
            blocks = blocks[1:]  # the braces around the whole file
        names = [one[1] for one in blocks if one]
        return len(names) == len(blocks) and not (names and _PROGRAMS.fullmatch(names[0].partition(".")[0]))

    def literal(self, text: str, like: str, document: Document | None = None) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def alone(self, name: str, text: str, document: Document) -> str:
        return "" if document.text.lstrip().startswith("{") else f"{name} = {self.literal(text, '')}"
