"""Every container: what it packs is read, in another one too; what is damaged is named, never passed over."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from canaries.core import plugins
from canaries.scan.containers import FOLDER, Container, Unreadable, container_of
from canaries.scan.dumps import Piece, read_pieces
from tests.every import every, in_part_and_whole

NEEDLE = b"needle-Zk39aXQ7vT2mLw8RtYb4"
TEXT = b"id,name\n" + b"".join(b"%d,someone %d\n" % (n, n * 7919) for n in range(300)) + NEEDLE + b"\n"


CONTAINERS = plugins.classes(FOLDER, Container)
PACKERS: dict[str, Callable[[bytes], bytes]] = {}
"""Each makes a file that holds the given bytes."""
UNBOUNDED: set[str] = set()
"""Those that do not say where they end."""
for _name in plugins.module_names(FOLDER):
    _module = import_module(f"tests.canaries.scan.containers.test_{_name}")
    PACKERS |= _module.PACKERS
    UNBOUNDED |= getattr(_module, "UNBOUNDED", set())


def read(path: Path) -> tuple[bytes, list[Unreadable]]:
    """Everything that was read, one after the other, and what was not."""
    results = list(read_pieces(path))
    pieces = [one for one in results if isinstance(one, Piece)]
    return b"\n".join(one.content for one in pieces), [one for one in results if isinstance(one, Unreadable)]


@every("form", PACKERS)
def test_what_was_packed_is_read(tmp_path: Path, form: str) -> None:
    (tmp_path / "dump").write_bytes(PACKERS[form](TEXT))
    content, unread = read(tmp_path / "dump")
    assert NEEDLE in content
    assert not unread


@in_part_and_whole
@every("outer", PACKERS)
@every("inner", PACKERS)
def test_containers_within_containers_are_opened(tmp_path: Path, outer: str, inner: str, whole: bool) -> None:
    forms = list(PACKERS)
    if not whole and (forms.index(outer) + forms.index(inner)) % 5:
        return
    (tmp_path / "dump").write_bytes(PACKERS[outer](PACKERS[inner](TEXT)))
    content, unread = read(tmp_path / "dump")
    assert NEEDLE in content
    assert not unread


@every("form", sorted(PACKERS.keys() - UNBOUNDED))
@every("part", [2, 3, 5, 10])
def test_what_is_cut_short_is_named(tmp_path: Path, form: str, part: int) -> None:
    packed = PACKERS[form](TEXT)
    (tmp_path / "dump").write_bytes(packed[: len(packed) - len(packed) // part])
    content, unread = read(tmp_path / "dump")
    assert unread or NEEDLE in content


@given(st.data())
def test_damaged_files_never_raise(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(sorted(PACKERS)))
    packed = bytearray(PACKERS[form](TEXT))
    for place in data.draw(st.lists(st.integers(0, len(packed) - 1), min_size=1, max_size=4)):
        packed[place] ^= data.draw(st.integers(1, 255))
    _read_all(bytes(packed))


@given(st.binary(max_size=600), st.sampled_from(sorted(PACKERS)))
def test_any_bytes_behind_a_known_beginning_are_survived(tail: bytes, form: str) -> None:
    _read_all(PACKERS[form](TEXT)[:24] + tail)


def _read_all(content: bytes) -> None:
    from canaries.scan.dumps import DumpReading

    for result in DumpReading(1 << 24).file("dump", io.BytesIO(content)):
        assert isinstance(result, Piece | Unreadable)


def test_plain_text_is_no_container() -> None:
    for text in (b"", b"hello", b"x: y\n", b"id,name\n1,anna\n", b"{}", b"PK", b"x\x9c"):
        assert container_of(text) is None
