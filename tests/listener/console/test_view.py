"""How things are shown."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.console import view

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-4), "just now"),
        (timedelta(seconds=59), "59 seconds ago"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(days=400), "400 days ago"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_a_time_has_a_hint_beside_it(delta: timedelta, words: str) -> None:
    assert view.ago(NOW - delta, NOW) == words


@settings(deadline=None)
@given(st.text())
def test_lines_keep_line_ends_and_nothing_else_that_is_not_seen(text: str) -> None:
    shown = str(view.lines(text))
    assert shown.count("\n") == text.count("\n")
    assert "<" not in shown
    hidden = {
        char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    }
    assert hidden <= {"\n"}


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_raw_bytes_are_always_printable(raw: bytes) -> None:
    str(view.lines(view.printable(raw))).encode()


def test_a_long_request_is_clipped_and_says_so() -> None:
    shown = view.printable(b"x" * 10_000)
    assert shown.startswith("x" * 8192)
    assert shown.endswith("1808 more bytes: see the dossier")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict) and value:
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list) and value:
        return [leaf for item in value for leaf in leaves(item)]
    return [value] if isinstance(value, str) and value else []


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_no_leaf_of_an_object_is_left_out(value: dict[str, Any]) -> None:
    rows = view.pairs(value)
    for leaf in leaves(value):
        assert any(leaf in text for _, text in rows)


def test_headers_are_rows_of_their_own() -> None:
    shown = view.pairs({"headers": [["Host", "x"], ["Accept", "*/*"]], "n": {"a": 1, "b": True, "c": None}})
    assert shown == [
        ("headers 1", "Host: x"),
        ("headers 2", "Accept: */*"),
        ("n: a", "1"),
        ("n: b", "yes"),
        ("n: c", "none"),
    ]


def test_intervals_are_told_in_words_beside_their_number() -> None:
    assert view.pairs({"since_planted_us": 93_784_000_001}) == [
        ("since planted", "1 d 2 h 3 min 4 s (93784000001 µs)")
    ]
    assert view.pairs({"since_minted_us": 1500}) == [("since minted", "1500 µs")]
