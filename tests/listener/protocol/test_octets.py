"""Fields of binary messages: read in order, never beyond the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.octets import Octets, ShortError


def test_fields_in_order() -> None:
    message = Octets(b"\x01\x02name\0\xff\xff\xff\xffrest", "big")
    assert message.number(2) == 0x0102
    assert message.text() == b"name"
    assert message.number(4, signed=True) == -1
    assert message.slice(2, 4) == b"name"
    assert (message.left, message.rest(), message.left) == (4, b"rest", 0)


def test_the_order_of_bytes_is_the_messages() -> None:
    assert Octets(b"\x01\x02").number(2) == 0x0201


@given(data=st.binary(max_size=20), count=st.integers(-5, 40), begin=st.integers(-5, 40))
def test_nothing_beyond_the_end(data: bytes, count: int, begin: int) -> None:
    if 0 <= count <= len(data):
        assert Octets(data).next_bytes(count) == data[:count]
    else:
        with pytest.raises(ShortError):
            Octets(data).next_bytes(count)
    if begin >= 0 and count >= 0 and begin + count <= len(data):
        assert Octets(data).slice(begin, count) == data[begin : begin + count]
    else:
        with pytest.raises(ShortError):
            Octets(data).slice(begin, count)


def test_a_text_without_an_end_is_none() -> None:
    with pytest.raises(ShortError):
        Octets(b"name").text()
