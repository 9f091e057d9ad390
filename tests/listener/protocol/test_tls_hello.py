"""The texts of a ClientHello."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.tls_hello import texts


def block(data: bytes, width: int) -> bytes:
    return len(data).to_bytes(width, "big") + data


def build(*extensions: tuple[int, bytes], session: bytes = b"", fragment: int = 16384) -> bytes:
    """A ClientHello in TLS records of at most ``fragment`` bytes (RFC 8446, sections 4.1.2 and 5.1)."""
    body = b"\3\3" + bytes(range(32)) + block(session, 1) + block(b"\x13\x01", 2) + b"\x01\0"
    body += block(b"".join(struct.pack(">H", kind) + block(data, 2) for kind, data in extensions), 2)
    message = b"\x01" + block(body, 3)
    pieces = [message[at : at + fragment] for at in range(0, len(message), fragment)]
    return b"".join(b"\x16\3\1" + block(piece, 2) for piece in pieces)


NAME = b"n" * 97
"""The last byte of its length is a letter."""
PLACES = {
    "server name": (0, block(b"\0" + block(NAME, 2), 2)),
    "protocol": (16, block(block(b"h2", 1) + block(NAME, 1), 2)),
    "ticket": (35, NAME),
    "identity": (41, block(block(NAME, 2) + bytes(4), 2) + block(block(bytes(32), 1), 2)),
    "cookie": (44, block(NAME, 2)),
    "unknown": (4711, NAME),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fragment", [7, 16384])
def test_each_text_is_given_without_its_length(place: str, fragment: int) -> None:
    keys = (51, block(b"\0\x1d" + block(b"k" * 32, 2), 2))
    assert texts(build(keys, PLACES[place], (21, bytes(50)), fragment=fragment)) in ([NAME], [b"h2", NAME])


def test_the_number_of_a_session_is_one() -> None:
    assert texts(build(session=NAME[:32])) == [NAME[:32]]


@given(st.data())
def test_no_bytes_raise(data: st.DataObject) -> None:
    mutated = bytearray(build(*PLACES.values(), fragment=data.draw(st.sampled_from([9, 16384]))))
    for _ in range(data.draw(st.integers(0, 8))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    texts(bytes(mutated[: data.draw(st.integers(0, len(mutated)))]))
