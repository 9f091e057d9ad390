"""The check of backups."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.installation.home import Home
from listener.backup.back_up import LAST
from listener.health.checks.backup import BackupCheck
from tests.listener.health.looking import failures


def made(home: Home, days: float) -> None:
    at = rfc3339(home.clock.now() - timedelta(days=days))
    with home.store.write() as connection:
        if not connection.execute(
            update(store.meta).where(store.meta.c.name == LAST).values(value=at)
        ).rowcount:
            connection.execute(insert(store.meta).values(name=LAST, value=at))


def test_none_is_a_note_and_one_is_told(home: Home, look: Any) -> None:
    assert [(state.level, state.says) for state in look(BackupCheck)] == [("note", "none was ever made")]
    made(home, 100)
    assert [state.level for state in look(BackupCheck)] == ["well"]


def test_one_that_is_too_old_or_missing_fails_where_an_age_is_set(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[backup]\nmax_age_days = 2\n")
    assert "none was ever made" in failures(look(BackupCheck))
    made(home, 3)
    assert "the last one was made" in failures(look(BackupCheck))
    made(home, 1)
    assert not failures(look(BackupCheck))
