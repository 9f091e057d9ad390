"""Who is on duty, read by whoever may read alerts."""

from __future__ import annotations

from pathlib import Path

from canaries.installation.home import Home
from listener.api.application import create_api
from listener.api.rates import RateLimiter
from tests.listener.api.conftest import WITHOUT_LIMIT, Desk


def test_the_table_is_shown_with_who_is_here_now(tmp_path: Path) -> None:
    toml = '[duty.ann]\nhours = ["mon-sun"]\n[duty.bo]\nhours = []\n'
    with Home.create(tmp_path / "home", toml) as home:
        desk = Desk(home, create_api(home, limiter=RateLimiter(WITHOUT_LIMIT, WITHOUT_LIMIT)))
        said = desk.ask("auditor", "GET", "/duty").json or {}
        assert [(one["name"], one["on_duty"]) for one in said["items"]] == [("ann", True), ("bo", False)]
        assert desk.ask("planter", "GET", "/duty").status_code == 403
        desk.app.extensions["trapline-api"].jobs.close()
