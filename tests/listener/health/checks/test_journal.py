"""The check of the journal."""

from __future__ import annotations

import os
from typing import Any

import pytest
from sqlalchemy import insert

from canaries.core import store
from canaries.installation.home import Home
from listener.health.checks.journal import JournalCheck
from tests.listener.health.looking import failures

SEGMENT = "00000000000000001-0000000000000000.journal"


def test_well(look: Any) -> None:
    assert not failures(look(JournalCheck))


def test_what_nobody_takes_in(home: Home, look: Any) -> None:
    path = home.journal_folder / SEGMENT
    path.write_bytes(bytes(500))
    assert not failures(look(JournalCheck))  # only just written
    os.utime(path, (1, 1))
    assert "500 bytes have not been taken in" in failures(look(JournalCheck))
    with home.store.write() as connection:
        connection.execute(insert(store.drained).values(segment=SEGMENT, offset=500, done=False))
    assert not failures(look(JournalCheck))


def test_one_that_is_nearly_full(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[journal]\nsegment_mb = 1\nlimit_mb = 1\n")
    (home.journal_folder / SEGMENT).write_bytes(bytes(900_000))
    assert "at 1 MB the front refuses visitors" in failures(look(JournalCheck))


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("journal/a.damaged", "damaged pieces of the journal"),
        ("journal/a.torn", "torn ends"),
        ("refused/a.sighting", "sightings could not be taken in"),
    ],
)
def test_what_was_set_aside(home: Home, look: Any, place: str, word: str) -> None:
    (home.path / place).parent.mkdir(exist_ok=True)
    (home.path / place).write_bytes(b"x")
    assert word in failures(look(JournalCheck))
