"""Every client of the matrix uses its bait, and the hit names the canary and the part of it that came."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.case import CASES, Case, Intruder

for _module in sorted(Path(__file__).parent.joinpath("cases").glob("[a-z]*.py")):
    importlib.import_module(f"tests.clients.cases.{_module.stem}")

pytestmark = pytest.mark.clients

ENOUGH = 180
"""Different programs and libraries that have to fire."""
GO_ON = 0.8
"""So many of those that fired do a second thing that is recorded. The others ask one thing and end: a look-up, an
office document, an upload."""
_PATIENCE = 15.0
"""Seconds from the client's end to the hit."""
_SILENCE = 3.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_fires(
    case: Case,
    field: Any,
    intruder: Callable[[Case], Intruder],
    versions: dict[str, str],
    results: list[dict[str, Any]],
) -> None:
    row: dict[str, Any] = {
        "name": case.name,
        "client": case.client,
        "version": versions.get(case.package, ""),
        "how": case.how,
        "kind": case.kind,
        "trusted": case.trusted,
        "outcome": "failed",
        "facets": [],
        "traps": [],
        "actions": 0,
    }
    results.append(row)
    if case.package not in versions:
        row["outcome"] = "not run: not installed"
        pytest.skip(row["outcome"])
    if case.named and not field.box.named:
        row["outcome"] = "not run: needs a network of its own"
        pytest.skip(row["outcome"])
    thief = intruder(case)
    case.run(thief)
    hits, came = field.wait(case, thief.canary, _PATIENCE if case.facets else _SILENCE)
    row["facets"] = sorted({facet for hit in hits for facet in hit["facets"]})
    row["traps"] = sorted({hit["trap"] for hit in hits})
    row["actions"] = field.actions(thief.canary)
    heard = "\n".join([*thief.said, *(str(hit) for hit in hits)])
    if case.facets:
        assert set(case.facets) <= came, heard
        row["outcome"] = "fired"
    else:
        assert not came, heard
        row["outcome"] = "silent"


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


def test_enough_different_programs_fired_and_went_on(results: list[dict[str, Any]]) -> None:
    """Where a run is only a part of the matrix, there is nothing to count."""
    if len(results) < len(CASES):
        return
    fired = [row for row in results if row["outcome"] == "fired"]
    assert len({row["client"] for row in fired}) >= ENOUGH
    once = [row["name"] for row in fired if row["actions"] < 2]
    assert len(once) <= (1 - GO_ON) * len(fired), once
