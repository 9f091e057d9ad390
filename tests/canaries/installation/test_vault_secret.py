"""What opens the vault is read from a file's first line; a file that is not there is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.installation.vault_secret import passphrase, vault_key
from canaries.vault_lock.locked_key import FILE, with_shares
from tests.every import every


def test_the_first_line_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(b" one two \r\nthree\n")
    assert passphrase(tmp_path / "words", confirm=True) == " one two "


@every("content", [None, b"\xff\xfe"])
def test_no_such_file(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "words").write_bytes(content)
    with pytest.raises(HomeError, match="cannot be read"):
        passphrase(tmp_path / "words", confirm=False)


def test_shares_from_files(tmp_path: Path) -> None:
    made, shares = with_shares(bytes(32), 2, 2)
    (tmp_path / FILE).write_bytes(made.written())
    paths = [tmp_path / str(number) for number in range(2)]
    for path, words in zip(paths, shares, strict=True):
        path.write_text(f"{words}\n")
    assert vault_key(tmp_path, None, paths) == bytes(32)
