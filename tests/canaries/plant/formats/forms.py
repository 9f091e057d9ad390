"""Everyday files, as their projects' documentation shows them, for bait to be planted in. All values are made up.

One text a format in ``forms/``: ``=== PATH KIND READER...`` and the file's content below. A reader is a function of
`tests.canaries.plant.formats.readers`, or ``refused`` where nothing may be planted, or ``crlf`` for such line ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath

from canaries.core import plugins
from canaries.core.model import Bait
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import FOLDER, Kind, Order
from canaries.plant.formats import Composed, Manner, compose
from canaries.plant.formats._text import document, spliced

FORMS = Path(__file__).parent / "forms"


@dataclass(frozen=True, slots=True)
class Form:
    """One file of the collection."""

    format: str
    """The text it is from."""
    path: str
    kind: str
    """Of the bait that goes there."""
    readers: tuple[str, ...]
    raw: bytes

    @property
    def refused(self) -> bool:
        """Whether nothing may be planted there."""
        return "refused" in self.readers


@lru_cache
def forms(format_name: str = "") -> tuple[Form, ...]:
    """All of them, or those of one text."""
    found = []
    for path in sorted(FORMS.glob(f"{format_name or '*'}.txt")):
        for part in ("\n" + path.read_text(encoding="utf-8")).split("\n=== ")[1:]:
            heading, _, content = part.partition("\n")
            where, kind, *readers = heading.split()
            text = content if content.endswith("\n") else content + "\n"
            raw = text.replace("\n", "\r\n") if "crlf" in readers else text
            names = tuple(name for name in readers if name != "crlf")
            found.append(Form(path.stem, where, kind, names, raw.encode()))
    return tuple(found)


@lru_cache
def bait(kind: str, seed: int = 7) -> Bait:
    """The same bait of this kind each time."""
    chosen = plugins.pick(FOLDER, Kind, kind, "kind")()
    order = Order(
        stream=SeededRandom(bytes([seed]) * 32),
        base_url="https://{label}.traps.example.net",
        domain="traps.example.net",
        locale="en_US",
        created_at="2026-01-01T00:00:00.000000Z",
    )
    return chosen.mint(order, chosen.Options())


def planted(
    path: str, raw: bytes, kind: str, *, manner: Manner = "entry", name: str = "", seed: int = 3
) -> tuple[Composed, bytes]:
    """How the bait goes into this file, and the file afterwards."""
    opened = document(PurePath(path), raw)
    composed = compose(opened, bait(kind), kind, manner=manner, chance=random.Random(seed), name=name)
    return composed, spliced(raw, composed.splices)


def text_after(path: str, text: str, kind: str, *, manner: Manner = "entry") -> str:
    """The same for text."""
    return planted(path, text.encode(), kind, manner=manner)[1].decode()
