"""What is new in a text: lines that were not there before, with what is around them; and what `unwrap` makes of it."""

from __future__ import annotations

import base64
import gzip
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders import USUAL, DecodingBudget, DecodingLimits, unwrap
from canaries.decoders._novelty import Novelty
from tests import steady
from tests.canaries.decoders.test_contract import TOKENS, WRAPPERS, wrapped
from tests.every import every

LINES = [b"def line_%d(): return %d" % (number, number) for number in range(100)]
TEXT = b"\n".join(LINES)


def test_a_line_that_changed_is_given_with_its_neighbours() -> None:
    novelty = Novelty(TEXT)
    assert novelty.new(TEXT) == b""
    changed = novelty.new(TEXT.replace(LINES[50], b"changed"))
    assert changed.splitlines() == [*LINES[47:50], b"changed", *LINES[51:54]]
    assert novelty.new(TEXT.replace(LINES[50], b"changed")) == b""


def test_lines_that_were_not_neighbours_are_new() -> None:
    assert LINES[0] + b"\n" + LINES[90] in Novelty(TEXT).new(LINES[0] + b"\n" + LINES[90])


def test_a_block_of_an_encoding_stays_whole() -> None:
    block = base64.encodebytes(gzip.compress(steady.draw("novelty")(3000)))
    before = TEXT + b"\n" + block + TEXT
    after = before.replace(block, block[:-20] + b"changed" + block[-20:])
    assert block[:-20] + b"changed" + block[-20:] in Novelty(before).new(after)


def test_what_is_no_text_is_given_as_it_is() -> None:
    packed = gzip.compress(TEXT)
    assert Novelty(packed).new(packed) == packed


@given(
    before=st.lists(st.sampled_from(LINES), max_size=30), after=st.lists(st.sampled_from(LINES), max_size=30)
)
def test_every_pair_of_lines_is_seen(before: list[bytes], after: list[bytes]) -> None:
    first, second = b"\n".join(before), b"\n".join(after)
    seen = first + b"\n\n" + Novelty(first).new(second)
    assert all(b"\n".join(pair) in seen for pair in itertools.pairwise(after))


def lost_anywhere(name: str, outers: Iterable[str]) -> list[str]:
    """In which of ``outers`` the token that is wrapped by ``name`` is not found among lines."""
    lost = []
    for outer in outers:
        data = wrapped(TOKENS[1], *filter(None, (name, outer)))
        if data is not None:
            layers = unwrap(data, DecodingBudget(USUAL, len(data)), anywhere=True)
            lost += [outer] * all(TOKENS[1] not in layer.data for layer in layers)
    return lost


@every("name", WRAPPERS)
def test_anywhere_finds_what_is_wrapped_among_lines(name: str) -> None:
    """Once, and in whatever else there is."""
    assert not lost_anywhere(name, ("", *list(WRAPPERS)[list(WRAPPERS).index(name) % 9 :: 9]))


@pytest.mark.soak
@every("name", WRAPPERS)
def test_anywhere_finds_every_pair(name: str) -> None:
    assert not lost_anywhere(name, WRAPPERS)


def test_a_source_of_many_escapes_is_looked_at_once() -> None:
    """Each line has what five decoders undo; every order of them is another text, and only its new lines go on."""
    lines = (
        b'x_%d = ["\\x41%%20&amp;=3D", "%s"]\n' % (number, b"a word or two " * 3) for number in range(40)
    )
    data = b"def x():\n    pass\n" * 200 + b"".join(lines)
    limits = DecodingLimits(produced=1 << 30, work=1 << 40)
    looked_at = {}
    for anywhere in (True, False):
        layers = unwrap(data, DecodingBudget(limits, len(data)), anywhere=anywhere)
        looked_at[anywhere] = sum(len(layer.data) for layer in layers if not layer.whole)
    assert looked_at[True] * 2 < looked_at[False]
