"""Anchors: whatever contains a string contains its anchor, at the right place; nothing else comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan import anchors
from canaries.scan.anchors import AnchorTable, anchor, choose, choose_telling, windows

TEXTS = st.binary(min_size=8, max_size=40)


@given(st.lists(TEXTS, min_size=1, max_size=20), st.binary(max_size=300), st.integers(0, 300))
def test_places_are_all_those_where_an_anchor_begins(texts: list[bytes], noise: bytes, at: int) -> None:
    content = noise[:at] + texts[0] + noise[at:]
    chosen = sorted(anchor(text[choose(text) :][:8]) for text in texts)
    found = AnchorTable(np.array(chosen, np.uint32)).places(content)
    expected = [place for place in range(len(content) - 7) if anchor(content[place : place + 8]) in chosen]
    assert [place for place, _, _ in found] == expected
    assert all(
        chosen[low:high] == [anchor(content[place : place + 8])] * (high - low) for place, low, high in found
    )


def test_blocks_and_their_edges_are_all_looked_at() -> None:
    size = anchors._BLOCK * 8
    table = AnchorTable(np.array([anchor(b"needle42")], np.uint32))
    for place in (0, 1, 7, 8, size - 9, size - 8, size - 1, size, size + 5, 2 * size + 100):
        content = bytearray(b"." * (2 * size + 200))
        content[place : place + 8] = b"needle42"
        assert [found for found, _, _ in table.places(bytes(content))] == [place]


def test_bytes_in_which_every_place_begins_an_anchor_are_told_place_by_place() -> None:
    """More get through the first table than wait for the second at a time."""
    content = b"a" * (anchors._BLOCK * 9)
    found = AnchorTable(np.array([anchor(b"a" * 8)], np.uint32)).places(content)
    assert found.tolist() == [[place, 0, 1] for place in range(len(content) - 7)]


@pytest.mark.parametrize(
    ("text", "window"),
    [
        (b"anna,schneider", b"nna,schn"),
        (b"lindenstrasse 12", b"rasse 12"),
        (b"1980-01-02", b"80-01-02"),
        (b"anna.schneider4711", b"ider4711"),
    ],
)
def test_what_tells_people_apart_is_chosen(text: bytes, window: bytes) -> None:
    start = choose_telling(text)
    assert text[start : start + 8] == window
    assert choose_telling(text, {text[start : start + 8]}) != start


def test_case_makes_no_difference() -> None:
    table = AnchorTable(np.array([anchor(b"needle42")], np.uint32))
    assert len(table.places(b"a NEEDLE42 and a Needle42")) == 2


@given(TEXTS, st.sets(st.binary(min_size=8, max_size=8)))
def test_the_anchor_is_a_window_of_the_text_and_none_of_the_common_ones_where_there_is_another(
    text: bytes, common: set[bytes]
) -> None:
    options = windows(text)
    start = choose(text, common)
    assert 0 <= start <= len(text) - 8
    if len(options) <= 12 and not set(options) <= common:
        assert options[start] not in common


def test_what_is_too_short_for_a_window_holds_nothing() -> None:
    table = AnchorTable(np.array([anchor(b"needle42")], np.uint32))
    assert not any(len(table.places(b"needle42"[:size])) for size in range(8))


def test_what_many_share_is_no_anchor_though_it_is_more_varied() -> None:
    """The domain of a thousand links would else be looked up at each of them."""
    text = b"aaaabbbb-shared1.example"
    assert choose(text) != 0
    assert choose(text, set(windows(text)[1:])) == 0


@pytest.mark.parametrize("others", [0, 40_000, 600_000])
def test_each_table_lets_its_anchors_through_whatever_their_number(others: int) -> None:
    """A table of bytes, a table of bits, and two of them: every size finds the same, and nothing else."""
    luck = np.random.default_rng(5)
    content = luck.integers(0, 256, 200_000, np.uint8).tobytes()
    wanted = range(3, len(content) - anchors.WINDOW, 61)
    numbers = np.array([anchors.anchor(content[at : at + anchors.WINDOW]) for at in wanted], np.uint32)
    held = np.sort(np.concatenate([numbers, luck.integers(0, 1 << 32, others, np.uint32)]))
    found = {place: (first, behind) for place, first, behind in anchors.AnchorTable(held).places(content)}
    assert set(wanted) <= set(found)
    for place, (first, behind) in found.items():
        number = anchors.anchor(content[place : place + anchors.WINDOW])
        assert (held[first:behind] == number).all()
        assert held[first] == number
    assert len(found) < len(wanted) + 200_000 * (others + len(wanted)) / 2**32 + 200
