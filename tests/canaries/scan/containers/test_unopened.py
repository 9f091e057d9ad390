"""What cannot be opened is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.scan.containers import Unreadable
from canaries.scan.containers.unopened import _NAMES
from canaries.scan.dumps import read_pieces

PACKERS: dict[str, object] = {}


@pytest.mark.parametrize("magic", _NAMES)
def test_each_is_named_and_not_taken_for_clean(tmp_path: Path, magic: bytes) -> None:
    (tmp_path / "file").write_bytes(magic + bytes(2000))
    (result,) = read_pieces(tmp_path / "file")
    assert isinstance(result, Unreadable)
    assert result.reason == _NAMES[magic].lower()
