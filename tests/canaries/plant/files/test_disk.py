"""Writing without breaking: what fails leaves everything as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.plant.files.disk import append


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """RLIMIT_FSIZE in a child stands in for the disk: the kernel writes a part, then refuses."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"x" * 1000)
    child = os.fork()
    if child == 0:  # pragma: no cover  another process
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1010, 1010))
        try:
            append(path, b"x" * 1000, b"y" * 100)
        except PlantError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert path.read_bytes() == b"x" * 1000


def test_what_is_appended_stands_behind(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"a\n")
    append(path, b"a\n", b"b\n")
    assert path.read_bytes() == b"a\nb\n"


def test_a_link_put_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"a\n")
    (tmp_path / "notes.txt").symlink_to("other")
    with pytest.raises(PlantError, match="symbolic link"):
        append(tmp_path / "notes.txt", b"a\n", b"b\n")
    assert (tmp_path / "other").read_bytes() == b"a\n"
