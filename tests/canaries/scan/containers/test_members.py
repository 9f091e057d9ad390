"""Packed streams: all members, in pieces of any size, and whatever stands behind the last."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Member, Packed, container_of

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zlib": zlib.compress,
    "zstd": zstandard.compress,
}
SKIPPED = b"\x53\x2a\x4d\x18\x05\0\0\0notes"


def read_all(packed: bytes, size: int = 7) -> list[bytes]:
    source = Packed(io.BytesIO(packed))
    container = container_of(source.head)
    assert container is not None
    parts = []
    for member in container.members(source):
        assert isinstance(member, Member)
        parts.append(b"".join(iter(lambda stream=member.stream: stream.read(size), b"")))  # type: ignore[misc]
    return parts


@pytest.mark.parametrize("form", PACK)
@pytest.mark.parametrize("padding", [b"", bytes(100)])
def test_what_stands_behind_the_end_is_read(form: str, padding: bytes) -> None:
    assert read_all(PACK[form](b"within") + padding + b"behind") == [b"within", b"behind"]


@pytest.mark.parametrize("form", PACK)
def test_zeros_behind_the_end_are_nothing(form: str) -> None:
    assert read_all(PACK[form](b"within") + bytes(70_000)) == [b"within"]


def test_a_frame_that_is_to_be_skipped_hides_nothing() -> None:
    assert read_all(SKIPPED + zstandard.compress(b"within")) == [b"within"]


@given(
    form=st.sampled_from(sorted(PACK)),
    first=st.binary(max_size=300),
    second=st.binary(max_size=300),
    size=st.integers(1, 50),
)
def test_several_members_are_one_text(form: str, first: bytes, second: bytes, size: int) -> None:
    assert (
        b"".join(read_all(PACK[form](first + b".") + PACK[form](b"." + second), size))
        == first + b".." + second
    )


@pytest.mark.parametrize("form", PACK)
def test_what_is_cut_short_is_an_error(form: str) -> None:
    packed = PACK[form](bytes(range(256)) * 20)
    with pytest.raises((EOFError, OSError)):
        read_all(packed[: len(packed) // 2])
