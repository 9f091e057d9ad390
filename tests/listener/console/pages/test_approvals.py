"""Approvals in the console: doing it asks for it, another approves, doing it again does it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from canaries.core.model import Canary
from canaries.installation.home import Home
from listener.incidents import queries
from tests.listener.console.test_permits import As

WHY = {"reason": "counsel <b>asked"}


@pytest.fixture
def asked(home: Home) -> Home:
    path = home.path / "trapline.toml"
    path.write_text(path.read_text() + '\n[console]\napprovals = ["raw", "reveal", "dossier", "accounts"]\n')
    home.__dict__.pop("settings", None)
    return home


def test_from_asking_to_doing(asked: Home, canary: Canary, visit: Callable[..., str]) -> None:
    ana, ben = As(asked, "ana", "analyst"), As(asked, "ben", "analyst")
    hit = visit(canary)
    incident = queries.one(asked, hit).incident
    for path in (
        *(f"/hits/{hit}/raw", f"/canaries/{canary.id}/reveal", f"/incidents/{incident}/dossier"),
        *(f"/canaries/{canary.id}/dossier", f"/minted/{canary.id}/bait", f"/minted/{canary.id}/test"),
    ):
        answer = ana.post(path, WHY)
        assert (answer.status_code, "Asked for" in answer.get_data(as_text=True)) == (403, True), path
        page = ben.get("/approvals").get_data(as_text=True)
        [act] = re.findall(r'action="(/approvals/\w+/approve)"', page)
        assert ana.post(act, WHY).status_code == 403
        assert ben.post(act, {"reason": ""}).status_code == 422
        assert ben.post(act, WHY).status_code == 303
        done = ana.post(path, WHY)
        assert done.status_code == 200, path
        done.close()
    assert "counsel &lt;b&gt;asked" in ben.get("/approvals").get_data(as_text=True)
    assert 'action="/approvals' not in ana.get("/approvals").get_data(as_text=True)


def test_accounts_wait_too_but_disabling_never(asked: Home) -> None:
    boss, other = As(asked, "boss", "admin"), As(asked, "other", "admin")
    form = {"name": "new", "role": "planter", **WHY}
    assert boss.post("/accounts", form).status_code == 403
    [act] = re.findall(r'action="(/approvals/\w+)/approve"', other.get("/approvals").get_data(as_text=True))
    assert other.post(f"{act}/refuse", WHY).status_code == 303
    assert boss.post("/accounts", form).status_code == 403, "refused, and asked for again"
    path = f"/accounts/{other.member.account.id}"
    for deed in ("role", "recover", "enable"):
        assert boss.post(f"{path}/{deed}", {"role": "planter", **WHY}).status_code == 403
    assert boss.post(f"{path}/disable", WHY).status_code == 303
