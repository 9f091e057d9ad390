"""The folder of a new installation: where making it fails, everything is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from canaries.installation.fresh_folder import fresh_folder


def _put_in(path: Path) -> None:
    """More of an installation; then it fails."""
    assert (path / "first").read_bytes() == b"1"
    (path / "inner").mkdir()
    (path / "inner" / "file").write_text("x")
    (path / "inner").mkdir()


def fail_in(path: Path) -> None:
    with pytest.raises(FileExistsError), fresh_folder(path, "first", b"1"):
        _put_in(path)


def test_the_folders_above_go_too_where_they_were_made_for_it(tmp_path: Path) -> None:
    fail_in(tmp_path / "a" / "b" / "home")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("linked", [False, True])
def test_a_folder_that_was_there_stays_and_is_empty_again(tmp_path: Path, linked: bool) -> None:
    real = tmp_path / "real"
    real.mkdir()
    path = real
    if linked:
        path = tmp_path / "link"
        path.symlink_to(real)
    fail_in(path)
    assert list(real.iterdir()) == []
    with fresh_folder(path, "first", b"2"):
        pass
    assert (real / "first").read_bytes() == b"2"


def test_a_link_to_nothing_is_called_that(tmp_path: Path) -> None:
    for target in ("gone", "link"):
        (tmp_path / "link").symlink_to(target)
        with (
            pytest.raises(HomeError, match="symbolic link to nothing"),
            fresh_folder(tmp_path / "link", "f", b""),
        ):
            pass
        (tmp_path / "link").unlink()


def test_a_file_that_cannot_be_written_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"), fresh_folder(tmp_path / "a" / "home", "nowhere/first", b""):
        pass
    assert list(tmp_path.iterdir()) == []
