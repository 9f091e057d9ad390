"""The check of time stamps."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.installation.home import Home
from listener.health.checks.stamps import StampsCheck
from tests.listener.health.looking import failures
from tests.time_authority import TimeAuthority, with_authorities


def said(home: Home, **state: object) -> None:
    value = json.dumps(state)
    with home.store.write() as connection:
        store.upsert(connection, store.meta, {"name": "tsa:local", "value": value}, {"value": value})


def stamp(home: Home, number: int, days: float) -> None:
    now = home.clock.now()
    row = {"sha256": str(number) * 64, "authority": "local", "size": number, "at": rfc3339(now)}
    ends = rfc3339(now + timedelta(days=days))
    with home.store.write() as connection:
        connection.execute(
            insert(store.stamp).values(**row, ends=ends, judge="openssl", entry_id="", reply=b"")
        )


def test_what_is_set_up_is_told_and_what_fails_for_hours_fails(home: Home, look: Any, tmp_path: Path) -> None:
    assert "no authority is set up" in look(StampsCheck)[0].says
    authority = TimeAuthority(tmp_path / "tsa")
    authority.url = "https://stamps.example/"
    with_authorities(home, authority.toml())
    assert [(state.part, state.says) for state in look(StampsCheck)] == [("stamps local", "not asked yet")]
    stamp(home, 1, 300)
    assert [state.level for state in look(StampsCheck)] == ["well"]
    now = home.clock.now()
    said(home, problem="HTTP 500", since=rfc3339(now - timedelta(hours=1)))
    assert [state.level for state in look(StampsCheck)] == ["note"]
    said(home, problem="HTTP 500", since=rfc3339(now - timedelta(hours=4)))
    assert "HTTP 500" in failures(look(StampsCheck))
    said(home)
    stamp(home, 2, 6)
    assert "certificate of its last stamp ends" in failures(look(StampsCheck))
