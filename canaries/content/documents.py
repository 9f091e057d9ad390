"""What a bait document is about: a believable subject, file name and a few lines, drawn from the canary's stream.

Each installation and each canary draws its own; nothing is constant but the stock of phrases in
``templates/kinds/words.toml``, which is plain office language.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from canaries.core.render import folder
from canaries.crypto.seeded_random import SeededRandom


@dataclass(frozen=True, slots=True)
class DocumentOutline:
    """A document's outside and a few lines of its inside."""

    title: str
    file: str
    """File name without its ending."""
    lines: tuple[str, ...]
    """Paragraphs."""
    rows: tuple[tuple[str, str], ...]
    """Label and figure, for a table."""


@cache
def _stock() -> dict[str, Any]:
    return tomllib.loads((folder() / "kinds" / "words.toml").read_text(encoding="utf-8"))


def draft(stream: SeededRandom, locale: str) -> DocumentOutline:
    """A document for ``locale`` (English wording where there is none of its own)."""
    stock = _stock()
    words = stock.get(locale[:2], stock["en"])
    subject = stream.pick("subject", words["subjects"])
    year = str(2022 + stream.below("year", 4))
    title = stream.pick("title", words["titles"]).format(subject=subject, year=year)
    separator = stream.pick("separator", ("-", "_", " "))
    file = title.replace(" ", separator)
    if stream.below("version?", 2):
        file += f"{separator}v{stream.between('version', 2, 7)}"
    lines = [
        stream.pick(f"line:{number}", words["lines"]).format(subject=subject, year=year)
        for number in range(4)
    ]
    labels = [stream.pick(f"label:{number}", words["labels"]) for number in range(5)]
    figures = [f"{stream.between(f'figure:{number}', 1_000, 480_000):,}" for number in range(5)]
    rows = dict(zip(labels, figures, strict=True))
    return DocumentOutline(title, file, tuple(dict.fromkeys(lines)), tuple(rows.items()))


def file_name(stream: SeededRandom, label: str) -> str:
    """Eight characters that nobody mistakes for one another: the name of a picture."""
    return stream.text(label, "abcdefghijkmnpqrstuvwxyz23456789", 8)
