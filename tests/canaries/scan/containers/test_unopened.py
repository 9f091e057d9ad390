"""What cannot be opened is named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from canaries.scan.containers import Unreadable
from canaries.scan.containers.unopened import _ARROW, _NAMES
from canaries.scan.dumps import DumpReading, read_pieces

PACKERS: dict[str, object] = {}
MORE = {_ARROW: b"\xd0\0\0\0\x10\0\0\0\0\0\x0a\0"}
"""What has to follow a mark that says little."""


@pytest.mark.parametrize("magic", _NAMES)
def test_each_is_named_and_not_taken_for_clean(tmp_path: Path, magic: bytes) -> None:
    (tmp_path / "file").write_bytes(magic + MORE.get(magic, b"") + bytes(2000))
    (result,) = read_pieces(tmp_path / "file")
    assert isinstance(result, Unreadable)
    assert result.reason == _NAMES[magic].lower()


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"\x60\xea\x2b\0\x22\x0b\x01\x02", "arj"),
        (b"\x20\x99-lh5-\x90", "lha"),
        (bytes(7) + b"**ACE**", "ace"),
        (bytes(7) + b"-sqx-", "sqx"),
        (b"StuffIt (c)1997-2002", "stuffit"),
        (b"SIT!\0\x01", "stuffit"),
        (b"ZOO 2.10 Archive.\x1a", "zoo"),
        (b"ALZ\x01", "alzip"),
        (b"EGGA\0\x01", "alzip"),
        (b"ArC\x01", "freearc"),
        (b"ISc(\x0c", "installshield"),
        (b"SZDD\x88\xf0\x27\x33A", "microsoft's compress"),
        (b"MAM\x04", "windows"),
        (b"bvx2", "lzfse"),
        (b"pbzx\0", "apple's"),
        (b"qpress10", "qpress"),
        (b"RZIP\x02", "rzip"),
        (b"\x1f\x1e", "pack"),
        (b"ANDROID BACKUP\n5\n1\nAES-256\n", "encrypted backup of android"),
    ],
)
def test_archives_that_are_known_by_more_than_a_few_bytes_are_named(head: bytes, said: str) -> None:
    results = list(DumpReading(1 << 20).file("file", io.BytesIO(head + bytes(2000))))
    assert [said in one.reason for one in results if isinstance(one, Unreadable)] == [True]


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
