"""The table of who could have known: quoted, disarmed, and only where a version shows bait."""

from __future__ import annotations

import csv
import io
from typing import Any

from listener.dossier import verify
from listener.dossier.case import Case
from listener.dossier.formats.known import KnownTable
from listener.dossier.versions import VERSIONS


def test_it_has_a_row_for_each_act(story: Any, case: Case) -> None:
    [(name, content)] = KnownTable().files(case)
    assert name == "case/known.csv"
    rows = list(csv.DictReader(io.StringIO(b"".join(content).decode(), newline="")))
    assert tuple(rows[0]) == verify.KNOWN_COLUMNS
    assert [(row["canary"], row["act"], row["by"], row["words"]) for row in rows] == [
        (story.canary, "minted", "alice.a", ""),
        (story.canary, "planted", "alice.a", "/srv"),
    ]


def test_a_version_without_bait_has_none(case: Case) -> None:
    case.version = VERSIONS["publication"]
    assert not list(KnownTable().files(case))
