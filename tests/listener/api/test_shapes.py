"""Shapes: hits only where asked for, and nothing of them in what the ETag is of."""

from __future__ import annotations

from canaries.mint.catalogue import Summary
from listener.api.shapes import as_canary, editable, state_of

NOW = "2026-06-01T00:00:00.000000Z"


def summary(**more: object) -> Summary:
    values = {
        "id": "a",
        "kind": "url",
        "memo": "",
        "recipient": "",
        "owner": "pat",
        "created_at": "",
        "expires_at": "",
    }
    return Summary(**{**values, "retired_at": "", "parent": "", "hits": 3, "placements": 1, **more})  # type: ignore[arg-type]


def test_hits_are_told_only_where_asked_for() -> None:
    assert "hits" not in as_canary(summary(), NOW, hits=False)
    assert as_canary(summary(), NOW, hits=True)["hits"] == 3
    assert editable(summary()) == editable(summary(hits=4, placements=2))
    assert editable(summary()) != editable(summary(memo="x"))


def test_states() -> None:
    assert state_of(summary(), NOW) == "live"
    assert state_of(summary(expires_at=NOW), NOW) == "expired"
    assert state_of(summary(retired_at=NOW, expires_at=NOW), NOW) == "retired"
