"""Elixir's configuration: a setting more of the application's own, as a statement beside the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, code_reading, lines_of
from canaries.plant.formats._lines import after
from canaries.plant.formats._settings_lines import escaped
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import words

_SIGIL = (
    r"~[A-Za-z]+(?:(?=\"\"\"|''')|\([^()\n]*\)|\[[^\[\]\n]*\]|\{[^{}\n]*\}|<[^<>\n]*>|/[^/\n]*/|\|[^|\n]*\|"
    r"|\"[^\"\n]*\"|'[^'\n]*')"
)
"""A sigil of one line, or what stands before a heredoc (Elixir's syntax reference, "Sigils")."""
_RULES = Language(comments=("#",), quotes='"', triple=('"""', "'''"), literal=_SIGIL, spaced=True)
_STATEMENT = re.compile(
    r"^config :(?P<app>\w+),?.*(?:\n[ \t]+\S.*|\n[ \t]*(?=\n[ \t]+\S)|\n[\])}]+$)*", re.MULTILINE
)
_LATER = re.compile(r"^(?:import_config|if|unless|case|for)\b", re.MULTILINE)
"""What must stay the last, and blocks that one environment alone runs."""
_INNER = re.compile(
    r"^(?P<lead>[ \t]+)config :(?P<app>\w+),.*"
    r"(?:\n(?P=lead)[ \t]+\S.*|\n[ \t]*(?=\n(?P=lead)[ \t]+\S))*(?:\n(?P=lead)[\])}]+$)*",
    re.MULTILINE,
)
"""A statement in a block, as most of Phoenix's runtime.exs are."""
_BLOCK = re.compile(r"(?:^|\n)if config_env\(\) ==[^\n]*(?:\n(?!end\b)(?![a-z])[^\n]*)*\Z")
"""Of a text up to a statement: that the statement is in the block of one environment."""
_LIBRARIES = frozenset(
    """logger phoenix ecto esbuild tailwind swoosh mix elixir kernel sentry ex_aws stripity_stripe oban guardian
    ueberauth joken tesla hackney bamboo nx opentelemetry bcrypt_elixir argon2_elixir phoenix_live_view
    gettext cors_plug""".split()
)


class ElixirFormat(FileFormat):
    name = "elixir"
    title = "Elixir's configuration"
    comment: ClassVar[str] = "# "
    comments_unasked = False
    needs = "a `config :app` of the application to stand beside"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r".+\.exs(?:\.(?:example|sample|dist|bak|old))?", document.name.lower()))

    def read(self, text: str) -> Reading:
        if not re.search(r"^(?:import Config|use Mix\.Config)\b", text, re.MULTILINE):
            raise ValueError("it does not say `import Config`")
        if re.search(r"~[A-Za-z]+[(\[{<|/\"']", re.sub(_SIGIL, "", text)):
            raise ValueError("it has a sigil over lines, which are no code")
        return code_reading(lines_of(text, _RULES))

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower()}: {escaped(text, chr(34), '#')}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, values, service = document.text, wish.values.values, wish.values.service
        end = found.start() if (found := _LATER.search(text)) else len(text)
        statements = [match for match in _STATEMENT.finditer(text) if match.end() <= end]
        if not any(match["app"] not in _LIBRARIES for match in statements):
            whole = {line.start: line.code for line in lines_of(text, _RULES)}
            statements = [
                match
                for match in _INNER.finditer(text)
                if whole.get(match.start()) and _BLOCK.search(text[: match.start()])
            ]
        apps = Counter(match["app"] for match in statements if match["app"] not in _LIBRARIES)
        if not apps or not values:
            return
        app = apps.most_common(1)[0][0]
        name = (
            wish.free(lambda word: f"{word}_{service}", set(re.findall(r":(\w+)", text)))
            if not wish.live
            else service
        )
        inner = [
            words(v.name)[1:] if words(v.name)[0] == service and words(v.name)[1:] else words(v.name)
            for v in values
        ]
        pairs = [
            f"  {'_'.join(key)}: {escaped(v.text, chr(34), '#')}"
            for key, v in zip(inner, values, strict=True)
        ]
        lines = [f"config :{app}, :{name},", *[f"{one}," for one in pairs[:-1]], pairs[-1]]
        about = [one for one in statements if service in words(one[0].partition("\n")[0])] or [
            one for one in statements if service == "database" and re.match(r".*\.\w*Repo\b", one[0])
        ]
        for match in [*about[-1:], *reversed(statements)]:
            lead = match.groupdict().get("lead", "")
            yield Composition(
                (after(text, match.end(), ["", *(f"{lead}{one}" for one in lines)]),),
                f"as :{name} of :{app}, after :{match['app']}",
            )
