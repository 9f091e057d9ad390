"""The folder that copies are handed out of."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from canaries.copies.handing_out import folder_of, put, sync, write_lists


def test_any_name_is_a_folder_and_no_two_are_one() -> None:
    assert folder_of(0, "Partner A") == "0001-Partner-A"
    assert folder_of(11, "../../etc/passwd") == "0012-etc-passwd"
    assert folder_of(12, "\u2026") == "0013"
    assert len(folder_of(0, "x" * 300)) < 70


def test_lists_name_each_file_with_its_hash(tmp_path: Path) -> None:
    digest = put(tmp_path / "0001-A" / "list.csv", b"x")
    sync(tmp_path / "0001-A" / "list.csv")
    assert digest == hashlib.sha256(b"x").hexdigest()
    write_lists(tmp_path, "e" * 16, [("=A\x1b", "0001-A", (("list.csv", digest),))])
    rows = list(csv.reader((tmp_path / "copies.csv").read_text().splitlines()))
    assert rows[1] == ["'=A\\x1b", "0001-A", "list.csv", digest]
    receipt = (tmp_path / "receipts" / "0001-A.txt").read_text()
    assert digest in receipt
    assert "\x1b" not in receipt
    with pytest.raises(FileExistsError):
        put(tmp_path / "copies.csv", b"")
