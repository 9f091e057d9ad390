"""Whatever a visitor sent is printed, and is nothing else."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf

from canaries.core.text import visible
from listener.dossier.reading_copy.tree import printable
from listener.dossier.reading_copy.typeset import typeset
from tests.hostile_strings import STRINGS
from tests.listener.dossier.reading_copy.test_reading_copy import text_of


def test_hostile_text_is_printed_and_no_more() -> None:
    rows: list[Any] = [["tr", [], [["th", [], ["said"]], ["td", ["mono"], [one]]]] for one in escaped()]
    title = 'Dossier #eval("1") $x$ *b* _i_ `raw` <label> @ref \\ // /* #import'
    made = typeset(
        title,
        [["h1", [], [title]], ["table", ["pairs"], rows]],
        author=title,
        foot=title,
        note=title,
        at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    said = text_of(made)
    assert "".join(title.split()) in said
    assert [one for one in escaped() if "".join(one.split()) not in said and len(one) < 400] == []
    pdf = pypdf.PdfReader(io.BytesIO(made))
    assert not any("/Annots" in page for page in pdf.pages)  # no link, no script
    assert not {"/OpenAction", "/AA", "/JavaScript"} & pdf.trailer["/Root"].keys()  # type: ignore[attr-defined]


def escaped() -> list[str]:
    return [printable(visible(one)) for one in STRINGS]
