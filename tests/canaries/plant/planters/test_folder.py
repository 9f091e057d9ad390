"""New files in a folder: all or none, never over another, in the likeness of their neighbours."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.core.model import Bait, BaitFile, Token
from canaries.plant.planters import PlantingRequest, State
from canaries.plant.planters.folder import FolderPlanter


def prepare(folder: Path) -> str:
    return str(folder)


Ask = Callable[..., PlantingRequest]
YEAR_2024_NS = 1_704_067_200_000_000_000


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_planning_touches_nothing(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    before = tmp_path.stat()
    plan = FolderPlanter().plan(ask(file_bait, tmp_path))
    assert len(plan.steps) == 2
    assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mtime_ns == before.st_mtime_ns
    assert "wJalr" not in " ".join(plan.steps)


def test_the_files_are_whole_and_have_the_modes_of_the_bait(
    tmp_path: Path, file_bait: Bait, ask: Ask
) -> None:
    done = FolderPlanter().plan(ask(file_bait, tmp_path)).put()
    assert tree(tmp_path) == {file.path: file.content for file in file_bait.files}
    assert (tmp_path / ".aws/credentials").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".aws").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "readme.txt").stat().st_mode & 0o777 == 0o644
    assert [item.sha256 for item in done.items] == [file.sha256 for file in file_bait.files]
    assert [FolderPlanter().look(item)[0] for item in done.items] == [State.THERE, State.THERE]


def test_undoing_leaves_the_folder_as_it_was(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    (tmp_path / "own").write_text("mine")
    FolderPlanter().plan(ask(file_bait, tmp_path)).put().undo()
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_undoing_spares_what_somebody_put_there_since(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    done = FolderPlanter().plan(ask(file_bait, tmp_path)).put()
    (tmp_path / "readme.txt").write_text("another's")  # and of the same inode: numbers are used again
    (tmp_path / ".aws/config").write_text("another's")
    done.undo()
    assert (tmp_path / "readme.txt").read_text() == "another's"
    assert [path.name for path in (tmp_path / ".aws").iterdir()] == ["config"]


def test_one_taken_name_refuses_all(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    (tmp_path / "readme.txt").write_text("mine")
    with pytest.raises(PlantError, match="exists already"):
        FolderPlanter().plan(ask(file_bait, tmp_path))
    assert tree(tmp_path) == {"readme.txt": b"mine"}


def test_a_name_taken_between_plan_and_put_is_not_overwritten(
    tmp_path: Path, file_bait: Bait, ask: Ask
) -> None:
    plan = FolderPlanter().plan(ask(file_bait, tmp_path))
    (tmp_path / "readme.txt").write_text("mine")
    with pytest.raises(PlantError, match="exists already"):
        plan.put()
    assert tree(tmp_path) == {"readme.txt": b"mine"}
    assert not (tmp_path / ".aws").exists()


def test_new_files_are_as_old_as_their_neighbours(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    for number in range(5):
        path = tmp_path / f"old{number}.txt"
        path.write_text("x")
        path.chmod(0o640)
        os.utime(path, ns=(YEAR_2024_NS, YEAR_2024_NS + number * 10**12))
    os.utime(tmp_path, ns=(YEAR_2024_NS, YEAR_2024_NS + 10**13))
    done = FolderPlanter().plan(ask(bait, tmp_path)).put()
    made = Path(done.items[0].where).stat()
    assert made.st_mode & 0o777 == 0o640
    assert YEAR_2024_NS <= made.st_mtime_ns <= YEAR_2024_NS + 10**13 + 7 * 86_400 * 10**9
    assert tmp_path.stat().st_mtime_ns == max(YEAR_2024_NS + 10**13, made.st_mtime_ns)


def test_nothing_is_dated_in_the_future(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    (tmp_path / "tomorrow").write_text("x")
    request = ask(bait, tmp_path)
    now_ns = int(request.now.timestamp() * 10**9)
    os.utime(tmp_path / "tomorrow", ns=(now_ns + 10**15, now_ns + 10**15))
    made = Path(FolderPlanter().plan(request).put().items[0].where).stat()
    assert made.st_mtime_ns <= now_ns
    assert made.st_atime_ns <= now_ns


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / ".aws").symlink_to(outside)
    with pytest.raises(PlantError, match="leads out of"):
        FolderPlanter().plan(ask(file_bait, inside))


def test_a_link_slipped_in_after_planning_is_not_followed(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    plan = FolderPlanter().plan(ask(file_bait, inside))
    (inside / ".aws").symlink_to(outside)
    with pytest.raises(PlantError, match="symbolic link"):
        plan.put()
    assert list(outside.iterdir()) == []
    assert [path.name for path in inside.iterdir()] == [".aws"]


@pytest.mark.parametrize("path", ["../up", "/etc/up", "a/../../up"])
def test_a_bait_cannot_leave_its_folder(tmp_path: Path, ask: Ask, path: str) -> None:
    with pytest.raises(PlantError, match="outside"):
        FolderPlanter().plan(ask(Bait((Token("a", "b"),), "x\n", (BaitFile(path, b"x"),)), tmp_path))


def test_a_snippet_gets_a_believable_name_that_is_free(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    first = Path(FolderPlanter().plan(ask(bait, tmp_path)).put().items[0].where)
    second = Path(FolderPlanter().plan(ask(bait, tmp_path)).put().items[0].where)
    assert first != second
    assert first.read_text() == bait.text
    assert "env" in first.name or "settings" in first.name


def test_a_folder_that_went_away_is_one_sentence(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    plan = FolderPlanter().plan(ask(bait, folder))
    folder.rmdir()
    with pytest.raises(PlantError, match="cannot be written: no such file"):
        plan.put()


def test_looking_again(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    item = FolderPlanter().plan(ask(bait, tmp_path)).put().items[0]
    path = Path(item.where)
    path.write_text("first line\n" + bait.text + "more\n")
    assert FolderPlanter().look(item) == (State.THERE, "")
    path.write_text("MAIL=mara.k3v9x2@mail.example.net\n")
    assert FolderPlanter().look(item)[0] is State.CHANGED
    path.write_text("nothing\n")
    assert FolderPlanter().look(item)[0] is State.GONE
    path.unlink()
    assert FolderPlanter().look(item) == (State.GONE, "the file is not there")


def test_a_packed_file_is_known_by_its_hash(tmp_path: Path, ask: Ask) -> None:
    packed = Bait((Token("host", "k3v9.example.net"),), "", (BaitFile("plan.docx", b"PK\x03\x04packed"),))
    item = FolderPlanter().plan(ask(packed, tmp_path)).put().items[0]
    assert FolderPlanter().look(item)[0] is State.THERE
    (tmp_path / "plan.docx").write_bytes(b"PK\x03\x04other")
    assert FolderPlanter().look(item)[0] is State.CHANGED
