"""Reading dumps: every byte once, places right, pipes left alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import os
import zipfile
from pathlib import Path
from typing import ClassVar

import pytest

from canaries.scan import dumps
from canaries.scan.containers import HEAD, Unreadable
from canaries.scan.dumps import DumpReading, Piece, read_pieces


def test_pieces_overlap_and_know_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "PIECE", 100)
    monkeypatch.setattr(dumps, "OVERLAP", 30)
    whole = b"".join(b"line %d\n" % number for number in range(200))
    (tmp_path / "dump").write_bytes(whole)
    pieces = [piece for piece in read_pieces(tmp_path / "dump") if isinstance(piece, Piece)]
    assert len(pieces) > 10
    for piece in pieces:
        assert whole[piece.offset :].startswith(piece.content)
        assert piece.line == 1 + whole[: piece.offset].count(b"\n")
    for before, after in itertools.pairwise(pieces):
        assert before.offset + len(before.content) - after.offset == 30
    assert pieces[-1].offset + len(pieces[-1].content) == len(whole)


def test_pipes_in_a_folder_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x")
    assert [Path(piece.path).name for piece in read_pieces(tmp_path)] == ["file"]


def test_a_damaged_member_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one", "first member")
        archive.writestr("two", "second member")
    path.write_bytes(path.read_bytes().replace(b"first member", b"thirst membe"))
    _, one, two = list(read_pieces(path))
    results = {Path(result.path).name: type(result) for result in (one, two)}
    assert {name.partition("!")[2] for name in results} == {"one", "two"}
    assert Unreadable in results.values()
    assert Piece in results.values()


def test_what_stands_before_a_damaged_place_is_read(tmp_path: Path) -> None:
    lines = b"".join(hashlib.sha256(b"%d" % number).hexdigest().encode() + b"\n" for number in range(20_000))
    (tmp_path / "dump.gz").write_bytes(gzip.compress(lines)[:-200_000])
    read, lost = list(read_pieces(tmp_path / "dump.gz"))
    assert isinstance(read, Piece)
    assert isinstance(lost, Unreadable)
    assert lines.startswith(read.content)
    assert len(read.content) > len(lines) // 2


def test_what_is_packed_too_many_times_over_is_named(tmp_path: Path) -> None:
    content = b"needle"
    for _ in range(dumps.DEEPEST):
        content = gzip.compress(content)
    (tmp_path / "deep").write_bytes(content)
    (tmp_path / "deeper").write_bytes(gzip.compress(content))
    read, lost = list(read_pieces(tmp_path))
    assert isinstance(read, Piece)
    assert read.content == b"needle"
    assert isinstance(lost, Unreadable)
    assert "packed more than" in lost.reason


def test_what_unpacks_to_too_much_is_cut_off_and_named() -> None:
    packed = io.BytesIO(gzip.compress(bytes(3 * dumps.PIECE)))
    *read, lost = DumpReading(2 * dumps.PIECE).file("bomb", packed)
    assert sum(isinstance(one, Piece) for one in read) == len(read) == 2
    assert isinstance(lost, Unreadable)
    assert "too much" in lost.reason


def test_an_error_that_a_stream_raises_once_is_not_forgotten() -> None:
    class Broken:
        given: ClassVar[list[bytes | Exception]] = [b"first", OSError("a bad sector")]

        def read(self, size: int = -1, /) -> bytes:
            part = self.given.pop(0) if self.given else b""
            if isinstance(part, Exception):
                raise part
            return part

    (lost,) = DumpReading(1).file("disk", Broken())  # while its beginning is looked at
    assert isinstance(lost, Unreadable)
    Broken.given = [bytes(HEAD), b"second", OSError("a bad sector")]
    read, lost = DumpReading(1).file("disk", Broken())
    assert isinstance(read, Piece)
    assert read.content.endswith(b"second")
    assert isinstance(lost, Unreadable)
    assert lost.reason == "a bad sector"
