"""Basic in office documents is unpacked, and what is damaged says so."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Unreadable
from canaries.scan.containers._macros import modules
from canaries.scan.dumps import DumpReading, Piece

TEXT = b'Attribute VB_Name = "Module1"\r\n' + b"".join(
    b'Const a%d = "needle-Zk39aXQ7vT2mLw8RtYb%d"\r\n' % (n, n) for n in range(300)
)


def packed(text: bytes) -> bytes:
    """As [MS-OVBA] has it, with copies of eight bytes at most."""
    return b"\x01" + b"".join(_chunk(text[start : start + 4096]) for start in range(0, len(text), 4096))


def _chunk(part: bytes) -> bytes:
    out, at = b"", 0
    while at < len(part):
        flags, tokens = 0, b""
        for bit in range(8):
            if at >= len(part):
                break
            place, length = -1, 0
            for size in range(3, min(8, len(part) - at) + 1):
                found = part.rfind(part[at : at + size], 0, at)
                if found < 0:
                    break
                place, length = found, size
            if length:
                wide = 16 - max(4, (at - 1).bit_length())
                tokens += ((at - place - 1) << wide | length - 3).to_bytes(2, "little")
                flags |= 1 << bit
                at += length
            else:
                tokens += part[at : at + 1]
                at += 1
        out += bytes([flags]) + tokens
    return (0xB000 | len(out) - 1).to_bytes(2, "little") + out


def test_every_chunk_of_a_module_is_unpacked() -> None:
    assert list(modules(bytes(9) + packed(TEXT) + bytes(40))) == [(TEXT, True)]


def test_the_first_copies_have_the_longest_lengths() -> None:
    text = b"Attribut" + b"tu" * 20
    assert list(modules(packed(text))) == [(text, True)]


def test_it_is_read_in_a_document() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + packed(TEXT) + bytes(200)
    results = list(DumpReading(1 << 20).file("a.doc", io.BytesIO(content)))
    assert any(isinstance(one, Piece) and TEXT in one.content for one in results)
    assert not [one for one in results if isinstance(one, Unreadable)]


def test_a_damaged_module_is_named_in_a_document() -> None:
    good = packed(TEXT)
    damaged = good[:40] + b"\xff" * 30 + good[70:]
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + damaged + bytes(200)
    results = list(DumpReading(1 << 20).file("a.doc", io.BytesIO(content)))
    assert [one.reason for one in results if isinstance(one, Unreadable)] == ["a macro in it is damaged"]


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(tail: bytes) -> None:
    for text, _ in modules(b"\x01\x20\xb1\0Attribut" + tail):
        assert len(text) <= 4096 * 300
