"""lz4: every frame is read, whatever stands behind it, and damage is told."""

from __future__ import annotations

import io
import sys
from functools import partial

import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import BROKEN, Member, Packed, Unreadable
from canaries.scan.containers.lz4_frame import Lz4Container

PACKERS = {"lz4": lz4.frame.compress}


def read(content: bytes) -> list[bytes]:
    members = Lz4Container().members(Packed(io.BytesIO(content)))
    return [b"".join(iter(partial(one.stream.read, 1000), b"")) for one in members if isinstance(one, Member)]


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=4), st.booleans())
def test_every_frame_is_read(texts: list[bytes], checked: bool) -> None:
    packed = b"".join(lz4.frame.compress(text, content_checksum=checked) for text in texts)
    assert read(packed) == [b"".join(texts)]


def test_what_stands_behind_the_end_is_read() -> None:
    assert read(lz4.frame.compress(b"within") + b"and behind" * 20) == [b"within", b"and behind" * 20]


def test_a_frame_that_is_cut_short_is_told() -> None:
    with pytest.raises(EOFError):
        read(lz4.frame.compress(b"within" * 100)[:-9])


@given(st.binary(max_size=200), st.integers(0, 60), st.integers(0, 255))
def test_damage_is_told_and_survived(text: bytes, at: int, byte: int) -> None:
    packed = bytearray(lz4.frame.compress(text, content_checksum=True))
    packed[4 + at % (len(packed) - 4)] = byte
    try:
        found = read(bytes(packed))
    except BROKEN:
        return
    assert found[0] in (text, b"")


def test_without_its_package_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lz4.frame", None)
    (result,) = Lz4Container().members(Packed(io.BytesIO(lz4.frame.compress(b"within"))))
    assert isinstance(result, Unreadable)
    assert "trapline[archives]" in result.reason
