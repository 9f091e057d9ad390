"""Which neighbours a row may be made after, and who they are."""

from __future__ import annotations

import random

from canaries.plant.rows.donors import candidates, completed
from canaries.plant.rows.sample import Sample


def test_nobody_who_may_do_more_than_others_is_a_donor() -> None:
    rows = tuple({"id": number, "is_admin": number == 3} for number in range(8))
    drawn = candidates(Sample(rows), random.Random(1))
    assert sorted(row["id"] for row in drawn) == [0, 1, 2, 4, 5, 6, 7]


def test_names_are_completed() -> None:
    assert completed({"name": "Ann van Lee"})["last_name"] == "Lee"
    assert completed({"first_name": "Ann", "last_name": "Lee"})["name"] == "Ann Lee"
    assert completed({"name": "Ann"}) == {"first_name": "Ann"}
