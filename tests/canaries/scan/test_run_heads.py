"""Heads of runs: what is worth decoding is not sorted out before it is looked at, and nobody's hash is decoded."""

from __future__ import annotations

import base64
import gzip
import lzma
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.run_heads import LONG, likely, worth
from tests import steady

SECRET = b"sk_live_4eC39HqLyjWDarjtT1zdp7dc of it"
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "base64 for URLs": base64.urlsafe_b64encode,
    "base32": base64.b32encode,
    "base32 in small letters": lambda some: base64.b32encode(some).lower(),
    "hex": lambda some: some.hex().encode(),
    "hex in capitals": lambda some: some.hex().upper().encode(),
    "hex of a literal": lambda some: b"0x" + some.hex().encode(),
}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda some: gzip.compress(some, mtime=0),
    "xz": lzma.compress,
    "zlib, fast": lambda some: zlib.compress(some, 1),
    "zlib": zlib.compress,
    "zlib, small": lambda some: zlib.compress(some, 9),
    "MySQL's COMPRESS": lambda some: len(some).to_bytes(4, "little") + zlib.compress(some),
    "UTF-16": lambda some: b"\xfe\xff" + some.decode().encode("utf-16-be"),
    "UTF-16 of Windows": lambda some: b"\xff\xfe" + some.decode().encode("utf-16-le"),
}


def one_likely(run: bytes) -> bool:
    content = b"some text " + run + b" and more of it"
    return bool(likely(content, np.array([10]), np.array([10 + len(run)]))[0])


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("encoding", [one for one in ENCODINGS if one.startswith("hex")])
def test_something_packed_in_hexadecimal_is_worth_it(encoding: str, packing: str) -> None:
    run = ENCODINGS[encoding](PACKED[packing](SECRET))
    assert worth(run)
    assert one_likely(run)


@pytest.mark.parametrize("packing", [one for one in PACKED if one != "MySQL's COMPRESS"])
@pytest.mark.parametrize("encoding", ["base64", "base64 for URLs"])
def test_so_it_is_in_base64(encoding: str, packing: str) -> None:
    run = ENCODINGS[encoding](PACKED[packing](SECRET)).rstrip(b"=")
    assert worth(run)
    assert one_likely(run)


@pytest.mark.parametrize("encoding", [one for one in ENCODINGS if one.startswith("base")])
def test_text_is_worth_it(encoding: str) -> None:
    run = ENCODINGS[encoding](SECRET).rstrip(b"=")
    assert worth(run)
    assert one_likely(run)


@given(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", min_size=32, max_size=LONG)
)
def test_what_is_worth_it_is_likely(text: str) -> None:
    run = text.encode()
    assert one_likely(run) or not worth(run)


def test_of_hashes_one_in_fifty_is_looked_at_and_hardly_any_decoded() -> None:
    draw = steady.draw("hashes")
    hashes = [draw(16).hex().encode() for _ in range(20_000)]
    content = b" ".join(hashes)
    starts = np.arange(0, len(content), 33)
    looked_at = np.flatnonzero(likely(content, starts, starts + 32))
    assert len(looked_at) < len(hashes) / 50
    assert sum(map(worth, hashes)) < 10


@pytest.mark.parametrize("head", [b"789c", b"26000000789c"])
def test_nor_is_one_that_begins_like_something_packed(head: bytes) -> None:
    draw = steady.draw("a hash")
    assert sum(worth(head + draw(14).hex().encode()) for _ in range(400)) <= 120


def test_utf_16_in_hexadecimal_is_worth_it_in_any_script() -> None:
    run = "\u0410\u043d\u043d\u0430 \u0438 \u0411\u043e\u0440\u0438\u0441".encode("utf-16-be").hex().encode()
    assert worth(b"feff" + run)
    assert one_likely(b"feff" + run)


def test_utf_7_is_worth_it() -> None:
    run = b"+" + base64.b64encode(SECRET.decode().encode("utf-16-be")).rstrip(b"=")[:120]
    assert worth(run)
    assert one_likely(run)


def test_a_stream_that_is_cut_off_may_be_one() -> None:
    noise = steady.draw("a stream")(300)
    assert worth(zlib.compress(noise + SECRET * 9, 9).hex()[:64].encode())
