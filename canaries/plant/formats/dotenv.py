"""``.env`` files: assignments, in the several dialects that their readers agree on.

An entry follows its neighbours: ``export`` or not, quotes or none, spaces around ``=`` or ``:``. Names get a word more,
since whatever loads the file looks settings up by their names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from canaries.core.errors import PlantError
from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._flat_settings import logins
from canaries.plant.formats._lines import after, at_end, end_of_paragraph
from canaries.plant.formats._names import labelled, nearest, style_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_NAMES = re.compile(
    r"\.env(?:[._-][\w.-]+)?|[\w.-]*\.env(?:\.(?:example|sample|dist|template|bak|old|orig|local))?|env|environment|env\.txt"
    r"|\.secrets|\.flaskenv|\.dev\.vars|\.renviron"
)
_OTHERS = re.compile(
    r"\.(?:php\d?|[cm]?[jt]s|json5?|ya?ml|toml|py|rb|sh|xml|keys)(?:\.(?:example|sample|dist|bak))?\Z"
)
"""Ends of names that say another language: ``.env.local.php``, ``.env.toml``."""
_OF_SERVICES = ("etc/default", "etc/sysconfig")
_OF_THE_SYSTEM = frozenset(
    "grub locale keyboard useradd console-setup networkmanager selinux clock i18n network".split()
)
"""Files there that are no service's variables."""
_ENTRY = re.compile(
    r"""(?P<lead>[ \t]*(?P<export>export[ \t]+)?)(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)(?P<sep>[ \t]*=[ \t]*|:[ \t]+)
    (?:(?P<quote>["'`])(?P<quoted>(?:\\.|(?!(?P=quote)).)*)(?P=quote)[ \t]*(?:\#[^\n]*)?|(?P<bare>[^\n]*))$""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_SAFE = re.compile(r"[A-Za-z0-9_./:@%+=,-][A-Za-z0-9_./:@%+=,~-]*")


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    value: str
    quote: str
    export: bool
    separator: str
    start: int
    end: int


def _entries(text: str) -> Iterator[_Entry]:
    """Raises ValueError at a line that is no assignment, no comment and not blank."""
    at = 0
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop]
        if not line.strip() or line.lstrip().startswith("#"):
            at = stop + 1
            continue
        match = _ENTRY.match(text, at)
        if match and match["quote"]:
            yield _Entry(
                match["key"],
                match["quoted"],
                match["quote"],
                bool(match["export"]),
                match["sep"],
                at,
                match.end(),
            )
        elif match and _open(match["bare"]):
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1} opens quotes that nothing closes")
        elif match:
            value = re.sub(r"[ \t]+#.*", "", match["bare"]).strip()
            yield _Entry(match["key"], value, "", bool(match["export"]), match["sep"], at, match.end())
        elif re.fullmatch(
            r"[ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*", line
        ):  # a name to pass through
            yield _Entry(line.strip(), "", "", False, "", at, stop)
        else:
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1} is no assignment")
        at = (match.end() if match else stop) + 1


class DotenvFormat(FileFormat):
    name = "dotenv"
    title = "a .env file"
    comment: ClassVar[str] = "# "

    def claims(self, document: Document) -> bool:
        name = document.name.lower()
        if document.path.parent.as_posix().endswith(_OF_SERVICES):
            return "." not in name and name not in _OF_THE_SYSTEM
        return bool(_NAMES.fullmatch(name)) and name != ".envrc" and not _OTHERS.search(name)

    def read(self, text: str) -> Reading:
        """With what stands below a backslash at a line's end: shells and systemd read it as one line."""
        found: dict[tuple[str, ...], str] = {(entry.key,): entry.value for entry in _entries(text)}
        lines, continued = text.split("\n"), 0
        for number, (line, below) in enumerate(pairwise([*lines, ""])):
            if line.endswith("\\") and not line.endswith("\\\\"):
                continued += 1
                found["(below)", str(continued), line] = below if number < len(lines) - 1 else ""
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, entries, values = document.text, list(_entries(document.text)), wish.values.values
        if not values:
            return
        yield from self._logins(text, entries, wish)
        keys = [entry.key for entry in entries]
        style = style_of(keys, "upper")
        label = wish.label(lambda word: any(labelled(value.name, word, style) in keys for value in values))
        names = [labelled(value.name, label, style) for value in values]
        if wish.live and not wish.commented and set(names) & set(keys):
            raise PlantError(
                f"{', '.join(sorted(set(names) & set(keys)))} would override the value in use",
                hint="leave out --set as=live, and the names get a word more",
            )
        said = f"as {', '.join(names)}"
        used = wish.live and not wish.commented
        remarks = (f"what loads {document.name} now also sees {', '.join(names)}",) if used else ()
        place = nearest(keys, wish.values, [role_of(one.key, one.value) for one in entries])
        like = entries[place] if place is not None else None
        lines = [_line(name, value.text, entries, like) for name, value in zip(names, values, strict=True)]
        if place is not None:
            near = _last_of_group(entries, place)
            yield Composition((after(text, near.end, lines),), f"{said}, after {near.key}", remarks)
            end = end_of_paragraph(text, near.end)
            yield Composition((after(text, end, lines),), f"{said}, below {near.key}", remarks)
        yield Composition((at_end(text, lines),), f"{said}, at the end", remarks)

    def _logins(self, text: str, entries: list[_Entry], wish: Wish) -> Iterator[Composition]:
        """``DB_HOST``, ``DB_USER`` and so on, once more."""
        if wish.live and not wish.commented:
            return  # they would override those in use
        for last, made in logins([(one.key, one.value) for one in entries], wish):
            likes = [entries[one.like if one.like >= 0 else last] for one in made]
            lines = [_line(one.key, one.text, entries, like) for one, like in zip(made, likes, strict=True)]
            said = f"as {', '.join(one.key for one in made)}, after {entries[last].key}"
            yield Composition((after(text, entries[last].end, lines),), said)


def _last_of_group(entries: list[_Entry], place: int) -> _Entry:
    """The last of the settings that stand together with that at ``place`` and whose names begin with its first word."""
    first = entries[place].key.partition("_")[0]
    while place + 1 < len(entries):
        other = entries[place + 1]
        if other.start != entries[place].end + 1 or other.key.partition("_")[0] != first:
            break
        place += 1
    return entries[place]


def _open(bare: str) -> bool:
    """Whether a value begins with quotes that nothing closes: a shell reads on behind its line."""
    return bare.startswith(('"', "'", "`")) and bare.count(bare[0]) == 1


def _line(name: str, value: str, entries: list[_Entry], like: _Entry | None = None) -> str:
    """One assignment as ``like`` is written, or most others. Raises PlantError where no quotes can hold ``value``."""
    full = [entry for entry in entries if entry.separator]
    separator = Counter(entry.separator for entry in full).most_common(1)[0][0] if full else "="
    export = sum(entry.export for entry in full) * 2 > len(full)
    quotes = Counter(entry.quote for entry in full if entry.value and not entry.value.isdigit())
    quote = quotes.most_common(1)[0][0] if quotes else ""
    quote = like.quote if like and like.value else quote
    literal = not quote and any(
        not entry.quote and entry.value and not _SAFE.fullmatch(entry.value) for entry in full
    )
    if not quote and not _SAFE.fullmatch(value) and not (literal and "#" not in value):
        quote = '"'
    if quote == '"' and re.search(r'["\\$`]', value):
        quote = "'"
    if quote and quote in value:
        raise PlantError("this bait's value has quotes that a .env cannot hold", hint="mint another one")
    return f"{'export ' if export else ''}{name}{separator}{quote}{value}{quote}"
