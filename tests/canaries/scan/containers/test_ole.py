"""Compound files: searched as they are, and what is packed in them is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import Piece, read_pieces

PACKERS: dict[str, object] = {}
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("mark", [b"LZFu", "EncryptedPackage".encode("utf-16-le")])
def test_what_is_packed_in_it_is_named_and_the_rest_is_read(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "file").write_bytes(MAGIC + bytes(600) + b"words" + mark)
    piece, named = read_pieces(tmp_path / "file")
    assert isinstance(piece, Piece)
    assert b"words" in piece.content
    assert isinstance(named, Unreadable)


def test_without_such_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(MAGIC + bytes(600) + b"words")
    (piece,) = read_pieces(tmp_path / "file")
    assert isinstance(piece, Piece)
