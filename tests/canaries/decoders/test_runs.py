"""Runs of characters."""

from __future__ import annotations

from canaries.decoders._runs import spaces_but


def test_all_but_what_is_kept_becomes_a_space() -> None:
    assert b"ab-c,d".translate(spaces_but(b"abcd")) == b"ab c d"
