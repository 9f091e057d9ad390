"""What cannot be opened is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.scan.containers import Unreadable
from canaries.scan.containers.unopened import _ARROW, _NAMES
from canaries.scan.dumps import read_pieces

PACKERS: dict[str, object] = {}
MORE = {_ARROW: b"\xd0\0\0\0\x10\0\0\0\0\0\x0a\0"}
"""What has to follow a mark that says little."""


@pytest.mark.parametrize("magic", _NAMES)
def test_each_is_named_and_not_taken_for_clean(tmp_path: Path, magic: bytes) -> None:
    (tmp_path / "file").write_bytes(magic + MORE.get(magic, b"") + bytes(2000))
    (result,) = read_pieces(tmp_path / "file")
    assert isinstance(result, Unreadable)
    assert result.reason == _NAMES[magic].lower()


def test_bytes_of_ones_are_no_arrow_stream(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff" * 2000)
    assert not [one for one in read_pieces(tmp_path / "file") if isinstance(one, Unreadable)]
