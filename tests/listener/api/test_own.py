"""Whose canaries: another's and none are the same refusal."""

from __future__ import annotations

from canaries.mint.minting import mint
from tests.listener.api.conftest import Desk


def test_anothers_canary_does_not_exist(desk: Desk) -> None:
    desk.token("second", "planter")
    others = desk.mint("second")["id"]
    by_shell = next(iter(mint(desk.home, "url", owner="planter"))).canary.id  # a name that anybody can write
    refusals = set()
    for id_ in (others, by_shell, "0123456789abcdef"):
        answer = desk.ask("planter", "GET", f"/canaries/{id_}")
        assert answer.status_code == 404
        refusals.add((answer.json or {})["detail"].replace(id_, "ID"))
        assert desk.ask("admin", "GET", f"/canaries/{id_}").status_code == (
            404 if id_.startswith("0123") else 200
        )
    assert len(refusals) == 1
    listed = desk.ask("planter", "GET", "/canaries").json
    assert listed is not None
    assert listed["items"] == []
