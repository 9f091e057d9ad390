"""What others may have too counts only where enough of it stands together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.company import Company, accompanied
from canaries.scan.dumps import OVERLAP

WEAK = ("name", "city", "birth_date", "phone", "user_name", "street", "mailbox")
ENOUGH = [
    ("name", "phone"), ("name", "user_name"), ("name", "street"), ("name", "mailbox"), ("name", "city", "birth_date"),
    ("phone", "user_name"), ("street", "birth_date"), ("phone", "birth_date"), ("phone", "city"),
]  # fmt: skip
TOO_LITTLE = [
    ("name",),
    ("phone",),
    ("city",),
    ("name", "city"),
    ("name", "birth_date"),
    ("city", "birth_date"),
    ("street", "city"),
]


def together(facets: Iterable[str], apart: int = 20) -> bool:
    seen = [(at * apart, "canary", facet, True) for at, facet in enumerate(sorted(facets))]
    company = Company(seen)
    return all(company.beside(place, canary, facet) for place, canary, facet, _ in seen)


@pytest.mark.parametrize("facets", ENOUGH, ids=" ".join)
def test_enough(facets: tuple[str, ...]) -> None:
    assert together(facets)
    assert not any(together((facet,)) for facet in facets)


@pytest.mark.parametrize("facets", TOO_LITTLE, ids=" ".join)
def test_too_little(facets: tuple[str, ...]) -> None:
    assert not together(facets)
    seen = [(0, "canary", facet, True) for facet in facets] + [(1, "another", "phone", True)]
    company = Company(seen)
    assert not any(company.beside(0, "canary", facet) for facet in facets)


def test_more_is_never_less() -> None:
    for size in range(1, len(WEAK)):
        for some in combinations(WEAK, size):
            if together(set(some), apart=1):
                assert all(together({*some, more}, apart=1) for more in WEAK)


def test_a_city_counts_in_its_row_and_a_telephone_number_further() -> None:
    assert not together(("name", "city", "birth_date"), apart=300)
    assert not together(("name", "street"), apart=300)
    assert together(("name", "phone"), apart=2000)
    assert not together(("name", "phone"), apart=3000)


def test_beside_what_nobody_else_has_anything_counts() -> None:
    company = Company(
        [(0, "canary", "email", False), (100, "canary", "city", True), (9000, "canary", "city", True)]
    )
    assert company.beside(100, "canary", "city") == frozenset()
    assert company.beside(9000, "canary", "city") is None


def test_many_places_of_one_facet_count_once() -> None:
    company = Company([(at, "canary", "city", True) for at in range(0, 100_000, 10)])
    assert not any(company.beside(at, "canary", "city") for at in range(0, 100_000, 10))


SEEN = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 8).map(lambda step: step * 700)),
    max_size=25,
)


@given(SEEN)
def test_what_is_accompanied_has_another_facet_of_its_canary_near(seen: list[tuple[int, int, int]]) -> None:
    owners, facets, places = (np.array([one[at] for one in seen], np.int64) for at in range(3))
    expected = [
        any(one[0] == owner and one[1] != facet and abs(one[2] - place) <= OVERLAP for one in seen)
        for owner, facet, place in seen
    ]
    assert accompanied(owners, facets, places).tolist() == expected
