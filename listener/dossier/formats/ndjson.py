"""The events for programs: each hit with what was derived from it, one JSON object a line. `verify.py` holds each
against its entries in the log."""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier.case import Case
from listener.dossier.formats import Content, Format


class Ndjson(Format):
    """``events/events.ndjson``, oldest first."""

    name = "ndjson"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        yield "events/events.ndjson", (text.line + b"\n" for text in case.texts())
