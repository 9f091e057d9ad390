"""Runs of characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders._runs import long_runs, marking, spaces_but


def test_all_but_what_is_kept_becomes_a_space() -> None:
    assert b"ab-c,d".translate(spaces_but(b"abcd")) == b"ab c d"


@given(st.text("ab -", max_size=60).map(str.encode), st.integers(1, 5))
def test_long_runs_are_those_of_a_split(data: bytes, shortest: int) -> None:
    runs = [run for run in data.translate(spaces_but(b"ab")).split() if len(run) >= shortest]
    assert list(long_runs(data, marking(b"ab"), shortest)) == runs
