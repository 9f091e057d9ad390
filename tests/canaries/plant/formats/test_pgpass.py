"""``.pgpass``: before the line for every host, and with its colons escaped."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_it_stands_before_what_would_hide_it() -> None:
    after = text_after(".pgpass", "a:5432:b:c:d\n*:*:*:x:y\n", "pgpass").splitlines()
    assert after[0] == "a:5432:b:c:d"
    assert ".traps.example.net:5432:" in after[1]
    assert after[2] == "*:*:*:x:y"


def test_what_has_not_all_five_is_refused() -> None:
    with pytest.raises(PlantError, match="host, database, user and password"):
        text_after(".pgpass", "a:5432:b:c:d\n", "stripe-key")
