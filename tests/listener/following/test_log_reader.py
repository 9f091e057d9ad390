"""Each line exactly once: over restarts, rotation by renaming and by copying, half lines and lost positions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.following import log_reader
from listener.following.log_reader import LogReader
from listener.following.log_settings import FollowedLog
from listener.following.positions import LogPositions
from listener.logs import source
from tests.listener.readers.test_mark import message


class Taken:
    """Intake's exactly-once, without its hits: what has an id that is known is passed over."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.known: dict[str, str] = {}
        self.fail = False

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int:
        if self.fail:
            raise OSError("away")
        fresh = [one for one in sightings if one.id not in self.known]
        self.known |= {one.id: one.raw.decode().split()[0] for one in fresh}
        assert offset is not None
        LogPositions(self._home.store, segment.split(":")[1]).save({segment.split(":")[2]: offset})
        return len(fresh)


class Follow:
    """A log with a reader that can be started again."""

    def __init__(self, home: Home, path: Path, from_start: bool = True) -> None:
        self.path, self._home, self._from_start = path, home, from_start
        self.taken = Taken(home)
        self.count = 0
        self.restart()

    def restart(self) -> None:
        log = FollowedLog("shop", source("postgresql"), str(self.path), self._from_start)
        self.reader = LogReader(log, self._home.store, self.taken, lambda block: ())

    def write(self, lines: int = 1, end: str = "\n") -> None:
        with self.path.open("a") as file:
            for _ in range(lines):
                self.count += 1
                file.write(f"n{self.count} LOG: noise\nn{self.count} LOG: {message()}{end}")

    def all(self) -> list[str]:
        self.reader.look()
        return sorted(self.taken.known.values(), key=lambda name: int(name[1:]))


@pytest.fixture
def follow(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Follow:
    monkeypatch.setattr(log_reader, "_SETTLE_SECONDS", 0.0)
    return Follow(home, tmp_path / "p.log")


def numbers(count: int) -> list[str]:
    return [f"n{number}" for number in range(1, count + 1)]


def test_lines_as_they_come_and_none_twice(follow: Follow) -> None:
    follow.write(3)
    assert follow.all() == numbers(3)
    follow.restart()
    assert follow.all() == numbers(3)
    follow.write(2)
    assert follow.all() == numbers(5)
    assert follow.reader.counts == (10, 0)


def test_a_line_without_its_end_waits(follow: Follow) -> None:
    follow.write(1)
    follow.write(1, end="")
    assert follow.all() == numbers(1)
    with follow.path.open("a") as file:
        file.write("\n")
    assert follow.all() == numbers(2)


def test_renamed_while_nobody_follows(follow: Follow, tmp_path: Path) -> None:
    follow.write(2)
    follow.all()
    follow.write(2)
    follow.path.rename(tmp_path / "p.log.1")
    follow.write(2)
    (tmp_path / "p.log.1").rename(tmp_path / "p.log.2")
    follow.path.rename(tmp_path / "p.log.1")  # one that came and went unseen
    follow.write(1)
    later = follow.path.stat().st_mtime + 10
    os.utime(tmp_path / "p.log.1", (later, later))
    follow.restart()
    assert follow.all() == numbers(7)


def test_copied_and_emptied(follow: Follow, tmp_path: Path) -> None:
    follow.write(2)
    follow.all()
    shutil.copyfile(follow.path, tmp_path / "p.log.1")
    os.truncate(follow.path, 0)
    follow.write(2)
    later = follow.path.stat().st_mtime + 10
    os.utime(tmp_path / "p.log.1", (later, later))
    assert follow.all() == numbers(4)


def test_a_position_that_is_lost_brings_no_line_twice(follow: Follow, home: Home) -> None:
    follow.write(2)
    follow.all()
    LogPositions(home.store, "shop").keep_only([])
    follow.restart()
    assert follow.all() == numbers(2)


def test_a_database_that_is_away_loses_nothing(follow: Follow) -> None:
    follow.write(1)
    follow.all()
    follow.write(2)
    follow.taken.fail = True
    with pytest.raises(OSError, match="away"):
        follow.reader.look()
    follow.taken.fail = False
    assert follow.all() == numbers(3)


def test_an_old_log_is_read_from_its_end_unless_told_otherwise(home: Home, tmp_path: Path) -> None:
    follow = Follow(home, tmp_path / "p.log", from_start=False)
    follow.write(2)
    assert follow.all() == []
    follow.write(1)
    assert follow.all() == ["n3"]


def test_many_blocks_and_a_line_of_a_megabyte(follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "BLOCK", 1000)
    monkeypatch.setattr(log_reader, "_LONGEST_LINE", 900)
    follow.write(20)
    with follow.path.open("a") as file:
        file.write("x" * 5000 + "\n")
    follow.write(20)
    assert follow.all() == numbers(40)


def test_a_log_that_is_not_there_is_a_problem(follow: Follow) -> None:
    assert follow.reader.look().problems == [f"{follow.path} is not there"]
