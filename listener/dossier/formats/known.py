"""Who is on record as having had each canary in hand, as a table: recorded acts, and no conclusion."""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier import verify
from listener.dossier.case import Case
from listener.dossier.formats import Content, Format
from listener.dossier.knowledge import known


class KnownTable(Format):
    """``case/known.csv``, RFC 4180; none where the version shows no bait."""

    name = "known"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        if case.version.bait:
            rows = (map(verify.steady_cell, row) for row in known(case))
            yield verify.KNOWN.removeprefix("data/"), map(verify.table_row, [verify.KNOWN_COLUMNS, *rows])
