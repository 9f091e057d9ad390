"""Times of a row more: between the others', in their order, in their notation."""

from __future__ import annotations

import random
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from canaries.plant.formats._moments import drawn

FIREFOX = ["url", "timeCreated", "timeLastUsed", "timePasswordChanged"]
ROWS = [
    ["a", "1600000123456", "1700000123456", "1600000123456"],
    ["b", "1610000456789", "1710000456789", "1610000456789"],
]


def test_it_is_nobodys_time_and_between_the_others() -> None:
    for seed in range(50):
        made = drawn(FIREFOX, ROWS, random.Random(seed))
        assert set(made) == {1, 2, 3}
        assert not set(made.values()) & {value for row in ROWS for value in row}
        assert 1600000123456 < int(made[1]) < 1610000456789
        assert int(made[1]) < int(made[2]) <= 1710000456789


def test_what_is_the_same_in_every_row_is_the_same_in_this_one() -> None:
    made = drawn(FIREFOX, ROWS, random.Random(1))
    assert made[1] == made[3]


def test_the_same_chance_gives_the_same_times_and_another_gives_others() -> None:
    many = [tuple(drawn(FIREFOX, ROWS, random.Random(seed)).items()) for seed in (1, 1, 2)]
    assert many[0] == many[1] != many[2]


def test_each_is_written_and_rounded_as_its_column_is() -> None:
    heading = ["Last Modified", "Created", "expires", "Used", "Note changed"]
    rows = [["2024-03-02 10:01", "2024-01-02", "2030-01-01", "2024-01-02T10:00:07.5+01:00", "x"]] * 2
    made = drawn(heading, rows, random.Random(3))
    assert set(made) == {0, 1, 3}
    assert datetime.strptime(made[0], "%Y-%m-%d %H:%M").isoformat(" ", "minutes") == made[0]  # noqa: DTZ007 - no zone
    assert datetime.fromisoformat(made[1]).strftime("%Y-%m-%d") == made[1]
    assert made[3].endswith("+01:00")
    assert made[1] < "2024-01-03"


def test_columns_with_gaps_or_of_two_notations_are_left_alone() -> None:
    rows = [["", "1600000000"], ["1600000000", "2024-01-01"]]
    assert drawn(["created", "changed"], rows, random.Random(1)) == {}


@given(st.lists(st.text(alphabet="0123456789-:TZ+. ", max_size=26), min_size=1, max_size=4), st.integers())
def test_any_text_is_a_time_or_none(column: list[str], seed: int) -> None:
    made = drawn(["created"], [[one] for one in column], random.Random(seed))
    assert set(made) <= {0}
