"""What others may have too counts only where enough of it stands together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest

from canaries.scan.company import Company

WEAK = ("name", "city", "birth_date", "phone", "user_name", "street", "mailbox")
ENOUGH = [
    ("name", "phone"), ("name", "user_name"), ("name", "street"), ("name", "mailbox"), ("name", "city", "birth_date"),
    ("phone", "user_name"), ("street", "city"), ("phone", "birth_date"),
]  # fmt: skip
TOO_LITTLE = [
    ("name",),
    ("phone",),
    ("city",),
    ("name", "city"),
    ("name", "birth_date"),
    ("city", "birth_date"),
]


def together(facets: Iterable[str], apart: int = 20) -> bool:
    seen = [(at * apart, "canary", facet, True) for at, facet in enumerate(sorted(facets))]
    company = Company(seen)
    return all(company.enough(place, canary, facet) for place, canary, facet, _ in seen)


@pytest.mark.parametrize("facets", ENOUGH, ids=" ".join)
def test_enough(facets: tuple[str, ...]) -> None:
    assert together(facets)
    assert not any(together((facet,)) for facet in facets)


@pytest.mark.parametrize("facets", TOO_LITTLE, ids=" ".join)
def test_too_little(facets: tuple[str, ...]) -> None:
    assert not together(facets)
    seen = [(0, "canary", facet, True) for facet in facets] + [(1, "another", "phone", True)]
    company = Company(seen)
    assert not any(company.enough(0, "canary", facet) for facet in facets)


def test_more_is_never_less() -> None:
    for size in range(1, len(WEAK)):
        for some in combinations(WEAK, size):
            if together(set(some), apart=1):
                assert all(together({*some, more}, apart=1) for more in WEAK)


def test_a_city_counts_in_its_row_and_a_telephone_number_further() -> None:
    assert not together(("name", "city", "birth_date"), apart=300)
    assert together(("name", "phone"), apart=2000)
    assert not together(("name", "phone"), apart=3000)


def test_beside_what_nobody_else_has_anything_counts() -> None:
    company = Company(
        [(0, "canary", "email", False), (100, "canary", "city", True), (9000, "canary", "city", True)]
    )
    assert company.enough(100, "canary", "city")
    assert not company.enough(9000, "canary", "city")


def test_many_places_of_one_facet_count_once() -> None:
    company = Company([(at, "canary", "city", True) for at in range(0, 100_000, 10)])
    assert not any(company.enough(at, "canary", "city") for at in range(0, 100_000, 10))
