"""Values in the manner of the neighbours."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

import pytest

from canaries.plant.rows.neighbour_values import arrival, identifier

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("newest", "pattern"),
    [
        ("2026-11-22 11:30:00", r"2026-11-22 11:[345]\d:\d\d"),
        ("2026-11-22T11:30:00.123456", r"2026-11-22T11:[345]\d:\d\d\.\d{6}"),
        ("2026-11-22T11:30:00Z", r"2026-11-22T11:[345]\d:\d\dZ"),
        ("2026-11-22 11:30:00.5+00:00", r"2026-11-22 11:[345]\d:\d\d\.\d{6}\+00:00"),
        ("2026-11-20", r"2026-11-22"),
        (1_795_347_000, r"17953[45]\d{4}"),
        (1_795_347_000_000, r"17953[45]\d{7}"),
    ],
)
def test_the_notation_is_the_neighbours(newest: Any, pattern: str) -> None:
    import re

    value = arrival(newest, NOW, random.Random(1))
    assert re.fullmatch(pattern, str(value)), value
    assert value >= newest


@pytest.mark.parametrize(
    "newest",
    [NOW.replace(tzinfo=None), dt.datetime(2020, 1, 1, tzinfo=dt.UTC), NOW + dt.timedelta(days=1)],
)
def test_datetimes_keep_their_zone_and_never_lie_ahead(newest: dt.datetime) -> None:
    value = arrival(newest, NOW, random.Random(1))
    assert (value.tzinfo is None) == (newest.tzinfo is None)
    assert value.replace(tzinfo=dt.UTC) <= NOW


def test_dates() -> None:
    assert arrival(dt.date(2026, 11, 1), NOW, random.Random(1)) == dt.date(2026, 11, 22)


@pytest.mark.parametrize("newest", [None, "yesterday", True, b"x"])
def test_what_is_not_understood_is_not_invented(newest: Any) -> None:
    assert arrival(newest, NOW, random.Random(1)) is None


def test_identifiers_keep_their_spelling() -> None:
    known = uuid.uuid4()
    assert isinstance(identifier(known), uuid.UUID)
    assert len(identifier(str(known))) == 36
    assert len(identifier(known.hex)) == 32
    assert identifier(str(known)) != str(known)
    assert identifier(17) is None
    assert identifier("user-17") is None
