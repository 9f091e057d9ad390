"""Shell start-up files and scripts of settings: an assignment beside its like, exported where its neighbours are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._code import Language, Line, code_reading, lines_of
from canaries.plant.formats._lines import after, at_end
from canaries.plant.formats._names import labelled, nearest
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_NAMES = re.compile(
    r"\.(?:bash|zsh|ksh|sh)(?:rc|_profile|_login|_aliases|env)?|\.z(?:shrc|shenv|profile|login)|\.profile|\.envrc|\.xprofile"
    r"|.+\.(?:sh|bash|zsh|ksh)|profile|bash\.bashrc|\.bash_logout"
)
_SHELL = Language(
    comments=("#",), quotes="'\"`", raw="'", heredoc=r"<<-?\s*(['\"]?)(?P<tag>\w+)\1", spaced=True
)
_ASSIGNMENT = re.compile(r"(?P<lead>[ \t]*)(?P<export>export[ \t]+)?(?P<key>[A-Za-z_]\w*)=(?P<value>.*)")


class ShellFormat(FileFormat):
    name = "shell"
    title = "a shell script"
    comment: ClassVar[str] = "# "

    def claims(self, document: Document) -> bool:
        first = document.text.partition("\n")[0]
        script = first.startswith("#!") and bool(re.search(r"\b(?:ba|da|z|k)?sh\b", first))
        duply = document.name == "conf" and document.path.parent.parent.name in (".duply", "duply")
        return bool(_NAMES.fullmatch(document.name)) or script or duply

    def read(self, text: str) -> Reading:
        return code_reading(lines_of(text, _SHELL))

    def assign(self, name: str, text: str) -> str:
        return f"export {name}={_quoted(text, '')}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, lines, values = document.text, lines_of(document.text, _SHELL), wish.values.values
        if not values or not lines[-1].closed:
            return
        places = [
            (line, match) for line in lines if _whole(line) and (match := _ASSIGNMENT.fullmatch(line.text))
        ]
        places = [(line, match) for line, match in places if not match["lead"]]
        keys = [match["key"] for _, match in places]
        label = wish.label(
            lambda word: (
                re.search(rf"\b{re.escape(labelled(values[0].name, word, 'upper'))}\b", text) is not None
            )
        )
        export = not places or any(match["export"] for _, match in places)
        quote = next(
            (match["value"][0] for _, match in reversed(places) if match["value"][:1] in ("'", '"')), ""
        )
        made = [
            f"{'export ' if export else ''}{labelled(v.name, label, 'upper')}={_quoted(v.text, quote)}"
            for v in values
        ]
        names = ", ".join(labelled(v.name, label, "upper") for v in values)
        near = nearest(
            keys,
            wish.values,
            [role_of(match["key"], match["value"].strip("'\"")) for _, match in places],
        )
        order = ([near] if near is not None else []) + list(range(len(places) - 1, -1, -1))
        for place in order:
            line = places[place][0]
            yield Composition((after(text, line.start, made),), f"as {names}, after {keys[place]}")
        last = next((line for line in reversed(lines) if line.text.strip()), None)
        ends = last is not None and bool(re.match(r"\s*(?:exit|exec|return)\b", last.text))
        if not ends and not (last and last.after):
            yield Composition((at_end(text, made),), f"as {names}, at the end")


def _whole(line: Line) -> bool:
    return line.code and line.closed and line.depth == 0 and line.after == 0


def _quoted(text: str, quote: str) -> str:
    if quote == '"' and not re.search(r'["\\$`!]', text):
        return f'"{text}"'
    if not quote and re.fullmatch(r"[A-Za-z0-9_./:@%+=,-]+", text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
