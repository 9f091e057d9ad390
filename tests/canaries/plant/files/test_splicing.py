"""Bytes go in and come out again, and nothing else moves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.plant.files.splicing import (
    _first_difference,
    digest,
    piece_of,
    pieces,
    rewrite,
    take_out,
    without,
)
from canaries.plant.formats._text import ByteSplice, spliced

RAW = st.binary(max_size=30)


@given(RAW, st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=3))
def test_what_went_in_comes_out(raw: bytes, parts: list[tuple[float, bytes]]) -> None:
    splices = sorted((ByteSplice(int(at * len(raw)), added) for at, added in parts), key=lambda one: one.at)
    after = spliced(raw, splices)
    made = tuple(piece_of(one.as_dict()) for one in pieces(raw, splices))
    assert without(after, made, digest(after)) == raw


def test_of_two_equal_pieces_the_surroundings_decide() -> None:
    raw = b"[a]\n[b]\n"
    made = pieces(raw, [ByteSplice(8, b"x=1\n")])
    after = b"new\n[a]\nx=1\n[b]\nx=1\n"
    assert without(after, made, "") == b"new\n[a]\nx=1\n[b]\n"


def test_what_stands_behind_decides_as_well() -> None:
    made = pieces(b"[a]\nz=1\n[b]\n", [ByteSplice(4, b"x=1\n")])
    after = b"[a]\nx=1\n[b]\n[a]\nx=1\nz=1\n[b]\n"
    assert without(after, made, "") == b"[a]\nx=1\n[b]\n[a]\nz=1\n[b]\n"
    assert without(b"[a]\nx=1\nz=1\n[b]\n[a]\nx=1\n[b]\n", made, "") == b"[a]\nz=1\n[b]\n[a]\nx=1\n[b]\n"


def test_pieces_whose_order_somebody_changed_come_out() -> None:
    made = pieces(b"[a]\n[b]\n", [ByteSplice(4, b"y=1\n"), ByteSplice(8, b"x=1\n")])
    assert without(b"[b]\nx=1\n[a]\ny=1\n", made, "") == b"[b]\n[a]\n"


def test_a_piece_is_found_wherever_it_stands() -> None:
    made = pieces(b"b\n", [ByteSplice(0, b"x=1\n")])
    assert without(b"x=1\nc\n", made, "") == b"c\n"
    made = pieces(b"[a]\n[b]\n", [ByteSplice(8, b"x=1\n")])
    grown = b"#" * 1000 + b"\n[a]\nx=1\n[b]\n"
    assert without(grown + b"x=1\n", made, "") == grown


def test_what_cannot_be_told_apart_is_refused() -> None:
    made = pieces(b"", [ByteSplice(0, b"x=1\n")])
    with pytest.raises(PlantError, match="several times"):
        without(b"a\nx=1\nb\nx=1\nc\n", made, "")


def test_an_editor_that_took_the_final_newline_is_forgiven() -> None:
    made = pieces(b"a\n", [ByteSplice(2, b"x=1\n")])
    assert without(b"a\nx=1", made, "") == b"a\n"


def test_rewriting_keeps_inode_mode_links_and_times(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\n")
    path.chmod(0o640)
    os.link(path, tmp_path / "b")
    os.utime(path, ns=(10**18, 10**18))
    before = path.stat()
    rewrite(path, b"one\ntwo\n", b"one\nnew\ntwo\n")
    after = path.stat()
    assert path.read_bytes() == (tmp_path / "b").read_bytes() == b"one\nnew\ntwo\n"
    assert (before.st_ino, before.st_mode, before.st_mtime_ns) == (
        after.st_ino,
        after.st_mode,
        after.st_mtime_ns,
    )
    rewrite(path, b"one\nnew\ntwo\n", b"one\ntwo\n")
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_file_that_changed_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"other\n")
    with pytest.raises(PlantError, match="another program"):
        rewrite(path, b"one\n", b"new\none\n")
    assert path.read_bytes() == b"other\n"


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """RLIMIT_FSIZE in a child stands in for the disk."""
    path = tmp_path / "a"
    old = b"a" + b"x" * 1000
    path.write_bytes(old)
    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1010, 1010))
        try:
            rewrite(path, old, b"a" + b"y" * 100 + b"x" * 1000)
        except PlantError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert path.read_bytes() == old


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"a\n")
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(PlantError, match="cannot be written"):
        rewrite(tmp_path / "link", b"a\n", b"b\n")


def test_taking_out_leaves_what_others_wrote(tmp_path: Path) -> None:
    path = tmp_path / "a"
    made = pieces(b"one\n", [ByteSplice(4, b"bait\n")])
    path.write_bytes(b"zero\none\nbait\ntwo\n")
    take_out(path, made, "")
    assert path.read_bytes() == b"zero\none\ntwo\n"


@given(st.binary(max_size=20), st.binary(max_size=20), st.binary(max_size=20))
def test_writing_begins_where_two_texts_part(same: bytes, one: bytes, other: bytes) -> None:
    old, new = same + one, same + other
    at = _first_difference(old, new)
    assert old[:at] == new[:at]
    assert at == min(len(old), len(new)) or old[at] != new[at]
