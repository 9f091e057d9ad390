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


@pytest.mark.parametrize(("second", "named"), [(164, True), (163, False)])
def test_a_binary_log_that_mariadb_encrypts_is_known_by_its_second_event(
    tmp_path: Path, second: int, named: bool
) -> None:
    def event(kind: int, size: int) -> bytes:
        return (bytes(4) + bytes([kind]) + bytes(4) + size.to_bytes(4, "little")).ljust(size, b"\0")

    (tmp_path / "bin.000001").write_bytes(b"\xfebin" + event(15, 252) + event(second, 40) + bytes(500))
    reasons = [one.reason for one in read_pieces(tmp_path / "bin.000001") if isinstance(one, Unreadable)]
    assert [reason.startswith("an encrypted binary log") for reason in reasons] == [True] * named
