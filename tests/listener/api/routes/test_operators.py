"""Who signs, and what waits for a second one of them: read by API."""

from __future__ import annotations

from canaries.operators import proposals
from tests.listener.api.conftest import Desk
from tests.operators import acting, enrol


def test_operators_with_keys_and_their_proposals_are_listed(desk: Desk) -> None:
    enrol(desk.home, "ann", "bo")
    with acting(desk.home, "ann"):
        proposals.propose(
            desk.home, {"what": "record", "entries": ["0" * 32], "leaves": [], "reason": "asked"}
        )
    listed = (desk.ask("auditor", "GET", "/operators").json or {})["items"]
    assert [one["name"] for one in listed] == ["ann", "bo"]
    [waiting] = (desk.ask("auditor", "GET", "/operators/proposals").json or {})["items"]
    assert (waiting["by"], waiting["proposal"]["reason"]) == ("ann", "asked")
    assert desk.ask("analyst", "GET", "/operators").status_code == 403
