"""The check of the sealed log."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from canaries.core import store
from canaries.core.clock import FixedClock, rfc3339
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.mint.minting import mint
from listener.health.checks import ledger
from listener.health.checks.ledger import LedgerCheck
from tests.listener.health.looking import failures


def sealed(home: Home) -> None:
    list(mint(home, "url"))
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()


def test_well(home: Home, look: Any) -> None:
    assert not failures(look(LedgerCheck))
    sealed(home)
    assert not failures(look(LedgerCheck))


def test_o3_a_database_that_was_put_back(home: Home, look: Any) -> None:
    sealed(home)
    with home.store.write() as connection:
        connection.execute(delete(store.leaf))
    assert "holds 0 sealed entries, but 1 were sealed before" in failures(look(LedgerCheck))


def test_an_outside_copy_that_is_gone_or_changed(home: Home, look: Any) -> None:
    sealed(home)
    latest = home.path / "checkpoints" / "latest"
    latest.write_text("something else")
    with pytest.raises(LedgerError, match="was changed"):
        look(LedgerCheck)
    shutil.rmtree(home.path / "checkpoints")
    (home.path / "checkpoints").mkdir()
    assert "the copy outside the database ends at 0" in failures(look(LedgerCheck))


def test_entries_that_nobody_seals(home: Home, look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store.write() as connection:
        old = rfc3339(home.clock.now() - timedelta(hours=1))
        home.writer.record(connection, "heartbeat", old, "test", {"sequence": 1})
    assert "for their place in the log: 1" in failures(look(LedgerCheck))
    monkeypatch.setattr(ledger, "_COUNTED", 1)
    assert "for their place in the log: 1 or more" in failures(look(LedgerCheck))
    home.clock = FixedClock(home.clock.now() - timedelta(hours=2))
    assert not failures(look(LedgerCheck))
