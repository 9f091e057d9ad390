"""Channels and deliveries: how they stand; a test that fails says why; settings stay unseen."""

from __future__ import annotations

from tests.listener.api.conftest import SECRET, Desk, Story


def test_channels(desk: Desk, story: Story) -> None:
    answer = desk.ask("auditor", "GET", "/channels")
    (channel,) = (answer.json or {})["items"]
    assert (channel["channel"], channel["type"], channel["configured"]) == ("ops", "webhook", True)
    assert SECRET not in answer.text
    assert "127.0.0.1:9" not in answer.text
    failed = desk.ask("analyst", "POST", "/channels/ops/test")
    assert failed.status_code == 424
    assert "not delivered" in failed.text
    assert [entry.by for entry in desk.entries("alert-failed")] == ["analyst"]
    assert desk.ask("analyst", "POST", "/channels/nobody/test").status_code == 404
    assert desk.ask("analyst", "POST", "/channels/nobody/retry").status_code == 404


def test_deliveries_and_giving_up(desk: Desk, story: Story) -> None:
    from sqlalchemy import delete

    from canaries.core import store
    from listener.notify import outbox
    from listener.notify.channels import Alert

    with desk.home.store.write() as connection:
        connection.execute(delete(store.outbox))
        alerts = [Alert(id=f"{number:032x}", event="test", at=desk.home.now()) for number in range(3)]
        outbox.enqueue(connection, desk.home, alerts, desk.home.now())

    def states(**query: str) -> list[str]:
        return [
            one["state"]
            for one in (desk.ask("auditor", "GET", "/deliveries", query_string=query).json or {})["items"]
        ]

    assert states() == ["waiting"] * 3
    first = desk.ask("auditor", "GET", "/deliveries", query_string={"limit": 2}).json or {}
    rest = (
        desk.ask("auditor", "GET", "/deliveries", query_string={"limit": 2, "cursor": first["next"]}).json
        or {}
    )
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert (desk.ask("analyst", "POST", "/channels/ops/retry").json or {})["alerts"] == 3
    gone = desk.ask("analyst", "POST", "/channels/ops/give-up", json={"reason": "a test"}).json or {}
    assert gone["alerts"] == 3
    assert states(state="failed", channel="ops") == ["failed"] * 3
    assert states(state="waiting") == []
