"""A file is the same after it was renamed and another one after it was emptied; positions outlive the process."""

from __future__ import annotations

from pathlib import Path

from canaries.installation.home import Home
from listener.following.positions import LogPositions, beside, fingerprint


def named(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        return fingerprint(file)


def test_a_file_is_known_by_its_inode_and_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("half a li")
    assert named(path) == ("", "")
    path.write_text("half a line\n")
    one = named(path)
    path.write_text("half a line\nand more\n")
    assert named(path) == one
    path.rename(tmp_path / "a.log.1")
    assert named(tmp_path / "a.log.1") == one
    (tmp_path / "b.log").write_text("half a line\n")
    assert named(tmp_path / "b.log")[0] != one[0]
    assert named(tmp_path / "b.log")[1] == one[1]
    (tmp_path / "a.log.1").write_text("emptied\n")
    assert named(tmp_path / "a.log.1")[0] != one[0]


def test_positions_are_kept(home: Home) -> None:
    first = LogPositions(home.store, "shop")
    assert (first.get("f"), first.seen_at, first.counts) == (None, 0, (0, 0))
    first.save({"f": 7, "g": 9})
    first.looked(1_790_000_000, 5, 1)
    first.looked(1_790_000_001, 5, 1)
    LogPositions(home.store, "shop-2").save({"f": 1})
    again = LogPositions(home.store, "shop")
    assert (again.get("f"), again.get("g"), again.seen_at, again.counts) == (7, 9, 1_790_000_001, (10, 2))
    again.keep_only(["g"])
    assert (again.get("f"), LogPositions(home.store, "shop").get("f")) == (None, None)
    assert LogPositions(home.store, "shop-2").get("f") == 1


def test_what_a_log_was_renamed_to_is_read_before_it(tmp_path: Path) -> None:
    for name in ("a.log", "a.log.1", "a.log.2.gz", "b.log"):
        (tmp_path / name).write_text(name)
    assert [path.name for path in beside(tmp_path / "a.log")] == ["a.log.1", "a.log"]
    assert beside(tmp_path / "gone[1].log") == []
