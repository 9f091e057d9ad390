"""JSON settings, with or without comments: another entry, another variable, a setting beside its like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._json import is_strict, parse, splice
from canaries.plant.formats._lines import commented
from canaries.plant.formats._places import places
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import reading

_NAMES = re.compile(
    r".+\.(?:json|json5|jsonc|code-workspace|webmanifest|tfstate|tfrc\.json|tfvars\.json)(?:\.(?:example|sample|dist|bak|old))?"
    r"|\.(?:babelrc|eslintrc|prettierrc|jshintrc|bowerrc|swcrc|stylelintrc)"
)
_STRICT = frozenset(
    """$schema openapi swagger compilerOptions manifest_version dependencies taskDefinitionArn folders presets rules
    projects insecure-registries registry-mirrors log-driver log-opts""".split()
)
"""Keys at the top of files whose programs refuse, or complain of, keys they do not know."""


class JsonFormat(FileFormat):
    name = "json"
    title = "JSON"
    rank = 60
    needs = "an entry or a setting of its sort to stand beside"

    def claims(self, document: Document) -> bool:
        if _NAMES.fullmatch(document.name.lower()):
            return True
        bare = "." not in document.name.lstrip(".") or document.name.endswith(".conf")
        return bare and document.text.lstrip()[:1] == "{" and is_strict(document.text)

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], Any] = dict(reading(parse(text)))
        found["(strict)",] = is_strict(text)
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        root = parse(document.text)
        fixed = any(key in _STRICT for key, _, _ in root.entries) or document.path.parent.name == ".vscode"
        for place in places(root, wish, _fragments(document, wish), strict=fixed or root.sort != "map"):
            yield Composition((splice(document.text, place),), place.said)

    def comments(self, document: Document, wish: Wish) -> Iterator[Composition]:
        """Only where the file has comments already: strict JSON takes none."""
        if not is_strict(document.text) and "//" in document.text:
            lines = [f'"{value.name}": {json.dumps(value.text)},' for value in wish.values.values]
            for splice, said in commented(document.text, lines, "// ", wish.values):
                yield Composition((splice,), said)


def _fragments(document: Document, wish: Wish) -> list[Any]:
    """The bait's own JSON of this name."""
    for file in wish.values.files:
        if file.path.rpartition("/")[2] == document.name and file.path.endswith(".json"):
            return [json.loads(file.content)]
    return []
