"""What became of copies: handed over, withdrawn, found by name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from canaries.copies.editions import copy_for, deliver, editions, find, withdraw
from canaries.copies.issuing import CopyIssuer, CopyOrder
from canaries.core.errors import NotFoundError
from tests.issued import installation


def test_receipts_and_withdrawals_are_entries(tmp_path: Path) -> None:
    home = installation(tmp_path / "home")
    assert editions(home) == []
    (tmp_path / "page.html").write_bytes(b"<html><body>plan</body></html>")
    for name in ("one", "two"):
        CopyIssuer(home, CopyOrder(tmp_path / "page.html", ["A", "B"], name)).issue(
            tmp_path / name, lambda: ()
        )
    edition = find(home, "one")
    assert find(home, edition.id) == find(home, edition.id[:6]) == edition
    for wrong in ("three", "", edition.id[:2]):
        with pytest.raises(NotFoundError):
            find(home, wrong)
    with pytest.raises(NotFoundError, match="no copy for 'C'"):
        copy_for(edition, "C")
    deliver(home, copy_for(edition, "A"), edition, b"signed", "by courier")
    withdraw(home, copy_for(edition, "A"), edition, "contract ended")
    first, second = find(home, "one").copies
    assert len(first.delivered) == 1
    assert first.withdrawn > first.delivered[0]
    assert (second.delivered, second.withdrawn) == ((), "")
    with pytest.raises(NotFoundError, match="was withdrawn"):
        withdraw(home, first, edition, "again")
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "delivered")
    assert entry.body["receipt_sha256"] == hashlib.sha256(b"signed").hexdigest()
    assert {entry.body[name] for name in ("edition", "copy", "recipient")} == {edition.id, first.id, "A"}
    home.store.close()
