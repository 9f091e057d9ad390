"""A recipient a line, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import MintError
from canaries.mint.recipients import read_recipients


def test_the_first_column_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "who").write_bytes(b'\xef\xbb\xbf"Smith, Ltd",x\r\n\r\n Zo\xc3\xab \n')
    assert read_recipients(tmp_path / "who") == ["Smith, Ltd", "Zo\u00eb"]


@pytest.mark.parametrize("content", [b"", b"A\nB\nA\n", b"\xff\n"])
def test_nobody_twice_and_rubbish_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "who").write_bytes(content)
    with pytest.raises(MintError):
        read_recipients(tmp_path / "who")
