"""Legal holds: placed, reviewed, released by who saw them; releasing may need a second person."""

from __future__ import annotations

import pytest

from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.operators import holds
from listener.api.application import create_api
from listener.api.rates import RateLimiter
from tests.listener.api.conftest import WITHOUT_LIMIT, Desk, Story

WHY = {"reason": "a claim"}


def test_a_hold_is_placed_reviewed_and_released(desk: Desk, story: Story) -> None:
    body = {"incident": story.incident, "owner": "counsel", "until": "2099-01-01", **WHY}
    made = desk.ask("analyst", "POST", "/holds", json=body)
    said = made.json or {}
    assert (made.status_code, said["owner"], said["by"]) == (201, "counsel", "analyst")
    assert desk.ask("analyst", "POST", "/holds", json=body).status_code == 422
    with desk.home.store.read() as connection, pytest.raises(TraplineError, match="under legal hold"):
        holds.refuse(connection, {"incident": story.incident})
    path, seen = f"/holds/{said['id']}", {"If-Match": made.headers["ETag"]}
    later = {"until": "2099-06-01", **WHY}
    assert desk.ask("analyst", "PATCH", path, json=later).status_code == 428
    reviewed = desk.ask("analyst", "PATCH", path, json=later, headers=seen)
    assert (reviewed.json or {})["review"] == "2099-06-01"
    assert desk.ask("admin", "POST", f"{path}/release", json=WHY, headers=seen).status_code == 412
    now = {"If-Match": reviewed.headers["ETag"]}
    assert desk.ask("admin", "POST", f"{path}/release", json=WHY, headers=now).status_code == 204
    assert (desk.ask("auditor", "GET", "/holds").json or {})["items"] == []


@pytest.mark.parametrize("what", [{}, {"incident": "ab" * 5, "canary": "ab" * 8}])
def test_it_is_of_one_thing(desk: Desk, what: dict[str, str]) -> None:
    body = {**what, "owner": "counsel", "until": "2099-01-01", **WHY}
    assert desk.ask("analyst", "POST", "/holds", json=body).status_code == 422


def test_releasing_waits_for_a_second_person_where_the_settings_say_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = Home.create(tmp_path_factory.mktemp("two") / "home", '[console]\napprovals = ["holds"]\n')
    desk = Desk(home, create_api(home, limiter=RateLimiter(WITHOUT_LIMIT, WITHOUT_LIMIT)))
    held = {"canary": desk.mint("admin")["id"], "owner": "counsel", "until": "2099-01-01", **WHY}
    made = desk.ask("analyst", "POST", "/holds", json=held)
    path, seen = f"/holds/{(made.json or {})['id']}/release", {"If-Match": made.headers["ETag"]}
    assert desk.ask("analyst", "POST", path, json=WHY, headers=seen).status_code == 403
    [asked] = (desk.ask("admin", "GET", "/approvals").json or {})["items"]
    assert desk.ask("admin", "POST", f"/approvals/{asked['id']}/approve", json=WHY).status_code < 300
    assert desk.ask("analyst", "POST", path, json=WHY, headers=seen).status_code == 204
    desk.app.extensions["trapline-api"].jobs.close()
    home.store.close()
