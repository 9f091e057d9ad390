"""EDN and Clojure's settings: a keyword more of a map."""

from __future__ import annotations

import re
from collections.abc import Sequence

from canaries.plant.formats._code import Language, Line
from canaries.plant.formats._constants import Constants
from canaries.plant.formats._settings_lines import around
from canaries.plant.formats._text import Document

_SETTING = re.compile(
    r"(?P<head>[ \t]+:(?:[\w.-]+/)?)(?P<key>[A-Za-z][\w.-]*)(?P<sep>[ \t]+)"
    r'(?P<value>"[^"\\\n]*")(?P<tail>)[ \t]*(?:;.*)?'
)
_TOOLS = re.compile(
    r"(?:project|build|boot)\.clj|(?:deps|bb|shadow-cljs|tests|figwheel-main)\.edn|.*\.cljs\.edn"
)
"""Programs' own files: names of one's own are in their environments."""


class EdnFormat(Constants):
    name = "edn"
    title = "EDN"
    comment = ";; "
    needs = "a keyword with a text, in the outermost map or an environment, to stand beside"
    suffixes = "edn|clj|cljc|cljs"
    head = ""
    rules = Language(comments=(";",), quotes='"')
    strange = r"#_"
    style = "kebab"

    def assign(self, name: str, text: str) -> str:
        return f":{name.lower().replace('_', '-')} {self.literal(text, chr(34))}"

    def setting(self, document: Document) -> re.Pattern[str]:
        return _SETTING

    def may_stand(self, document: Document, lines: Sequence[Line], number: int) -> bool:
        opened = around(lines, number)
        if any(re.search(r":env[ \t]*\{", one) for one in opened[-1:]):
            return True
        own = document.name.lower().endswith("edn") and not _TOOLS.fullmatch(document.name.lower())
        return own and len(opened) == lines[number].depth == 1 and opened[0].startswith("{")
