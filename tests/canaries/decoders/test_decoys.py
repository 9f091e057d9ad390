"""What begins like a packed text and is none hides no real one behind it, and many of them cost a bounded part."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from canaries.decoders import USUAL, DecodingBudget, Found, Layer, unwrap
from canaries.decoders._decoys import _MOST, places

CONTRACT = import_module("tests.canaries.decoders.test_contract")
TOKEN = b"Zk39aXQ7vT2mLw8RtYb4"
TEXT = b"".join(b"row %d: user%d@example.org, %d\n" % (number, number, number * 7919) for number in range(30))
PACKED = ("bzip2", "compressed rtf", "gzip", "LZ4Block", "lz4", "lzip", "mozLz4", "rtf, not compressed", "snappy",
          "snappy of Java", "xz", "zip", "zlib behind other data", "zstd")  # fmt: skip


@pytest.mark.parametrize("name", PACKED)
def test_a_decoy_hides_nothing(name: str, texts: Callable[[bytes], set[bytes]]) -> None:
    pack = CONTRACT.WRAPPERS[name]
    real, other = pack(b"key=" + TOKEN + b" and more"), pack(TEXT)
    magic = other[: 14 if name.startswith(("rtf", "comp")) else 8]
    for decoy in (magic, other[:12], other[: len(other) * 2 // 3], magic * 50):
        found = texts(b"before " + decoy + b" between " + real)
        assert any(TOKEN in text for text in found if text not in real), decoy


def test_ntlm_behind_signatures_that_say_nothing(texts: Callable[[bytes], set[bytes]]) -> None:
    text = "Zk39aXQ7".encode("utf-16-le")
    field = len(text).to_bytes(2, "little") * 2 + (64).to_bytes(4, "little")
    real = b"NTLMSSP\0\3\0\0\0" + bytes(16) + field + bytes(28) + text
    assert b"Zk39aXQ7" in texts(b"NTLMSSP\0\0" * 40 + real)


def test_places_end_with_the_budget_and_that_is_said() -> None:
    data = b"LZFu" * 2 * _MOST
    budget = DecodingBudget(USUAL, len(data))
    assert len(list(places(data, b"LZFu", Found(Layer(data), budget)))) == _MOST
    assert budget.reached == ("work",)
    assert list(places(b"xxLZFu", b"LZFu", Found(Layer(b""), DecodingBudget(USUAL, 6)))) == [2]


def test_a_name_is_no_text_of_outlook() -> None:
    text = b"Dear PAMELA, the meeting with CARMELA is on Monday; MELAS is written with an S."
    assert not [
        layer.way for layer in unwrap(text, DecodingBudget(USUAL, len(text))) if "rtf" in "".join(layer.way)
    ]
