"""Packed streams in the middle of files: in a database's blob, behind a program, in a picture."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import lz4.frame
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import Piece, read_pieces
from canaries.scan.embedded import places, unquoted
from canaries.scan.presence import Presence
from tests import steady

NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4"
TEXT = b"".join(b"%d,someone %d\n" % (n, n * 7919) for n in range(300)) + NEEDLE + b"\n"
ESCAPES = {
    b"\\": b"\\", b"\0": b"0", b"\n": b"n", b"\r": b"r", b"\x1a": b"Z", b"'": b"'", b'"': b'"',
}  # fmt: skip
"""What mysql_real_escape_string puts a backslash before, and what then stands there; backslashes first."""


def _zip(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return file.getvalue()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib, fast": lambda data: zlib.compress(data, 1),
    "zlib, as git packs": lambda data: zlib.compress(data, 4),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
    "zip": _zip,
    "lz4": lz4.frame.compress,
}


@pytest.mark.parametrize("form", PACK)
@pytest.mark.parametrize(
    "before", [b"MZ" + bytes(500), b"#!/bin/sh\nexit\n", b"\xfebin" + b"words and more " * 9000]
)
def test_it_is_opened_wherever_it_begins(tmp_path: Path, form: str, before: bytes) -> None:
    (tmp_path / "dump").write_bytes(before + PACK[form](TEXT) + b"\n" * 40)
    assert any(NEEDLE in one.content for one in read_pieces(tmp_path / "dump") if isinstance(one, Piece))


def test_two_in_one_file_are_both_opened(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"\xfe" + zlib.compress(b"first " * 50) + bytes(30) + gzip.compress(TEXT))
    read = [one.content for one in read_pieces(tmp_path / "dump") if isinstance(one, Piece)]
    assert any(b"first" in one for one in read)
    assert any(NEEDLE in one for one in read)


def test_a_block_with_long_codes_is_known(tmp_path: Path) -> None:
    """Many different letters, each as often as another: the block's codes alone are longer than a hundred bytes."""
    packed = zlib.compress(bytes(code * 7 % 251 for code in range(4000)) + TEXT * 20)
    assert not zlib.decompressobj().decompress(packed[:64], 16)
    (tmp_path / "dump").write_bytes(b"\xfe" + bytes(9) + packed)
    assert any(NEEDLE in one.content for one in read_pieces(tmp_path / "dump") if isinstance(one, Piece))


def test_forty_in_one_file_are_opened_once_each(tmp_path: Path) -> None:
    """What stands behind one is searched as part of the file, and not again as the rest of each before it."""
    rows = [b"row\0\1\2" + zlib.compress(b"some text %d " % number * 30) + b" end\n" for number in range(40)]
    (tmp_path / "dump").write_bytes(b"\xfe" + b"".join(rows) + zlib.compress(TEXT))
    read = [one.content for one in read_pieces(tmp_path / "dump") if isinstance(one, Piece)]
    assert len(read) == 42
    assert sum(NEEDLE in one for one in read) == 1


def test_tens_of_thousands_in_one_file_cost_no_more_than_they_hold(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"\xfe" + b"".join(zlib.compress(b"abc%d" % n) for n in range(5000)))
    read = [one.content for one in read_pieces(tmp_path / "dump") if isinstance(one, Piece)]
    assert sum(map(len, read)) < 5 * (tmp_path / "dump").stat().st_size


@pytest.mark.parametrize("form", sorted(PACK.keys() - {"bzip2", "zip"}))
def test_it_is_opened_as_mysqldump_writes_it(tmp_path: Path, form: str) -> None:
    value = PACK[form](TEXT)
    for sign, letter in ESCAPES.items():
        value = value.replace(sign, b"\\" + letter)
    (tmp_path / "dump").write_bytes(b"INSERT INTO `t` VALUES (1,'it\\'s','" + value + b"'),(2,'','');\n")
    assert any(NEEDLE in one.content for one in read_pieces(tmp_path / "dump") if isinstance(one, Piece))


@given(content=st.lists(st.sampled_from(rb"\|'|x|\'|n|0|\0|\n".split(b"|")), max_size=30).map(b"".join))
def test_a_string_without_its_end_or_without_an_escape_is_none(content: bytes) -> None:
    written = unquoted(content, 0)
    assert not written or (b"\\" in content and b"'" in content and len(written) < len(content))


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\0"])
def test_what_cannot_be_opened_is_named_there_too(tmp_path: Path, magic: bytes) -> None:
    (tmp_path / "dump").write_bytes(b"MZ" + bytes(500) + magic + bytes(2000))
    assert any(isinstance(one, Unreadable) for one in read_pieces(tmp_path / "dump"))


def test_chance_begins_nothing_that_is_named(tmp_path: Path) -> None:
    content = bytes(70_000) + steady.draw("embedded")(200_000) + bytes(100_000)
    (tmp_path / "dump").write_bytes(content)
    (reason,) = (one.reason for one in read_pieces(tmp_path / "dump") if isinstance(one, Unreadable))
    assert "blocks" in reason  # so many of it look encrypted


@given(content=st.binary(max_size=300), start=st.integers(0, 300))
def test_places_are_in_order_and_from_the_start_on(content: bytes, start: int) -> None:
    found = places(content, start, Presence(content))
    assert found == sorted(found)
    assert all(place >= start for place in found)
