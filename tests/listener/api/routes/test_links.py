"""Links: suggested with reasons, decided by an analyst, and what is rejected is not suggested again."""

from __future__ import annotations

from collections.abc import Callable

from canaries.mint.minting import mint
from listener.incidents import queries
from tests.listener.api.conftest import Desk


def test_suggested_decided_and_not_suggested_again(desk: Desk, strike: Callable[..., str]) -> None:
    hits = [
        strike(desk.home, minted.canary, agent="odd-tool/7", at=f"2026-11-{day}T12:00:00.000000Z")
        for minted, day in zip(mint(desk.home, "url", count=2), (20, 22), strict=True)
    ]
    pair = sorted(queries.one(desk.home, hit).incident for hit in hits)
    found = desk.ask("auditor", "GET", "/links", query_string={"incident": pair[0]}).json or {}
    (link,) = found["links"]
    assert link["incidents"] == pair
    assert {"address", "agent"} <= {reason["sort"] for reason in link["reasons"]}
    assert found["campaigns"] == [pair]
    body = {"incidents": pair, "decision": "rejected", "reason": "two testers"}
    assert desk.ask("auditor", "POST", "/links", json=body).status_code == 403
    written = desk.ask("analyst", "POST", "/links", json=body)
    assert len((written.json or {})["entries"]) == 2
    after = desk.ask("auditor", "GET", "/links").json or {}
    assert (after["links"], after["campaigns"]) == ([], [])
    assert [(one["by"], one["reason"]) for one in after["decisions"]] == [("analyst", "two testers")]
