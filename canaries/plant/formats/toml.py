"""TOML: another table like one that is there, or a setting in a table beside its like."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from canaries.plant.formats import Composition, Reading, Wish
from canaries.plant.formats._closed import named_as_settings
from canaries.plant.formats._donor import Fitted, fitted
from canaries.plant.formats._lines import after
from canaries.plant.formats._names import labelled, style_of
from canaries.plant.formats._section_lines import Section, entry_of
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document

_NAMES = re.compile(r".+\.toml(?:\.(?:example|sample|dist|bak|old))?|\.?streamlit|\.starship|\.?cargo/config")
_CONF = re.compile(r"(?:telegraf|influxdb|kapacitor|chronograf|crio|registries|storage|containers)\.conf")
"""TOML under a name that says nothing of it."""
_STRICT_NAMES = re.compile(r"(?:wrangler|fly|netlify|vercel|railway|nixpacks)(?:\..+)?\.toml")
"""Of programs that know all other tables of theirs."""
_CONF_FOLDERS = frozenset({"telegraf.d", "crio.conf.d", "registries.conf.d", "containers.conf.d"})
_LIST = re.compile(r"^[ \t]*\[\[[\w.\"' -]+\]\][ \t]*(?:#.*)?$", re.MULTILINE)
_CHOICE = re.compile(r"(?:active|current|default|selected)(?:\Z|[_-])|(?:context|profile)\Z")
"""Settings that name the one in use."""
_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]\n]+?)[ \t]*\]\]?[ \t]*(?:#.*)?")
_SIGN = re.compile("=")
_KEY = re.compile(r"""[\w."' -]+""")
_TOKEN = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"|'[^']*'|\#.*|[\[\]{}]""")
_ENDS = {'"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*"{3,5}'), "'''": re.compile(r"(?:[^']|'(?!''))*'{3,5}")}
"""Where a text of several lines ends: one or two quotes of its own may stand before the three."""


class TomlFormat(SectionFormat):
    """TOML v1.0.0."""

    name = "toml"
    title = "TOML"
    rank = 50
    comment: ClassVar[str] = "# "
    special: ClassVar[frozenset[str]] = frozenset({"default", "main", "source", "servers"})

    def claims(self, document: Document) -> bool:
        name = document.name.lower()
        if not name.endswith(".conf"):
            return bool(_NAMES.fullmatch(name))
        folder = document.path.parent.name
        return bool(_CONF.fullmatch(name)) or folder in _CONF_FOLDERS or _looks_so(document.text)

    def read(self, text: str) -> Reading:
        try:
            return dict(_flat(tomllib.loads(text), ()))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"it does not parse as TOML: {error}") from error

    def sections(self, text: str) -> list[Section]:
        """Tables with their settings; what is inside a longer value stays part of it."""
        found, at = [Section("", 0, 0)], 0
        value, more = _LongValue(), list[str]()
        for line in text.split("\n"):
            end, here = at + len(line), found[-1]
            if value.open:
                more.append(line)
                here.settings[-1].end = here.end = end
                if not value.feed(line):
                    here.settings[-1].raw = "\n".join((here.settings[-1].raw, *more))
            elif header := _HEADER.fullmatch(line):
                name = header[2] if header[1] == "[" else f"{header[2]}[]"
                found.append(Section(name, at, end))
            elif (entry := entry_of(line, _SIGN, end)) and _KEY.fullmatch(entry.key):
                here.settings.append(entry)
                here.end = end
                value, more = _LongValue(), []
                if (raw := entry.raw).startswith(("[", "{", '"""', "'''")):
                    value.feed(raw)
            at = end + 1
        for section in found:
            for one in section.settings:
                one.raw = re.sub(
                    r"""^((?:"[^"\n]*"|'[^'\n]*'|[^"'#\n\[{]+))[ \t]*#.*$""", r"\1", one.raw
                ).rstrip()
        return found

    def assign(self, name: str, text: str) -> str:
        return f"{name.lower()} = {self.quoted(text, chr(34))}"

    def quoted(self, text: str, quote: str) -> str:
        if re.fullmatch(r"\d+|true|false", text) and not quote:
            return text
        if quote == "'" and "'" not in text:
            return f"'{text}'"
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        name = document.name.lower()
        if name.endswith(".conf") and not named_as_settings(name) and not wish.commented:
            return  # a program's own: it may refuse, or act upon, every table
        if document.name == "pyproject.toml":  # PEP 518: whatever is no standard's own goes below [tool]
            yield from self._invented(document, wish, self.sections(document.text), prefix="tool.")
            return
        yield from self._environments(document, wish, self.sections(document.text))
        if _STRICT_NAMES.fullmatch(name) and not wish.commented:
            return
        yield from super().candidates(document, wish)

    def _environments(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        """A variable more of a table that is an environment."""
        for section in found:
            if section.name.rpartition(".")[2] not in ("env", "vars", "environment") or not section.settings:
                continue
            inside, near = [one.key for one in section.settings], section.settings[-1]
            if made := _variables(wish, inside):
                said = f"as {', '.join(one.key for one in made)} in [{section.name}]"
                yield Composition((after(document.text, near.end, self._written(made, [near], found)),), said)

    def _beside(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        """Only tables that stand once: an item more of a list would be taken up by whatever goes through the list."""
        yield from self._chosen(document, wish, found)
        single = [one for one in found if not one.name.endswith("[]")]
        yield from super()._beside(document, wish, single)

    def _joined(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        """Nor is an item of a list given a setting more: its program knows all of its own."""
        single = [one for one in found if wish.commented or not one.name.endswith("[]")]
        yield from super()._joined(document, wish, single)

    def _chosen(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        """An item more of a list from which another setting chooses one by its name: contexts, profiles."""
        choices = {one.value for one in found[0].settings if _CHOICE.match(one.key)}
        for section in reversed(found):
            same = [other for other in found if other.name == section.name]
            names = {one.value for other in same for one in other.settings if one.key == "name"}
            if not names & choices or not section.name.endswith("[]"):
                continue
            made = fitted(section.pairs(), wish.values)
            old = next((one.text for one in made or [] if one.key == "name"), "")
            if not made or not old:
                continue
            new = wish.free(partial(self.renamed, old), names)
            made = [replace(one, text=new) if one.key == "name" else one for one in made if one.like >= 0]
            lines = [f"[[{section.name[:-2]}]]", *self._written(made, section.settings, found)]
            yield from self._placed(document, lines, found, f"as {new}, one more of {section.name[:-2]}")


def _variables(wish: Wish, taken: list[str]) -> list[Fitted]:
    style = style_of(taken, "upper" if any(key.isupper() for key in taken) else "snake")
    label = wish.label(lambda word: any(labelled(v.name, word, style) in taken for v in wish.values.values))
    return [Fitted(labelled(v.name, label, style), v.text, -1) for v in wish.values.values]


def _looks_so(text: str) -> bool:
    """Whether there is a list of tables, which no other format has, and all of it is TOML."""
    if not _LIST.search(text):
        return False
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


class _LongValue:
    """A list, an inline table or a text of several lines, line by line."""

    def __init__(self) -> None:
        self.depth = 0
        self.quotes = ""

    @property
    def open(self) -> bool:
        """Whether it waits for a bracket or for quotes."""
        return bool(self.quotes) or self.depth > 0

    def feed(self, line: str) -> bool:
        """Whether it waits still, after this line."""
        at = 0
        while at < len(line):
            if self.quotes:
                end = _ENDS[self.quotes].match(line, at)
                if not end:
                    return True
                at, self.quotes = end.end(), ""
            elif token := _TOKEN.search(line, at):
                at = token.end()
                if token[0] in _ENDS:
                    self.quotes = token[0]
                self.depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
            else:
                break
        return self.open


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        yield path, "table"
        for key, inner in value.items():
            yield from _flat(inner, (*path, key))
    elif isinstance(value, list):
        yield path, "list"
        for number, inner in enumerate(value):
            yield from _flat(inner, (*path, str(number)))
    else:
        yield path, value
