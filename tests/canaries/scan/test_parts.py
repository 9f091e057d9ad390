"""What was cut into parts by the programs that do so is read as one file; a part by itself is never taken for clean."""

from __future__ import annotations

import gzip
import io
import itertools
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from canaries.scan import parts
from canaries.scan.containers import Unreadable
from canaries.scan.dumps import Piece, read_pieces
from tests import steady
from tests.every import every
from tests.programs import require

NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4"
CHANCE = steady.draw("parts")
CONTENT = CHANCE(3000).hex().encode() + NEEDLE + CHANCE(3000).hex().encode()
"""Packs to six thousand bytes, the needle in their middle."""


def _packed() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        info = tarfile.TarInfo("names.txt")
        info.size = len(CONTENT)
        file.addfile(info, io.BytesIO(CONTENT))
    return gzip.compress(archive.getvalue(), mtime=0)


def _run(folder: Path, *words: str) -> None:
    require(words[0])
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def _split(*words: str) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        (folder / "x.tar.gz").write_bytes(_packed())
        _run(folder, "split", *words)
        (folder / "x.tar.gz").unlink()

    return cut


def _archive(*words: str) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        contents = {"names.txt": CONTENT, "more.txt": CHANCE(700), "large.bin": CHANCE(90_000).hex().encode()}
        for name in contents.keys() & set(words):
            (folder / name).write_bytes(contents[name])
        _run(folder, *words)
        for name in contents.keys() & set(words):
            (folder / name).unlink()

    return cut


CUTS: dict[str, Callable[[Path], None]] = {
    "split": _split("-b2500", "x.tar.gz"),
    "split, many": _split("-b9", "x.tar.gz", "x.tar.gz."),
    "split, with a name": _split("-b2500", "x.tar.gz", "x.tar.gz."),
    "split, with a name without a dot": _split("-b2500", "x.tar.gz", "x.tar.gz"),
    "split, part": _split("-b2500", "x.tar.gz", "x.tar.gz.part-"),
    "split, three letters": _split("-b2500", "-a3", "x.tar.gz", "x.tar.gz_"),
    "split, digits": _split("-b2500", "-d", "x.tar.gz", "x.tar.gz."),
    "split, many with digits": _split("-b50", "-d", "x.tar.gz", "x.tar.gz.part"),
    "split, digits from one": _split("-b2500", "--numeric-suffixes=1", "-a3", "x.tar.gz", "x.tar.gz."),
    "7z, a zip archive": _archive("7z", "a", "-tzip", "-v2500b", "x.zip", "more.txt", "names.txt"),
    "7z, a tar archive": _archive("7z", "a", "-ttar", "-v2500b", "x.tar", "more.txt", "names.txt"),
    "zip": _archive("zip", "-s", "64k", "x.zip", "large.bin", "more.txt", "names.txt"),
}
"""Each leaves parts and nothing else."""


def _read(path: Path) -> tuple[set[str], list[Unreadable], bytes]:
    results = list(read_pieces(path))
    pieces = [one for one in results if isinstance(one, Piece)]
    unread = [one for one in results if isinstance(one, Unreadable)]
    return {one.path for one in pieces}, unread, b"\n".join(one.content for one in pieces)


def _made(tmp_path: Path, name: str) -> tuple[Path, list[Path]]:
    folder = tmp_path / name.translate({ord(","): None, ord(" "): "-"})
    folder.mkdir()
    CUTS[name](folder)
    made = sorted(folder.iterdir())
    assert len(made) > 1
    return folder, made


@every("name", CUTS)
def test_what_was_cut_is_read_as_one(tmp_path: Path, name: str) -> None:
    folder, made = _made(tmp_path, name)
    _, unread, content = _read(folder)
    assert NEEDLE in content
    assert not unread
    for part in (made[0], made[-1]):  # whichever is named: it is the whole that is read
        names, unread, content = _read(part)
        assert NEEDLE in content
        assert not unread
        assert all(
            one.startswith(str(folder / "x")) and "001" not in one and ".aa" not in one for one in names
        )


@every("name", CUTS)
def test_parts_that_are_named_one_by_one_are_read_once(tmp_path: Path, name: str) -> None:
    _, made = _made(tmp_path, name)
    assert parts.without_later([*made, tmp_path]) == [made[0], tmp_path]
    assert parts.without_later(reversed(made)) == [made[-1]]


@every("name", [name for name in CUTS if "many" not in name])
def test_a_part_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    folder, made = _made(tmp_path, name)
    for part in made:
        kept = part.read_bytes()
        part.unlink()
        _, unread, content = _read(folder)
        assert unread or NEEDLE in content, part.name
        part.write_bytes(kept)


@every("name", [name for name in CUTS if "many" not in name])
def test_a_part_that_stands_alone_is_named_however_small(tmp_path: Path, name: str) -> None:
    _, made = _made(tmp_path, name)
    for part, size in itertools.product(made[1:], (5, 100, 1000)):
        if part.suffix == ".zip" and size == 5:
            continue  # half of a record of its end
        alone = tmp_path / part.name
        content = part.read_bytes()
        alone.write_bytes(content[-size:] if part.suffix == ".zip" else content[:size])
        assert [one.path for one in _read(alone)[1]] == [str(alone)], (part.name, size)
        alone.unlink()


def test_a_part_within_an_archive_is_named(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        info = tarfile.TarInfo("backup/x.zip.002")
        info.size = 300
        archive.addfile(info, io.BytesIO(CHANCE(300)))
    _, unread, _ = _read(tmp_path)
    assert [one.path for one in unread] == [f"{tmp_path}/all.tar!backup/x.zip.002"]


def test_text_that_was_cut_is_read_over_the_cut(tmp_path: Path) -> None:
    (tmp_path / "dump.sql.aa").write_bytes(b"INSERT INTO t VALUES ('" + NEEDLE[:9])
    (tmp_path / "dump.sql.ab").write_bytes(NEEDLE[9:] + b"', 'and more');\n")
    names, unread, content = _read(tmp_path)
    assert (names, unread) == ({str(tmp_path / "dump.sql")}, [])
    assert NEEDLE in content
    (tmp_path / "dump.sql.aa").unlink()
    assert not _read(tmp_path)[1]  # text is read, wherever it begins


def test_the_parts_of_what_was_cut_are_known_by_its_name(tmp_path: Path) -> None:
    _, made = _made(tmp_path, "7z, a zip archive")
    assert list(parts.parts_of(made[0].with_suffix(""))) == made
    assert parts.parts_of(tmp_path / "another") == parts.parts_of(tmp_path / "no folder" / "x") == ()


@given(st.lists(st.text("ax01z.z_-par", min_size=1, max_size=9), unique=True))
def test_of_any_names_each_is_there_once(names: list[str]) -> None:
    found = list(parts.gathered(Path("/nowhere"), names))
    assert found == [Path("/nowhere", name) for name in sorted(names)]  # parts that are no files are none
    assert not [name for name in names if parts.is_part(name, b"")]


@every(
    "names",
    [
        ("app.log.1", "app.log.2"),
        ("app.log.002", "app.log.003"),
        ("report 00.txt", "report 01.txt"),
        ("libx.so.71", "libx.so.72"),
        ("aa", "ab"),
        ("000000010000000000000001", "000000010000000000000002"),
        ("x.101", "x.102"),
    ],
)
def test_other_numbers_are_left_alone(tmp_path: Path, names: tuple[str, str]) -> None:
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(b"%d: these are words\n" % number)
    assert list(parts.gathered(tmp_path, names)) == [tmp_path / name for name in names]
    for name in names:
        (tmp_path / name).unlink()


def test_files_that_begin_alike_are_each_by_themselves(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"backup.00{number}").write_bytes(gzip.compress(b"%d" % number + NEEDLE))
    names, unread, _ = _read(tmp_path)
    assert names == {str(tmp_path / f"backup.00{number}") for number in (1, 2, 3)}
    assert not unread


def test_text_with_a_gap_is_read_and_the_gap_named(tmp_path: Path) -> None:
    for name in ("aa", "ab", "ad"):
        (tmp_path / f"dump.sql.{name}").write_bytes(name.encode() + b": some more words " + NEEDLE)
    names, unread, _ = _read(tmp_path)
    assert names == {str(tmp_path / "dump.sql"), str(tmp_path / "dump.sql.ad")}
    assert [(one.path, "dump.sql.ac" in one.reason) for one in unread] == [(str(tmp_path / "dump.sql"), True)]
