"""Ruby settings: a constant more beside its like, or at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, code_reading, lines_of
from canaries.plant.formats._lines import after, at_end, before
from canaries.plant.formats._names import labelled, nearest
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_RUBY = Language(
    comments=("#",),
    quotes="'\"`",
    block=("\n=begin", "=end"),
    heredoc=r"<<[~-]?(['\"]?)(?P<tag>[A-Z]\w*)\1",
    spaced=True,
)
_CONSTANT = re.compile(
    r"(?P<head>(?:ENV\[(?P<q>['\"]))?)(?P<key>[A-Z][A-Z0-9_]*)"
    r"(?P<sep>(?:['\"]\])?[ \t]*(?:\|\|)?=[ \t]*)"
    r"(?P<v>['\"])(?P<value>[^'\"]*)(?P=v)(?P<tail>(?:\.freeze)?)[ \t]*(?:#.*)?"
)


class RubyFormat(FileFormat):
    name = "ruby"
    title = "Ruby"
    comment: ClassVar[str] = "# "
    needs = "a place at the outermost level"

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(
                r".+\.rb(?:\.(?:example|sample|dist|bak|old))?|vagrantfile|rakefile|capfile|\.pryrc|\.irbrc",
                document.name.lower(),
            )
        )

    def read(self, text: str) -> Reading:
        if re.search(r"^(?:__END__|=begin)\b", text, re.MULTILINE):
            raise ValueError("it has a part that is no code (__END__, =begin)")
        return code_reading(lines_of(text, _RUBY))

    def assign(self, name: str, text: str) -> str:
        return f"{name} = {_literal(text, chr(39))}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, lines, values = document.text, lines_of(document.text, _RUBY), wish.values.values
        if not values or not lines[-1].closed or lines[-1].after:
            return
        places = [
            (line, match)
            for line in lines
            if line.code
            and line.closed
            and line.depth == line.after == 0
            and (match := _CONSTANT.fullmatch(line.text))
        ]
        keys = [match["key"] for _, match in places]
        label = wish.label(lambda word: any(labelled(v.name, word, "upper") in keys for v in values))
        names = [labelled(v.name, label, "upper") for v in values]
        said = f"as {', '.join(names)}"
        near = nearest(keys, wish.values, [role_of(match["key"], match["value"]) for _, match in places])
        if places:
            line, like = places[near if near is not None else -1]
            made = [
                f"{like['head']}{name}{like['sep']}{_literal(v.text, like['v'])}{like['tail']}"
                for name, v in zip(names, values, strict=True)
            ]
            yield Composition((after(text, line.start, made),), f"{said}, after {like['key']}")
        first = next((line for line in lines if line.text.startswith("Vagrant.configure")), None)
        if first and first.code and first.depth == 0:
            made = [f"{name} = {_literal(v.text, chr(34))}" for name, v in zip(names, values, strict=True)]
            yield Composition((before(text, first.start, [*made, ""]),), f"{said}, before the machines")
        quote = '"' if len(re.findall(r'"[^"\n]*"', text)) > len(re.findall(r"'[^'\n]*'", text)) else "'"
        made = [f"{name} = {_literal(v.text, quote)}.freeze" for name, v in zip(names, values, strict=True)]
        yield Composition((at_end(text, made, paragraph=True),), f"{said}, at the end")


def _literal(text: str, quote: str) -> str:
    if quote == '"' and not re.search(r'["\\#]', text):
        return f'"{text}"'
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
