"""Proofs that a stranger's verifier takes, the report as a job, and the trail with what allowed each deed."""

from __future__ import annotations

import base64

from canaries.ledger import merkle
from canaries.ledger.sealer import LogSealer
from tests import steady
from tests.listener.api.conftest import Desk, Story


def test_proofs_verify(desk: Desk, story: Story) -> None:
    head = desk.ask("auditor", "GET", "/ledger/checkpoint").json or {}
    proof = desk.ask("auditor", "GET", f"/ledger/entries/{story.entry}/proof").json or {}
    path = [base64.b64decode(one) for one in proof["path"]]
    root = base64.b64decode(proof["root"])
    merkle.verify_inclusion(base64.b64decode(proof["leaf"]), proof["index"], proof["size"], path, root)
    assert proof["root"] in head["note"]
    desk.mint("planter")
    LogSealer(desk.home).seal_once()
    later = desk.ask("auditor", "GET", f"/ledger/entries/{story.entry}/proof").json or {}
    between = {"first": head["size"], "second": later["size"]}
    grown = desk.ask("auditor", "GET", "/ledger/consistency", query_string=between).json or {}
    merkle.verify_consistency(
        head["size"],
        later["size"],
        root,
        base64.b64decode(later["root"]),
        [base64.b64decode(one) for one in grown["path"]],
    )
    for path_ in (
        "/ledger/entries/0/proof",
        f"/ledger/entries/{story.entry}/proof?size=1",
        "/ledger/consistency?first=9&second=2",
    ):
        assert desk.ask("auditor", "GET", path_).status_code == 404
    assert desk.ask("auditor", "GET", "/ledger/consistency?first=0&second=2").status_code == 422


def test_verification_is_a_job(desk: Desk, story: Story) -> None:
    started = desk.ask("auditor", "POST", "/ledger/verify").json or {}
    look = lambda: desk.ask("auditor", "GET", f"/jobs/{started['id']}").json or {}  # noqa: E731
    steady.until(lambda: look()["state"] in ("done", "failed"))
    assert look()["result"]["entries"] == look()["progress"]["done"] - look()["result"]["unsealed"]


def test_the_trail_says_who_and_by_which_role(desk: Desk, story: Story) -> None:
    desk.ask("analyst", "POST", f"/hits/{story.hit}/raw", json={"reason": "look"})
    items = (desk.ask("auditor", "GET", "/ledger/trail").json or {})["items"]
    looked = next(one for one in items if one["kind"] == "revealed")
    assert (looked["by"], looked["allowed"]["role"], looked["about"]["reason"]) == (
        "analyst",
        "analyst",
        "look",
    )
    assert not [one for one in items if one["kind"] in ("hit", "derived")]
    page = desk.ask("auditor", "GET", "/ledger/trail", query_string={"limit": 2}).json or {}
    more = (
        desk.ask("auditor", "GET", "/ledger/trail", query_string={"limit": 2, "cursor": page["next"]}).json
        or {}
    )
    assert [one["id"] for one in page["items"] + more["items"]] == [one["id"] for one in items[:4]]
    only = (desk.ask("auditor", "GET", "/ledger/trail", query_string={"by": "analyst"}).json or {})["items"]
    assert {one["by"] for one in only} == {"analyst"}
