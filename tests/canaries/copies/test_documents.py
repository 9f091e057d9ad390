"""Documents: what can be marked is, what cannot is named, and links lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.copies.documents import kinds_by_suffix, read
from canaries.core.errors import MintError


def test_kinds_that_take_a_file_mark_files_of_their_suffix() -> None:
    known = kinds_by_suffix()
    assert {
        ".docx": "docx",
        ".xlsx": "xlsx",
        ".odt": "odt",
        ".html": "html",
        ".svg": "svg",
    }.items() <= known.items()


def test_a_folder_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a.HTML").write_bytes(b"<body></body>")
    (tmp_path / "in" / "b.txt").write_bytes(b"text")
    found = {one.path: (one.kind, one.content) for one in read(tmp_path)}
    assert found == {"a.HTML": ("html", b"<body></body>"), "in/b.txt": ("", b"text")}
    assert [one.path for one in read(tmp_path / "a.HTML")] == ["a.HTML"]


def test_nothing_to_mark_and_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"text")
    with pytest.raises(MintError, match="no document that can be marked"):
        read(tmp_path)
    (tmp_path / "c.html").symlink_to("b.txt")
    with pytest.raises(MintError, match="link"):
        read(tmp_path)
