"""JSON settings, with or without comments: another entry, another variable, a setting beside its like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._dotnet import beside_strings, for_dotnet
from canaries.plant.formats._json import is_strict, parse, splice
from canaries.plant.formats._lines import commented
from canaries.plant.formats._openness import strict_keys
from canaries.plant.formats._places import places
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import reading, walk

_NAMES = re.compile(
    r".+\.(?:json|json5|jsonc|code-workspace|webmanifest|tfstate|tfrc\.json|tfvars\.json)(?:\.(?:example|sample|dist|bak|old))?"
    r"|\.(?:babelrc|eslintrc|prettierrc|jshintrc|bowerrc|swcrc|stylelintrc)"
)
_STRICT = frozenset(
    "$schema dependencies folders presets rules projects builds rewrites redirects hosting apps datacenter".split()
)
"""Keys at the top of JSON files whose programs refuse, or complain of, keys they do not know."""
_STRICT_NAMES = re.compile(
    r"""vercel\.json | now\.json | tauri\.conf\.json.* | capacitor\.config\.json | wrangler\.jsonc? | eas\.json
    | application_default_credentials\.json | accesstokens\.json | azureprofile\.json | google-services\.json
    | launch\.json | tasks\.json | extensions\.json | manifest\.json | client_secrets?.*\.json | tslint\.json
    | \.?nodemon\.json | rush\.json | project\.json | workspace\.json | tsdoc\.json | api-extractor\.json""",
    re.VERBOSE,
)


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
        name = document.name.lower()
        schema = (
            {"$schema"} if name.startswith("appsettings") else set()
        )  # it is open, whatever it says of itself
        fixed = any(key in _STRICT - schema for key, _, _ in root.entries) or strict_keys(root)
        fixed = fixed or document.path.parent.name == ".vscode" or bool(_STRICT_NAMES.fullmatch(name))
        if name.startswith("appsettings"):
            wish = for_dotnet(wish)
            for path, node in walk(root):
                if place := beside_strings(path, node, wish):
                    yield Composition((splice(document.text, place),), place.said)
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
