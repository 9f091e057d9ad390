"""Every competing explanation is listed; people rate them under their names."""

from __future__ import annotations

from listener.incidents.hypotheses import KEYS
from tests.listener.api.conftest import Desk, Story


def test_all_are_weighed_and_the_last_rating_counts(desk: Desk, story: Story) -> None:
    path = f"/incidents/{story.incident}"
    for likelihood in ("unlikely", "very-likely"):
        body = {"hypothesis": "own", "likelihood": likelihood, "because": "the ticket"}
        assert desk.ask("analyst", "POST", f"{path}/ratings", json=body).status_code == 201
    unknown = {"hypothesis": "aliens", "likelihood": "likely"}
    assert desk.ask("analyst", "POST", f"{path}/ratings", json=unknown).status_code == 422
    items = (desk.ask("auditor", "GET", f"{path}/explanations").json or {})["items"]
    assert [one["hypothesis"] for one in items] == list(KEYS)
    assert any(one["for"] for one in items)
    rated = {one["hypothesis"]: one["rated"] for one in items if one["rated"]}
    assert set(rated) == {"own"}
    assert (rated["own"]["by"], rated["own"]["likelihood"]) == ("analyst", "very-likely")
    ratings = (desk.ask("auditor", "GET", path).json or {})["ratings"]
    assert [one["likelihood"] for one in ratings] == ["unlikely", "very-likely"]
