"""Files are whole and on disk, or not there."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core import files

WRITERS: list[Callable[[Path, bytes], object]] = [files.create, files.replace, files.publish]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What kinds of descriptor were synced, in order."""
    seen: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        seen.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")  # noqa: PTH112
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.parametrize("write", WRITERS)
def test_content_and_name_are_on_disk_when_it_returns(
    write: Callable[[Path, bytes], object], tmp_path: Path, synced: list[str]
) -> None:
    write(tmp_path / "a", b"content")
    assert synced == ["file", "folder"]
    assert (tmp_path / "a").read_bytes() == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("write", WRITERS)
def test_a_write_that_fails_leaves_nothing(
    write: Callable[[Path, bytes], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "a", b"content")
    assert list(tmp_path.iterdir()) == []


def test_create_refuses_what_is_there(tmp_path: Path) -> None:
    files.create(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        files.create(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"


def test_replace_keeps_the_old_file_where_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.create(tmp_path / "a", b"old")

    def half() -> None:
        with files.draft(tmp_path / "a") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert (tmp_path / "a").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1
    files.replace(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_of_many_that_publish_one_wins_and_the_rest_leave_it_alone(tmp_path: Path) -> None:
    wrote: list[bool] = []
    start = threading.Barrier(8)

    def run(number: int) -> None:
        start.wait()
        wrote.append(files.publish(tmp_path / "a", b"%d" % number * 1000))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrote.count(True) == 1
    content = (tmp_path / "a").read_bytes()
    assert content == content[:1] * 1000
    assert len(list(tmp_path.iterdir())) == 1


def test_a_new_draft_does_not_replace_what_came_meanwhile(tmp_path: Path) -> None:
    def late() -> None:
        with files.draft(tmp_path / "a", new=True) as file:
            file.write(b"mine")
            (tmp_path / "a").write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        late()
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_draft_can_be_read_back_before_it_has_its_name(tmp_path: Path) -> None:
    with files.draft(tmp_path / "a", new=True) as file:
        file.write(b"content")
        file.seek(0)
        assert file.read() == b"content"
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").read_bytes() == b"content"


@pytest.mark.parametrize("path", [".", "/"])
def test_a_place_without_a_name_is_a_folder_that_nothing_replaces(path: str) -> None:
    with pytest.raises(IsADirectoryError):
        files.replace(Path(path), b"content")


def test_what_is_removed_was_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for _ in range(2):
        files.remove(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a file"):
        files.remove(tmp_path / "pipe")
    assert (tmp_path / "pipe").exists()


@pytest.mark.parametrize("write", [files.replace, files.publish])
@pytest.mark.parametrize("sort", ["pipe", "socket", "stdout"])
def test_a_device_is_no_file_and_stays_what_it_is(
    tmp_path: Path, write: Callable[[Path, bytes], object], sort: str
) -> None:
    """Root would put a file in place of /dev/null."""
    path = tmp_path / "it"
    with socket.socket(socket.AF_UNIX) as listener:
        if sort == "pipe":
            os.mkfifo(path)
        elif sort == "socket":
            listener.bind(str(path))
        else:
            path.symlink_to("/proc/self/fd/1")
        before = path.lstat()
        with pytest.raises(OSError, match="device or a pipe"):
            write(path, b"content")
    assert path.lstat() == before
    assert [one.name for one in tmp_path.iterdir()] == ["it"]
