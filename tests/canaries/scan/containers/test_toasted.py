"""Values as PostgreSQL packs them: what is packed comes out, and any bytes give exactly what they say or nothing."""

from __future__ import annotations

import lz4.block
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers._toasted import LZ4, PGLZ, unpack_value

WORDS = st.lists(st.sampled_from([b"ab", b"someone ", b"\0\0", b"x", b"needle"]), min_size=1).map(b"".join)


def test_pglz_copies_of_each_length_come_out() -> None:
    """By hand, from the format: three letters, nine bytes from three back, eighteen and two more from one back."""
    packed = b"\x18abc" + b"\x06\x03" + b"\x0f\x01\x02"
    assert unpack_value(packed, 32, PGLZ) == (b"abc" * 4 + b"c" * 20, 32)


@given(WORDS)
def test_what_lz4_packed_comes_out(plain: bytes) -> None:
    packed = lz4.block.compress(plain, store_size=False)
    assert unpack_value(packed, len(plain), LZ4) == (plain, len(plain))


@given(packed=st.binary(max_size=300), size=st.integers(-1, 1 << 30), method=st.integers(0, 3))
def test_any_bytes_give_what_they_say_or_nothing(packed: bytes, size: int, method: int) -> None:
    value, looked = unpack_value(packed, size, method)
    assert len(value) in (0, size)
    assert len(value) <= looked <= 300 * 256


@given(plain=WORDS, place=st.integers(0, 1000), change=st.integers(1, 255))
def test_damaged_blocks_are_survived(plain: bytes, place: int, change: int) -> None:
    packed = bytearray(lz4.block.compress(plain, store_size=False))
    packed[place % len(packed)] ^= change
    for method in (PGLZ, LZ4):
        assert len(unpack_value(bytes(packed), len(plain), method)[0]) in (0, len(plain))
