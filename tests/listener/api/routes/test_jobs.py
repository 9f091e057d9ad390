"""Jobs: one's own; an admin sees all."""

from __future__ import annotations

from tests.listener.api.conftest import Desk


def test_lists_are_ones_own(desk: Desk) -> None:
    started = desk.ask("auditor", "POST", "/ledger/verify").json or {}

    def ids(who: str) -> list[str]:
        return [one["id"] for one in (desk.ask(who, "GET", "/jobs").json or {})["items"]]

    assert ids("auditor") == ids("admin") == [started["id"]]
    assert ids("analyst") == []
    assert desk.ask("analyst", "GET", f"/jobs/{started['id']}").status_code == 404
    assert desk.ask("admin", "GET", f"/jobs/{started['id']}/file").status_code == 404
