"""Sets a report as PDF/A-3a and PDF/UA-1 with typst, which needs no program of the system and fetches nothing.

The report's text goes to the template as data and is never code. The fonts are those that typst brings, and the date is
given, so the same dossier makes the same bytes wherever it is set. That the file conforms is what typst claims; no
validator is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from canaries.core import extras
from canaries.core.errors import TraplineError
from listener.dossier.reading_copy.tree import Node, printable


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF (PDF/A-3, 6.8)."""

    name: str
    mime: str
    words: str
    """What it is, for whoever opens the list of attachments."""
    content: str
    """Text: what is attached of a dossier is UTF-8."""


def typeset(
    title: str,
    body: Sequence[Node],
    *,
    author: str,
    foot: str,
    note: str,
    at: datetime,
    attached: Sequence[Attachment] = (),
) -> bytes:
    """The PDF. ``foot`` stands on every page, ``note`` above the title; ``at`` is its date.

    Raises TraplineError where typst is not installed, or refuses.
    """
    extras.require("typst", "pdf", "a PDF of the report")
    import typst

    copy: dict[str, Any] = {
        "title": title,
        "author": printable(author),
        "foot": printable(foot),
        "note": printable(note),
        "body": body,
        "attached": [[one.name, one.mime, one.words, one.content] for one in attached],
    }
    source = resources.files("canaries.templates").joinpath("dossier/reading-copy.typ").read_bytes()
    try:
        made = typst.compile(
            source,
            format="pdf",
            sys_inputs={"copy": json.dumps(copy)},
            pdf_standards=["a-3a", "ua-1"],
            ignore_system_fonts=True,
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise TraplineError(f"the PDF cannot be set: {error}") from error
    return bytes(made)
