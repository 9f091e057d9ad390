"""SQLite's files: a value that is spread over pages is put together again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import Piece, read_pieces

PACKERS: dict[str, object] = {}
NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4"


def _file(path: Path, value: object) -> Path:
    base = sqlite3.connect(path)
    base.execute("PRAGMA page_size = 512")
    base.execute("CREATE TABLE t (a)")
    base.execute("INSERT INTO t VALUES (?)", (value,))
    base.commit()
    base.close()
    return path


def test_what_a_page_cuts_is_read(tmp_path: Path) -> None:
    for before in range(440, 520, 8):  # where the first page of the row ends hangs on the version
        path = _file(tmp_path / f"{before}.db", "q" * before + NEEDLE.decode() + "w" * 900)
        found = [NEEDLE in one.content for one in read_pieces(path) if isinstance(one, Piece)]
        assert any(found)


def test_what_a_page_cuts_is_read_of_binary_values(tmp_path: Path) -> None:
    path = _file(tmp_path / "base", b"q" * 495 + NEEDLE + b"w" * 900)
    assert any(NEEDLE in one.content for one in read_pieces(path) if isinstance(one, Piece))


def test_a_damaged_file_is_searched_and_named(tmp_path: Path) -> None:
    path = _file(tmp_path / "base", NEEDLE.decode())
    path.write_bytes(path.read_bytes()[:100] + NEEDLE * 40)
    results = list(read_pieces(path))
    assert any(NEEDLE in one.content for one in results if isinstance(one, Piece))
    assert any(isinstance(one, Unreadable) for one in results)
