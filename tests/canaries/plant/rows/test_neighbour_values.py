"""Values in the manner of the neighbours."""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from typing import Any

import pytest

from canaries.plant.rows.neighbour_values import Moving, arrival, identifier, moment, scheme

CHANCE = random.Random(5)
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("donor", "pattern"),
    [
        ("2026-11-20 11:30:00", r"2026-11-22 11:[345]\d:\d\d"),
        ("2026-11-20T11:30:00.123456", r"2026-11-22T11:[345]\d:\d\d\.\d{6}"),
        ("2026-11-20T11:30:00Z", r"2026-11-22T11:[345]\d:\d\dZ"),
        ("2026-11-20 11:30:00.5+00:00", r"2026-11-22 11:[345]\d:\d\d\.\d{6}\+00:00"),
        ("2026-11-20", r"2026-11-22"),
        (1_795_347_000, r"17953[45]\d{4}"),
        (1_795_347_000_000, r"17953[45]\d{7}"),
        (dt.date(2026, 11, 1), "2026-11-22"),
        (dt.datetime(2026, 11, 1, 8, 0, tzinfo=dt.UTC).replace(tzinfo=None), r"2026-11-22 11:[345]\d:\d\d"),
        (dt.datetime(2026, 11, 1, 8, 0, tzinfo=dt.UTC), r"2026-11-22 11:[345]\d:\d\d\+00:00"),
    ],
)
def test_a_time_is_moved_in_its_own_notation(donor: Any, pattern: str) -> None:
    start = arrival("2026-11-22 11:30:00", NOW, random.Random(1))
    found = moment(donor)
    assert start is not None
    assert found is not None
    value = Moving(found[0], {}, start, NOW)(donor, random.Random(1))
    assert re.fullmatch(pattern, str(value)), value
    assert type(value) is type(donor)


@pytest.mark.parametrize("newest", ["2026-11-22 11:59:00", "2020-01-01", NOW + dt.timedelta(days=1)])
def test_a_newcomer_came_in_the_last_hour_and_never_lies_ahead(newest: Any) -> None:
    start = arrival(newest, NOW, random.Random(1))
    assert start is not None
    assert NOW - dt.timedelta(hours=1) <= start <= NOW


@pytest.mark.parametrize("newest", [None, "yesterday", True, b"x", 17])
def test_what_is_not_understood_is_not_invented(newest: Any) -> None:
    assert arrival(newest, NOW, random.Random(1)) is None
    assert moment(newest) is None


def test_times_keep_their_order_and_none_is_ahead() -> None:
    """Measured before: 30 of 48 planted rows were updated before they were created."""
    base = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)
    donor = {
        "created": base,
        "confirmed": base + dt.timedelta(minutes=3),
        "seen": base + dt.timedelta(days=30),
    }
    moving = Moving(base, donor, NOW - dt.timedelta(minutes=20), NOW)
    moved = [moving(value, random.Random(1)) for value in donor.values()]
    assert moved == sorted(moved)
    assert moved[0] == NOW - dt.timedelta(minutes=20)
    assert moved[-1] <= NOW
    assert moving(base, random.Random(1)) == moved[0], "what was equal stays so"


def test_what_ends_one_day_ends_as_long_after() -> None:
    base = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    moving = Moving(base, {}, NOW, NOW)
    assert moving(base + dt.timedelta(days=365), random.Random(1)) == NOW + dt.timedelta(days=365)


def test_nobodys_birthday_is_copied() -> None:
    base = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    born = "1971-03-04 00:00:00"
    assert Moving(base, {}, NOW, NOW)(born, random.Random(1)) != born


def test_identifiers_keep_their_spelling() -> None:
    known = uuid.UUID("6f9619ff-8b86-4011-b42d-00c04fc964ff")
    assert isinstance(identifier(known, CHANCE), uuid.UUID)
    assert len(identifier(str(known), CHANCE)) == 36
    assert len(identifier(known.hex, CHANCE)) == 32
    assert identifier(str(known), CHANCE) != str(known)
    assert identifier(17, CHANCE) is None
    assert identifier("user-17", CHANCE) is None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("$2b$12$x", "2b"),
        ("pbkdf2_sha256$720000$s$h", "pbkdf2_sha256"),
        ("scrypt:32768:8:1$s$h", "scrypt"),
        ("hunter2", ""),
        (None, ""),
    ],
)
def test_schemes(value: Any, name: str) -> None:
    assert scheme(value) == name


def test_a_key_of_bytes_is_drawn_in_the_neighbours_form() -> None:
    chance = random.Random(1)
    for old in (uuid.UUID(int=2**127 + 5, version=4), uuid.UUID("01935f2c-8d3e-7a10-9c55-0f2ab1c0ffee")):
        fresh = identifier(old.bytes, chance)
        assert fresh != old.bytes
        made = uuid.UUID(bytes=fresh)
        assert (made.version, made.variant) == (old.version, old.variant)
        assert (fresh[:4] == old.bytes[:4]) == (old.version == 7)
    assert len(identifier(b"\xff" * 20, chance)) == 20


def test_bytes_that_are_a_text_or_a_picture_are_not_drawn() -> None:
    assert identifier(b"some text here", random.Random(1)) is None
    assert identifier(b"\xff" * 65, random.Random(1)) is None
