"""Lines more in a file that is there, and files of a given name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.plant.planters import PlantingRequest, State
from canaries.plant.planters.file import FilePlanter


def prepare(folder: Path) -> str:
    (folder / ".env").write_text("A=1\n")
    return str(folder / ".env")


Ask = Callable[..., PlantingRequest]


def test_what_was_there_stays_and_so_do_mode_inode_and_dates(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"DEBUG=0\r\nPORT=1\r\n")
    path.chmod(0o640)
    os.utime(path, ns=(10**18, 10**18))
    before = path.stat()
    done = FilePlanter().plan(ask(bait, path)).put()
    after = path.stat()
    written = path.read_bytes()
    assert written.startswith(b"DEBUG=0\r\nPORT=1\r\n")
    assert re.fullmatch(
        rb"[A-Z]+_MAIL=mara\.k3v9x2@mail\.example\.net\r\n[A-Z]+_PASS=tulip-k3v9-anchor\r\n", written[19:]
    )
    assert (after.st_mode, after.st_ino, after.st_mtime_ns) == (
        before.st_mode,
        before.st_ino,
        before.st_mtime_ns,
    )
    assert FilePlanter().look(done.items[0]) == (State.THERE, "")
    done.undo()
    assert path.read_bytes() == b"DEBUG=0\r\nPORT=1\r\n"


def test_planning_touches_nothing(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    plan = FilePlanter().plan(ask(bait, path))
    assert path.read_text() == "A=1\n"
    assert "tulip" not in " ".join(plan.steps)
    assert "+" in plan.diff
    assert "k3v9x2" not in plan.diff
    assert plan.diff == FilePlanter().plan(ask(bait, path)).diff


def test_the_same_bait_is_not_appended_twice(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    FilePlanter().plan(ask(bait, path)).put()
    with pytest.raises(PlantError, match="already holds"):
        FilePlanter().plan(ask(bait, path))


def test_a_file_that_grew_meanwhile_is_left_alone(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("a\n")
    plan = FilePlanter().plan(ask(bait, path))
    path.write_text("a\nsomebody else\n")
    with pytest.raises(PlantError, match="another program"):
        plan.put()
    assert path.read_text() == "a\nsomebody else\n"


def test_undo_does_not_cut_off_what_others_wrote(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("a\n")
    done = FilePlanter().plan(ask(bait, path)).put()
    with path.open("a") as file:
        file.write("somebody else\n")
    done.undo()
    assert path.read_text() == "a\nsomebody else\n"


def test_a_link_within_the_folder_is_followed_and_one_out_of_it_refused(
    tmp_path: Path, bait: Bait, ask: Ask
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (here / "real.txt").write_text("a\n")
    (there / "real.txt").write_text("a\n")
    (here / "near").symlink_to("real.txt")
    (here / "far").symlink_to(there / "real.txt")
    assert FilePlanter().plan(ask(bait, here / "near")).target == str(here / "real.txt")
    with pytest.raises(PlantError, match="out of its folder"):
        FilePlanter().plan(ask(bait, here / "far"))
    (here / "void").symlink_to("nowhere")
    with pytest.raises(PlantError, match="link to nothing"):
        FilePlanter().plan(ask(bait, here / "void"))


def test_a_device_is_no_file(bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="not a regular file"):
        FilePlanter().plan(ask(bait, "/dev/null"))


def test_a_new_name_becomes_a_file(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    target = tmp_path / "backup.env"
    assert FilePlanter().accepts(str(target))
    FilePlanter().plan(ask(bait, target)).put()
    assert target.read_text() == bait.text


def test_a_bait_of_several_files_wants_a_folder(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="2 files"):
        FilePlanter().plan(ask(file_bait, tmp_path / "one"))


def test_a_file_in_a_missing_folder_is_no_target(tmp_path: Path) -> None:
    assert not FilePlanter().accepts(str(tmp_path / "no" / "file"))
