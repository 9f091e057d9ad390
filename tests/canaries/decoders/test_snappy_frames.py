"""Snappy, by an encoder of its own that copies."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "snappy": lambda data: b"\0\1" + framed(data),
    "snappy of Java": lambda data: (
        b"\x82SNAPPY\0\0\0\0\1\0\0\0\1" + len(block(data)).to_bytes(4, "big") + block(data)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def block(data: bytes) -> bytes:
    """format_description.txt: a length, literals of up to 60 bytes, copies of eight."""
    size, head = len(data), bytearray()
    while True:
        head.append(size & 127 | (128 if size > 127 else 0))
        size >>= 7
        if not size:
            break
    at, literal = 0, b""
    while at <= len(data):
        back = (
            at - data.rfind(data[at : at + 8], 0, at)
            if at + 8 <= len(data) and data[at : at + 8] in data[:at]
            else 0
        )
        if literal and (back or at == len(data) or len(literal) == 60):
            head += bytes([len(literal) - 1 << 2]) + literal
            literal = b""
        if back:
            head += bytes([7 << 2 | 2]) + back.to_bytes(2, "little") if back < 1 << 16 else b""
            at += 8
            continue
        literal += data[at : at + 1]
        at += 1
    return bytes(head)


def framed(data: bytes) -> bytes:
    """framing_format.txt; no program here looks at the checks."""
    packed = b"crc!" + block(data)
    return b"\xff\x06\0\0sNaPpY\xfe\x02\0\0ab" + b"\0" + len(packed).to_bytes(3, "little") + packed


def test_copies_are_copied(texts: Callable[[bytes], set[bytes]]) -> None:
    text = b"key=Zk39aXQ7vT2m, again: key=Zk39aXQ7vT2m; and key=Zk39aXQ7vT2m\n" * 30
    assert len(block(text)) < len(text) / 2
    assert text in texts(framed(text))


def test_what_claims_to_be_long_is_bounded(texts: Callable[[bytes], set[bytes]]) -> None:
    bomb = b"\xff\xff\xff\xff\x0f\0a" + b"\xfe\1\0" * 50_000
    packed = b"crc!" + bomb
    assert (
        max(map(len, texts(b"\xff\x06\0\0sNaPpY\0" + len(packed).to_bytes(3, "little") + packed))) < 8 << 20
    )
