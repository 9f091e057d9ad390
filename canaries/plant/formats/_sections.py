"""Files of sections, ``[name]`` and ``key = value`` below: INI, AWS, MySQL, git, systemd and TOML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._closed import closed
from canaries.plant.formats._donor import Fitted, fitted, link_like, quote_of
from canaries.plant.formats._flat_settings import logins
from canaries.plant.formats._lines import after, at_end, indent_of
from canaries.plant.formats._names import labelled, nearest, style_of, styled
from canaries.plant.formats._section_lines import Section, Setting, sections
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of, words


class SectionFormat(FileFormat):
    """Base of the formats that are sections. The sub-class says which names are special, and what is never added."""

    comment: ClassVar[str] = "# "
    folding: ClassVar[bool] = True
    colon: ClassVar[bool] = True
    special: ClassVar[frozenset[str]] = frozenset({"default", "global", "main"})
    """Sections that a program reads without being told to, lower case."""
    joins: ClassVar[bool] = True
    """Whether settings may be added to a section that is there."""
    invents: ClassVar[bool] = True
    """Whether a section that no program knows does no harm."""

    def sections(self, text: str) -> list[Section]:
        """What stands in ``text``."""
        return sections(text, folding=self.folding, colon=self.colon)

    def read(self, text: str) -> Reading:
        reading: dict[tuple[str, ...], str] = {}
        seen: Counter[tuple[str, ...]] = Counter()
        for section in self.sections(text):
            seen[section.name,] += 1
            mark = str(seen[section.name,])
            if section.name:
                reading[section.name, mark] = ""
            for setting in section.settings:
                seen[section.name, mark, setting.key] += 1
                reading[section.name, mark, setting.key, str(seen[section.name, mark, setting.key])] = (
                    setting.raw
                )
        return reading

    def assign(self, name: str, text: str) -> str:
        return f"{name} = {text}"

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        found = self.sections(document.text)
        yield from self._grafted(document, wish, found)
        yield from self._linked(document, wish, found)
        if self.joins and (
            not wish.live or wish.commented
        ):  # in what is read anyway; a section of its own has a sister
            special = [one for one in found if not one.name or one.name.lower() in self.special]
            yield from self._logins(document, wish, special)
        yield from self._beside(document, wish, found)
        if self.joins:
            if not wish.live or wish.commented:
                yield from self._logins(document, wish, found)
            yield from self._joined(document, wish, found)
        if self.invents and not wish.commented and any(section.name for section in found):
            yield from self._invented(document, wish, found)

    def own(self, document: Document, wish: Wish) -> list[Section]:
        """The bait's own sections for such a file."""
        file = wish.values.file(document.name)
        return self.sections(file.content.decode()) if file else []

    def named(self, name: str, taken: set[str], wish: Wish) -> str:
        """What a new section after one called ``name`` is called: never a special name, never one that is taken."""
        if wish.commented:
            return name
        bare = name.lower().split()[-1].strip('"') in self.special
        if not wish.live and bare:
            return wish.free(lambda word: self.renamed(name, word), taken)
        return name if name not in taken else wish.free(lambda word: self.renamed(name, word), taken)

    def renamed(self, name: str, label: str) -> str:
        """``name`` with ``label`` for what is special in it, or behind it."""
        if name.lower() in self.special:
            return label
        joint = "-" if "-" in name.rpartition(".")[2] else "_"
        return f"{name}{joint}{label}"

    def _grafted(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        taken = {section.name for section in found}
        lines: list[str] = []
        names = []
        for section in self.own(document, wish):
            if not section.settings or not self.wanted(section):
                continue
            name = self.named(section.name, taken, wish)
            taken.add(name)
            names.append(name)
            made = [Fitted(one.key, one.raw, -1) for one in section.settings]
            lines += ([""] if lines else []) + [f"[{name}]", *self._written(made, [], found)]
        if names:
            yield from self._placed(document, lines, found, f"as {_listed(names)}")

    def wanted(self, section: Section) -> bool:
        """Whether one of the bait's own sections is to be planted."""
        return bool(section.name)

    def _beside(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        taken = {section.name for section in found}
        for section in reversed(found):
            plain = {role_of(one.key) for one in section.settings if len(words(one.key)) == 1}
            upper = sum(one.key.isupper() for one in section.settings) * 2 > len(section.settings)
            if upper and not {"user", "password"} <= plain:
                continue  # an environment: it takes another variable, not a sister
            made = fitted(section.pairs(), wish.values) if section.name else None
            if made:
                if wish.commented and closed(
                    document
                ):  # its sections are its own: old values in the same one
                    old = dict(section.pairs())
                    made = [one for one in made if old.get(one.key) != one.text]
                    lines = self._written(made, section.settings, found)
                    said = f"as {', '.join(one.key for one in made)} in [{section.name}]"
                    yield Composition((after(document.text, section.end, lines),), said)
                    continue
                name = self.named(section.name, taken, wish)
                lines = [f"[{name}]", *self._written(made, section.settings, found)]
                yield from self._placed(document, lines, found, f"as [{name}]", beside=section)

    def _linked(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        """Another name in a section of addresses by names: ``[alias_dsn]`` of pgcli and mycli."""
        for section in found:
            settings = [one for one in section.settings if one.separator]
            links = [link_like(role_of(one.key, one.value), one.value, wish.values) for one in settings]
            if (
                not section.name
                or not settings
                or not all("://" in one.value for one in settings)
                or not links[-1]
            ):
                continue
            keys = [one.key for one in settings]
            name = keys[-1] if wish.commented else wish.free(lambda word: word, keys)
            if name:
                lines = self._written([Fitted(name, links[-1], len(settings) - 1)], settings, found)
                said = f"as {name} in [{section.name}]"
                yield Composition((after(document.text, settings[-1].end, lines),), said)

    def _logins(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        """``db_host``, ``db_user`` and so on of one section, once more."""
        for section in found:
            for last, made in logins(section.pairs(), wish):
                near = section.settings[last]
                lines = self._written(made, section.settings, found)
                where = f" in [{section.name}]" if section.name else ""
                said = f"as {', '.join(one.key for one in made)}{where}, after {near.key}"
                yield Composition((after(document.text, near.end, lines),), said)

    def _joined(self, document: Document, wish: Wish, found: list[Section]) -> Iterator[Composition]:
        settings = [(section, one) for section in found for one in section.settings if one.separator]
        keys = [one.key for _, one in settings]
        place = nearest(keys, wish.values, [role_of(one.key, one.value) for _, one in settings])
        if place is None and not (settings and not any(section.name for section in found)):
            return
        section, near = settings[place if place is not None else -1]
        inside = [one.key for one in section.settings]
        style = style_of(inside, "upper" if any(key.isupper() for key in inside) else "snake")
        label = wish.label(
            lambda word: any(labelled(v.name, word, style) in inside for v in wish.values.values)
        )
        made = [Fitted(labelled(v.name, label, style), v.text, -1) for v in wish.values.values]
        lines = self._written(made, [near], found)
        said = f"as {', '.join(one.key for one in made)}"
        where = f" in [{section.name}]" if section.name else ""
        yield Composition((after(document.text, near.end, lines),), f"{said}{where}, after {near.key}")
        yield Composition((after(document.text, section.end, lines),), f"{said}{where}")

    def _invented(
        self, document: Document, wish: Wish, found: list[Section], prefix: str = ""
    ) -> Iterator[Composition]:
        if not wish.values.values:
            return
        taken = {section.name for section in found}
        service = wish.values.service
        keys = [one.key for section in found for one in section.settings]
        style = style_of(keys, "snake")
        name = wish.free(lambda word: prefix + self.renamed(service, word), taken)
        made = []
        for value in wish.values.values:
            parts = words(value.name)
            short = parts[1:] if len(parts) > 1 and parts[0] == service else parts
            made.append(Fitted(styled(short, style), value.text, -1))
        lines = [f"[{name}]", *self._written(made, [], found)]
        yield from self._placed(document, lines, found, f"as a section [{name}]")

    def _written(self, made: Sequence[Fitted], donors: list[Setting], found: list[Section]) -> list[str]:
        """Lines with the spaces, the separator and the quotes of the donors, or of the file."""
        every = [one for section in found for one in section.settings if one.separator and one.raw]
        usual = Counter(one.separator for one in every).most_common(1)[0][0] if every else " = "
        lead = Counter(one.lead for one in every).most_common(1)[0][0] if every else ""
        lines = []
        for one in made:
            like = donors[one.like] if 0 <= one.like < len(donors) else donors[-1] if donors else None
            separator = like.separator if like and like.separator and like.raw else usual
            kept = like is not None and one.text == like.value and like.raw[:1] in ("[", "{")
            text = one.text if kept else self.quoted(one.text, quote_of(like.raw) if like else "")
            first, *rest = text.split("\n")
            indent = like.lead if like else lead
            line = f"{indent}{one.key}{separator}{first}"
            lines.append(line if first else line.rstrip())
            lines += [f"{indent}    {more}" for more in rest]
        return lines

    def quoted(self, text: str, quote: str) -> str:
        """``text`` as a value; ``quote`` is what its donor stands in."""
        return f"{quote}{text}{quote}" if quote and quote not in text else text

    def _placed(
        self,
        document: Document,
        lines: list[str],
        found: list[Section],
        said: str,
        beside: Section | None = None,
    ) -> Iterator[Composition]:
        text = document.text
        named = [section for section in found if section.name]
        apart = any(text[section.start - 2 : section.start] == "\n\n" for section in named) or len(named) < 2
        indent = indent_of(text, named[-1].start) if named else ""
        lines = [f"{indent}{line}" if line.startswith("[") else line for line in lines]
        if beside is not None and beside is not named[-1]:
            body = ["", *lines] if apart else lines
            yield Composition((after(text, beside.end, body),), f"{said}, after [{beside.name}]")
        yield Composition((at_end(text, lines, paragraph=apart),), f"{said}, at the end")


def _listed(names: list[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)
