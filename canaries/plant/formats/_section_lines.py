"""The lines of files of sections: headings, and ``key = value`` below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from canaries.plant.formats._donor import quote_of

_HEADER = re.compile(r"[ \t]*\[(?P<name>[^\]\n]+)\][ \t]*(?:[#;].*)?")


@dataclass(slots=True)
class Setting:
    """One ``key = value``."""

    key: str
    raw: str
    """The value as it stands, quotes and all; of several lines, joined by line feeds."""
    separator: str
    lead: str
    end: int
    """After its last character."""

    @property
    def value(self) -> str:
        """Without its quotes."""
        return self.raw.strip()[1:-1] if quote_of(self.raw) else self.raw.strip()


@dataclass(slots=True)
class Section:
    """A heading and what is below it."""

    name: str
    start: int
    end: int
    """After the last character of its last setting, or of its heading."""
    settings: list[Setting] = field(default_factory=list)

    def pairs(self) -> list[tuple[str, str]]:
        """(key, value)."""
        return [(one.key, one.value) for one in self.settings]


def sections(text: str, *, folding: bool = True, colon: bool = True) -> list[Section]:
    """The sections of ``text``; the first is what stands before any heading. Raises ValueError at anything else.

    ``folding``: an indented line continues the value above (Python's configparser). ``colon``: it separates, too.
    """
    found, at, signs = [Section("", 0, 0)], 0, re.compile("[=:]" if colon else "=")
    continued = False
    further: dict[
        int, tuple[Setting, list[str]]
    ] = {}  # joined at the end: a text that grows is copied each time
    for number, line in enumerate(text.split("\n"), 1):
        end, here = at + len(line), found[-1]
        bare = line.strip()
        last = here.settings[-1] if here.settings else None
        if continued and last:
            further.setdefault(id(last), (last, []))[1].append(bare)
            last.end = here.end = end
        elif not bare or bare[0] in "#;!":
            pass
        elif folding and line[0] in " \t" and last and not _HEADER.fullmatch(line):
            further.setdefault(id(last), (last, []))[1].append(bare)
            last.end = here.end = end
        elif header := _HEADER.fullmatch(line):
            found.append(Section(header["name"].strip(), at, end))
        elif entry := entry_of(line, signs, end):
            here.settings.append(entry)
            here.end = end
        elif re.fullmatch(r"[\w.:-]+(?:[ \t]*#.*)?", bare):  # an option that is merely there
            here.settings.append(Setting(bare, "", "", line[: len(line) - len(line.lstrip())], end))
            here.end = end
        else:
            raise ValueError(f"line {number} is neither a section nor a setting")
        continued = not folding and bare.endswith("\\") and bare[0] not in "#;"
        at = end + 1
    for setting, lines in further.values():
        setting.raw = "\n".join((setting.raw, *lines))
    return found


def entry_of(line: str, signs: re.Pattern[str], end: int) -> Setting | None:
    """The setting that ``line`` is, which ends at ``end``; None where it is none."""
    sign = signs.search(line)
    head = line[: sign.start()] if sign else ""
    key = head.strip(" \t")
    if not sign or not key or key[0] in "[#;":
        return None
    lead, blank = head[: len(head) - len(head.lstrip(" \t"))], head[len(head.rstrip(" \t")) :]
    tail = line[sign.end() :]
    value = tail.lstrip(" \t")
    return Setting(key, value, f"{blank}{sign[0]}{tail[: len(tail) - len(value)]}", lead, end)
