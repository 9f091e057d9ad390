"""Commands of Telnet within its text."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "telnet": lambda data: (
        b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0PASS " + data[:6] + b"\xff\xf4\xff\xf2" + data[6:] + b"\r\0\n"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"telnet"}


def test_a_short_piece_at_either_side_is_found(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"PASS Zk39aXQ7vT2m\r\n" in texts(b"PASS Zk3\xff\xf19aXQ\xff\xfd\x187vT2m\r\n")


def test_noise_is_left_alone(texts: Callable[[bytes], set[bytes]]) -> None:
    noise = b"\xff\xf4" + bytes(range(128, 255)) * 2
    assert noise[2:] not in texts(noise)
