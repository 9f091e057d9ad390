"""Shells' histories: a command that led to the bait's server, among the commands that were typed before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after
from canaries.plant.formats._services import names_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import BaitValues, words

_STAMP = re.compile(r"#(\d{9,11})")
"""Before each command, where HISTTIMEFORMAT is set (bash(1))."""
_EXTENDED = re.compile(r": (\d{9,11}):\d+;.*")
"""zsh's EXTENDED_HISTORY (zshoptions(1))."""
_CLIENTS = {"postgresql": "psql", "mongodb": "mongosh", "redis": "redis-cli -u", "rediss": "redis-cli -u"}


@dataclass(slots=True)
class _Command:
    lines: list[str]
    time: int
    """Seconds since 1970; 0: not told."""
    end: int
    """After its last character."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class ShellHistoryFormat(FileFormat):
    name = "shell-history"
    title = "a shell's history"
    rank = 30
    comments_unasked: ClassVar[bool] = False
    needs = "a login or a key that a command takes"

    def claims(self, document: Document) -> bool:
        return bool(
            re.fullmatch(r"\.(?:bash|zsh|ksh|sh|ash)_history|\.?(?:zhistory|histfile)", document.name.lower())
        )

    def read(self, text: str) -> Reading:
        """Every line in its order: a line more is a command that nobody has typed."""
        seen: Counter[str] = Counter()
        found: dict[tuple[str, ...], str] = {}
        for line in text.split("\n"):
            seen[line] += 1
            if line:
                found[line, str(seen[line])] = ""
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        commands = list(_commands(document.text))
        typed = _typed(wish.values)
        if len(commands) < 2 or not typed:
            return
        names = names_of(wish.values) | {typed.split(" ")[0]}
        near = [n for n, one in enumerate(commands) if names & set(words(one.text[:500]))]
        for place in dict.fromkeys([*near[-1:], len(commands) - 2]):
            one = commands[place]
            later = commands[place + 1].time if place + 1 < len(commands) else one.time + 120
            time = one.time + max(1, min(later - one.time, 600) // 2)
            if _EXTENDED.match(one.text):
                made = [f": {time}:0;{typed}"]
            else:
                made = [*([f"#{time}"] if one.time else []), typed]
            yield Composition(
                (after(document.text, one.end, made),),
                "as a command that was typed before",
                (
                    "whoever repeats that command fires it; a shell that is open may write its own history over it",
                ),
            )


def _commands(text: str) -> Iterator[_Command]:
    """The commands, each with all of its lines."""
    at, time, stamped = 0, 0, bool(_STAMP.match(text))
    held: _Command | None = None
    for line in text.split("\n"):
        end = at + len(line)
        stamp, extended = _STAMP.fullmatch(line), _EXTENDED.match(line)
        if stamp:
            time = int(stamp[1])
            if held:
                yield held
            held = None
        elif held and (stamped or held.lines[-1].endswith("\\")):
            held.lines.append(line)
            held.end = end if line else held.end
        elif line:
            if held:
                yield held
            held = _Command([line], int(extended[1]) if extended else time, end)
        at = end + 1
    if held:
        yield held


def _typed(values: BaitValues) -> str:
    """One command with the bait in it; empty where no command takes it."""
    roles, link = values.roles, values.roles.get("url", "")
    scheme = link.partition(":")[0].partition("+")[0]
    if scheme == "mysql" and {"host", "user", "password"} <= roles.keys():
        database = f" {roles['database']}" if "database" in roles else ""
        return f"mysql -h {roles['host']} -u {quote(roles['user'])} -p{quote(roles['password'])}{database}"
    if scheme in _CLIENTS and "@" in link:
        return f"{_CLIENTS[scheme]} {quote(link)}"
    pairs = [f"{value.name}={quote(value.text)}" for value in values.values]
    return f"export {' '.join(pairs)}" if pairs and {"secret", "password"} & roles.keys() else ""
