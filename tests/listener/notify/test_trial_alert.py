"""A test alert is in the ledger however it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.notify import trial_alert
from listener.notify.channels import DeliveryError
from listener.notify.configured import channel
from tests.entry_lines import said


def kinds(home: Home) -> list[str]:
    from sqlalchemy import select

    from canaries.core import store

    with home.store.read() as connection:
        boxes = connection.execute(select(store.entry.c.id, store.entry.c.sealed)).all()
    return [said(home.reader.open(row.sealed, row.id))["entry"] for row in boxes]


def test_both_ways(home: Home, tmp_path: Path) -> None:
    list(mint(home, "url"))
    good = channel("log", {"type": "file", "path": f"{tmp_path}/a.ndjson"})
    assert trial_alert.send(home, "log", good)
    with pytest.raises(DeliveryError):
        trial_alert.send(home, "log", channel("log", {"type": "file", "path": "/proc/none/a"}))
    assert kinds(home)[-2:] == ["alerted", "alert-failed"]
