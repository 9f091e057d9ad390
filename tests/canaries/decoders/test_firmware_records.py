"""Intel's hexadecimal format and S-records."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "Intel hex": lambda data: intel(data),
    "S-records": lambda data: motorola(data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def intel(data: bytes) -> bytes:
    lines = []
    for at in range(0, len(data), 16):
        piece = data[at : at + 16]
        record = bytes([len(piece), at >> 8 & 255, at & 255, 0]) + piece
        lines.append(b":%s%02X\n" % (record.hex().upper().encode(), -sum(record) & 255))
    return b"".join(lines) + b":00000001FF\n"


def motorola(data: bytes) -> bytes:
    lines = [b"S0030000FC\r\n"]
    for at in range(0, len(data), 16):
        piece = data[at : at + 16]
        record = bytes([len(piece) + 3, at >> 8 & 255, at & 255]) + piece
        lines.append(b"S1%s%02X\r\n" % (record.hex().upper().encode(), ~sum(record) & 255))
    return b"".join(lines) + b"S9030000FC\r\n"


def test_longer_addresses(texts: Callable[[bytes], set[bytes]]) -> None:
    token = b"Zk39aXQ7vT2mLw8R"
    for kind, address in ((b"S2", b"010000"), (b"S3", b"08000000")):
        size = len(token) + len(address) // 2 + 1
        line = b"%s%02X%s%s00\n" % (kind, size, address, token.hex().upper().encode())
        assert token in texts(b"S0030000FC\n" + line + b"S9030000FC\n")


def test_what_has_another_length_than_it_says_is_none(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2mLw8R" not in texts(b":20000000" + b"Zk39aXQ7vT2mLw8R".hex().encode() + b"00\n")
