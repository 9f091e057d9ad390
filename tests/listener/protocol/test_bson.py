"""BSON: round trips, the real library's word, and rubbish."""

from __future__ import annotations

import contextlib
import datetime
import math
from typing import Any

import bson as reference
import pytest
from bson import binary, code, decimal128, max_key, min_key, objectid, regex, timestamp
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.bson import Int64, Millis, decode, encode, plain_value
from listener.protocol.octets import Octets

names = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.binary(max_size=12)
    | st.builds(Millis, st.integers(-(10**12), 10**12)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@given(document=st.dictionaries(names, values, max_size=6))
def test_what_is_encoded_is_decoded(document: dict[str, Any]) -> None:
    assert decode(Octets(encode(document))) == document


def plain(value: Any) -> Any:
    """Ours as the reference gives it back."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Millis):
        return datetime.datetime.fromtimestamp(0, datetime.UTC) + datetime.timedelta(milliseconds=value.value)
    return value


@given(document=st.dictionaries(names, values, max_size=6))
def test_the_reference_reads_the_same(document: dict[str, Any]) -> None:
    options: Any = reference.CodecOptions(tz_aware=True)
    assert reference.decode(encode(document), codec_options=options) == plain(document)


def test_every_type_of_the_reference_is_read() -> None:
    every = {
        "id": objectid.ObjectId("0123456789abcdef01234567"), "re": regex.Regex("^a", "i"), "code": code.Code("f()"),
        "scope": code.Code("f()", {"a": 1}), "ts": timestamp.Timestamp(1, 2), "dec": decimal128.Decimal128("1.5"),
        "min": min_key.MinKey(), "max": max_key.MaxKey(), "old": binary.Binary(b"x", 2),
        "uuid": binary.Binary(b"u" * 16, 4),
    }  # fmt: skip
    found = decode(Octets(reference.encode(every)))
    assert list(found) == list(every)
    assert (found["id"], found["re"], found["code"]) == ("0123456789abcdef01234567", "/^a/i", "f()")
    assert (found["scope"], found["ts"], found["old"]) == (["f()", {"a": 1}], 1 << 32 | 2, b"x")


@given(data=st.binary(max_size=200))
def test_rubbish_is_a_value_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        decode(Octets(data))


@given(document=st.dictionaries(names, values, max_size=4), at=st.integers(0, 500), byte=st.integers(0, 255))
def test_a_changed_byte_is_a_value_error_or_another_document(
    document: dict[str, Any], at: int, byte: int
) -> None:
    data = bytearray(encode(document))
    data[at % len(data)] = byte
    try:
        found = decode(Octets(data))
    except ValueError:
        return
    assert isinstance(found, dict)


def test_depth_and_count_are_bounded() -> None:
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"a": deep}
    with pytest.raises(ValueError, match="document"):
        decode(Octets(encode(deep)))
    with pytest.raises(ValueError, match="elements"):
        decode(Octets(encode({"a": [None] * 30_000})))


@given(value=values)
def test_what_is_shown_can_be_written_down(value: Any) -> None:
    def check(item: Any) -> None:
        if isinstance(item, dict):
            for name, inner in item.items():
                assert isinstance(name, str)
                check(inner)
        elif isinstance(item, list):
            for inner in item:
                check(inner)
        else:
            assert item is None or isinstance(item, str | int)

    check(plain_value(value))
    assert plain_value(math.nan) == "nan"


def test_only_what_bson_has_is_encoded() -> None:
    with pytest.raises(TypeError):
        encode({"a": object()})


def test_a_small_number_is_of_64_bits_where_that_is_asked_for() -> None:
    assert encode({"id": Int64(0)}) == b"\x11\0\0\0\x12id\0" + bytes(8) + b"\0"
    assert encode({"id": 0}) == b"\x0d\0\0\0\x10id\0" + bytes(4) + b"\0"
