"""DBeaver's ``data-sources.json``: a connection more, which its user would have to open."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._donor import link_like
from canaries.plant.formats._json import is_strict, parse, splice
from canaries.plant.formats._manifests import text_of
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import Made, Node, Place, reading

_ID = re.compile(r"(?P<driver>[\w.-]+)-(?P<time>[0-9a-f]{11})-(?P<random>[0-9a-f]{16})")
"""Driver, milliseconds of its making, a random number."""
_SETTINGS = {"host": "host", "port": "port", "database": "database", "user": "user", "password": "password"}


class DbeaverFormat(FileFormat):
    """Logins stand in a file of their own, encrypted; what is planted is the server with its address."""

    name = "dbeaver"
    title = "DBeaver's connections"
    rank: ClassVar[int] = 55
    needs = "a connection of the same sort of database to stand beside"

    def claims(self, document: Document) -> bool:
        return bool(re.fullmatch(r"data-sources(?:-.+)?\.json", document.name.lower()))

    def read(self, text: str) -> Reading:
        if not is_strict(text):
            raise ValueError("it does not parse as JSON")
        return reading(parse(text))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        connections = parse(document.text).get("connections")
        for place, (key, _, one) in reversed(list(enumerate(connections.entries if connections else []))):
            settings, named = one.get("configuration"), _ID.fullmatch(key)
            url = link_like("url", text_of(settings, "url"), wish.values) if settings else None
            if not connections or not settings or not named or not url:
                continue
            drawn = hashlib.sha256(wish.values.tokens[0].encode()).hexdigest()
            later = int(named["time"], 16) + int(drawn[:8], 16) % 10**9
            name = f"{named['driver']}-{later:x}-{drawn[:16]}"
            new = Place(
                connections,
                place,
                ((name, _connection(one, url, wish)),),
                said=f"as a connection after {key}",
            )
            yield Composition((splice(document.text, new),), new.said)


def _connection(old: Node, url: str, wish: Wish) -> Made:
    """``old`` with the bait's server; a tunnel, a bootstrap or a network of the old one stays out."""
    roles, entries = wish.values.roles, []  # type: dict[str, str], list[tuple[str, Made]]
    for key, _, held in old.entries:
        if key == "configuration":
            inner = [
                (name, _scalar(value, {**roles, "url": url}.get(name, "")))
                for name, _, value in held.entries
                if value.sort == "scalar"
            ]
            entries.append((key, Made(entries=tuple(inner))))
        elif key == "name":
            entries.append((key, Made(f"{roles.get('database', '')}@{roles['host']}")))
        elif held.sort == "scalar" and key != "folder":
            entries.append((key, _scalar(held, "")))
    return Made(entries=tuple(entries))


def _scalar(held: Node, text: str) -> Made:
    return Made(text or held.text, held.quote or None, raw=not held.quote)
