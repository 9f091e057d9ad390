"""What was not recognised is kept sealed and bounded."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from canaries.core import clock
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.ingest.unrecognised import FOLDER, UnrecognisedStore


def seen(number: int, size: int = 100, source: str = "198.51.100.7") -> Sighting:
    raw = (b"GET /nothing-%d " % number).ljust(size, b"x")
    return Sighting(
        id=hashlib.sha256(raw).hexdigest()[:32], trap="http", observed_at=1, peer=(source, 5), local=("127.0.0.1", 80),
        transport="tcp", raw=raw, size=len(raw), front="f", number=number, connection=1, clock={},
    )  # fmt: skip


def store(home: Home, **changes: Any) -> UnrecognisedStore:
    unrecognised = replace(home.settings.unrecognised, **changes)
    home.settings = replace(home.settings, unrecognised=unrecognised)
    return UnrecognisedStore(home)


def files(home: Home) -> list[Path]:
    return sorted((home.path / FOLDER).glob("*.kept"))


def test_it_is_read_back_in_order_and_nothing_of_it_is_in_clear(home: Home) -> None:
    kept = store(home)
    kept.keep([(seen(1), [{b"a" * 16}]), (seen(2), [frozenset({b"c" * 16}), {b"b" * 16}])])
    kept.keep([(seen(3), [])])
    found = [one for some in kept.read() for one in some]
    assert [one.sighting for one in found] == [seen(1), seen(2), seen(3)]
    assert [one.tags for one in found] == [b"a" * 8, b"c" * 8 + b"b" * 8, b""]
    (path,) = files(home)
    assert b"nothing" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_off_with_a_word(home: Home) -> None:
    store(home, keep=False).keep([(seen(1), [])])
    assert files(home) == []


def test_one_network_gets_its_share_and_another_its_own(home: Home) -> None:
    kept = store(home)
    kept.keep([(seen(number, 100_000), []) for number in range(50)])
    kept.keep([(seen(99, source="203.0.113.9"), [])])
    found = [one.sighting for some in kept.read() for one in some]
    assert 5 < len(found) < 15
    assert kept.passed_over == 51 - len(found)
    assert found[-1].peer[0] == "203.0.113.9"


def test_what_is_too_old_goes_then_the_oldest_of_what_is_too_much(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.micros()
    for hours in (200, 100, 50, 0):
        monkeypatch.setattr(clock, "micros", lambda hours=hours: now - hours * 3_600_000_000)
        kept = store(home, limit_mb=2)
        kept.keep([(seen(hours, 900_000), [])])
    kept.trim()
    assert [one.sighting.number for some in kept.read() for one in some] == [50, 0]


def test_a_torn_end_and_a_changed_frame_are_passed_over(home: Home) -> None:
    kept = store(home)
    for number in range(3):
        kept.keep([(seen(number), [])])
    (path,) = files(home)
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content[:-5])
    assert [one.sighting.number for some in kept.read() for one in some] == [1]
