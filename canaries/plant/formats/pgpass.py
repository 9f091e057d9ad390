"""``.pgpass``: one line more. The first that matches counts, so the bait's own host must not be a wild card's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import at_end, before
from canaries.plant.formats._text import Document


class PgpassFormat(FileFormat):
    """PostgreSQL documentation, "The Password File": five fields, ``\\`` before ``:`` and ``\\`` in them."""

    name = "pgpass"
    title = "a .pgpass"
    rank = 40
    comment: ClassVar[str] = "# "
    comments_unasked: ClassVar[bool] = False
    needs = "host, database, user and password (pgpass, postgres-url)"

    def claims(self, document: Document) -> bool:
        return document.name in (".pgpass", "pgpass.conf", "pgpass")

    def read(self, text: str) -> Reading:
        found: dict[tuple[str, ...], str] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = re.findall(r"((?:\\.|[^:\\])*)(?::|$)", line)
            if len([field for field in fields if field is not None]) < 5:
                raise ValueError(f"line {number} has not five fields")
            found.setdefault((*fields[:4],), fields[4])
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        roles = wish.values.roles
        wanted = ("host", "database", "user", "password")
        if not all(roles.get(name) for name in wanted):
            return
        fields = (
            roles["host"],
            roles.get("port", "5432"),
            roles["database"],
            roles["user"],
            roles["password"],
        )
        line = ":".join(re.sub(r"([:\\])", r"\\\1", field) for field in fields)
        text = document.text
        wild = re.search(r"^\*:", text, re.MULTILINE)
        if wild:
            yield Composition(
                (before(text, wild.start(), [line]),), "as a line more, before the one for every host"
            )
        yield Composition((at_end(text, [line], paragraph=False),), "as a line more")
