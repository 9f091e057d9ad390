"""Noise: what is encrypted looks like chance, and nothing else that people have does."""

from __future__ import annotations

import gzip
import html.entities
import sys
import zlib
from pathlib import Path

import brotli
import pytest
from numpy.random import mtrand

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import read_pieces
from canaries.scan.noise import BLOCK, SHORTEST, NoiseShare, noise
from tests import steady

CHANCE = steady.draw("noise")
TEXT = b"".join(b"%d,someone %d,someone%d@example.org\n" % (n, n * 7919, n) for n in range(4000))


@pytest.mark.parametrize("size", [SHORTEST, 4096, 65536, 300_000])
def test_what_is_encrypted_is_noise(size: int) -> None:
    assert noise(CHANCE(size))


def test_what_is_packed_in_a_way_without_a_beginning_is_noise() -> None:
    assert noise(brotli.compress(TEXT))
    assert noise(gzip.compress(Path(html.entities.__file__).read_bytes())[20:])


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypmp42", b"wOF2"])
def test_pictures_films_and_fonts_are_not(head: bytes) -> None:
    assert not noise(head + CHANCE(4096))


def test_text_programs_and_keys_are_not() -> None:
    assert not noise(TEXT)
    assert not noise(TEXT.decode().encode("utf-16"))
    assert not noise(CHANCE(4096).hex().encode())
    assert not noise(Path(sys.executable).resolve().read_bytes())
    assert not noise(CHANCE(SHORTEST - 1))


def test_a_file_of_noise_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CHANCE(4096))
    assert [one.reason for one in read_pieces(tmp_path / "a") if isinstance(one, Unreadable)] == [
        "it looks encrypted, or packed in a way that is not known"
    ]


PAGE = 4 * BLOCK
LOOKS = "look encrypted, or packed in a way that is not known"


def named(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    return [one.reason for one in read_pieces(path) if isinstance(one, Unreadable)]


def pages(count: int) -> bytes:
    """As a database encrypts them: what each begins with stays as it is."""
    return b"".join(bytes(38) + CHANCE(PAGE - 38) for _ in range(count))


@pytest.mark.parametrize("plain", [b"\0" * PAGE, TEXT[:PAGE], TEXT[: 3 * PAGE]])
def test_what_is_encrypted_behind_a_plain_beginning_is_named(tmp_path: Path, plain: bytes) -> None:
    (reason,) = named(tmp_path / "t.ibd", plain + pages(3) + bytes(5 * PAGE))
    assert LOOKS in reason


def test_so_it_is_far_behind_and_over_the_ends_of_pieces(tmp_path: Path) -> None:
    (reason,) = named(tmp_path / "t.ibd", TEXT[:PAGE].ljust(3 << 20, b"\0") + pages(130))
    assert LOOKS in reason


def test_a_table_that_looks_like_chance_in_a_program_is_not_named(tmp_path: Path) -> None:
    program = Path(mtrand.__file__).read_bytes()[: 80 * BLOCK]
    assert len(program) == 80 * BLOCK
    assert not named(tmp_path / "program", program + CHANCE(8 * BLOCK))


def test_what_was_unpacked_is_not_named(tmp_path: Path) -> None:
    row = b"".join(b"%d,%s\n" % (n, CHANCE(8).hex().encode()) for n in range(900))
    packed = zlib.compress(row)
    assert len(packed) > 2 * BLOCK
    assert not named(tmp_path / "blobs", bytes(PAGE) + (packed + bytes(100)) * 9)


def test_photographs_in_a_file_are_not_named(tmp_path: Path) -> None:
    scan = CHANCE(30 * BLOCK).replace(b"\xff", b"\xff\0")
    assert not named(tmp_path / "blobs", bytes(PAGE) + b"\xff\xd8\xff\xe0" + scan)
    assert named(tmp_path / "blobs", bytes(PAGE) + b"\xff\xd8\xff\xe0" + CHANCE(30 * BLOCK))


@pytest.mark.parametrize("part", [BLOCK, 3 * BLOCK, 64 * BLOCK])
def test_a_share_is_the_same_however_the_file_is_told(part: int) -> None:
    content = TEXT[: 6 * BLOCK] + bytes(3 * BLOCK) + CHANCE(7 * BLOCK) + b"the end"
    share = NoiseShare()
    for start in range(0, len(content), part):
        here = start <= 10 * BLOCK < start + part
        told = min(start, 77)
        share.add(content[start - told : start + part], told, [(10 * BLOCK, 12 * BLOCK)] if here else [])
    assert (share.filled, share.noisy) == (6 + 7 + 1, 5)
    assert share.large
