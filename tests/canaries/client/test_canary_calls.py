"""Each request about bait is a route of the API, with what that route takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canaries.client.canary_calls import CanaryCalls
from tests.api_routes import asked_of

ANSWER: dict[str, Any] = {
    **dict.fromkeys(("kind", "memo", "recipient", "owner", "state", "text", "expires_at"), ""),
    "id": "ab" * 8,
    "tags": [],
    "tokens": [],
    "files": [],
    "items": [],
    "next": None,
}


def ask(calls: CanaryCalls) -> None:
    calls.mint("url", memo="x")
    found = calls.canary_called("ab" * 8)
    list(calls.canaries(kind="url"))
    calls.amend(found, memo="y")
    calls.retire(found.id, "over")
    list(calls.placements(found.id))
    calls.note_place(found.id, "build server 7")
    calls.test_fire(found.id)
    calls.reveal(found.id, "lost it")


def test_every_request_is_a_route_with_what_it_takes(tmp_path: Path) -> None:
    assert asked_of(CanaryCalls, ANSWER, ask, tmp_path) == {
        *("minting.mint", "canaries.one", "canaries.listing", "canaries.amend", "canaries.retire"),
        *("canaries.reveal", "placements.listing", "placements.note", "test_fires.start"),
    }
