"""The chain of a front's frames: numbered, bound to the one before, signed."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from listener.journal.chain import FrameChain, FrameLink, public_half
from tests import steady

KEY = steady.key("a front")


def test_links_follow_each_other_and_hold() -> None:
    chain, head = FrameChain("f" * 16, KEY), bytes(32)
    for number, content in enumerate((b"one", b"two", b"three"), 1):
        link = chain.link(content)
        assert (link.front, link.number, link.previous) == ("f" * 16, number, head)
        assert link.holds(content, public_half(KEY))
        chain.written(link)
        head = link.digest(content)


def test_a_frame_that_was_not_written_leaves_its_number() -> None:
    chain = FrameChain("f" * 16, KEY)
    assert chain.link(b"lost").number == chain.link(b"kept").number == 1


@given(st.binary(max_size=40), st.integers(1, 1 << 40), st.binary(min_size=32, max_size=32))
def test_nothing_else_holds(content: bytes, number: int, previous: bytes) -> None:
    chain = FrameChain("f" * 16, KEY)
    link = chain.link(b"what was signed")
    other = msgspec.structs.replace(link, number=number, previous=previous)
    changed = content != b"what was signed" or (number, previous) != (1, bytes(32))
    assert other.holds(content, public_half(KEY)) is not changed
    assert not link.holds(b"what was signed", public_half(steady.key("another")))
    assert not link.holds(b"what was signed", content)


def test_the_frame_before_is_part_of_what_is_signed() -> None:
    link = FrameChain("f" * 16, KEY).link(b"content")
    assert not msgspec.structs.replace(link, previous=b"\1" * 32).holds(b"content", public_half(KEY))


def test_a_front_without_a_name_makes_one() -> None:
    one, other = FrameChain(), FrameChain()
    assert one.front != other.front
    assert len(one.front) == 16


@given(st.binary(max_size=200))
def test_a_link_that_is_rubbish_is_none(data: bytes) -> None:
    try:
        found = msgspec.msgpack.decode(data, type=FrameLink)
    except (msgspec.DecodeError, ValueError):
        return
    assert not found.holds(b"", public_half(KEY))
