"""Noise: what is encrypted looks like chance, and nothing else that people have does."""

from __future__ import annotations

import gzip
import html.entities
import sys
from pathlib import Path

import brotli
import pytest

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import read_pieces
from canaries.scan.noise import SHORTEST, noise
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
