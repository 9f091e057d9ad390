"""Telling text from noise."""

from __future__ import annotations

from canaries.decoders._printable import is_text, worth


def test_text_and_noise() -> None:
    assert is_text(b"a line\r\n\tof text")
    assert not is_text(b"a\0b")
    assert worth(b"\0\1 twelve or more \xff")
    assert not worth(b"\0\1short\xff")
