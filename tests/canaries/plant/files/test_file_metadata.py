"""The likeness of the neighbours: modes and dates of theirs, never the future."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from canaries.plant.files.file_metadata import likeness

NOW_NS = 1_795_000_000 * 10**9


@settings(max_examples=30)
@given(st.lists(st.integers(1, 2 * NOW_NS), min_size=1, max_size=5), st.integers())
def test_a_moment_among_the_neighbours_or_a_week_after_one(times: list[int], seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, moment in enumerate(times):
            (folder / str(number)).touch()
            os.utime(folder / str(number), ns=(moment, moment))
        os.utime(folder, ns=(5, 5))
        like = likeness(folder, NOW_NS, random.Random(seed))
        real = sorted((folder / str(number)).stat().st_mtime_ns for number in range(len(times)))
    past = [moment for moment in real if moment <= NOW_NS] or [5]
    assert min(past) <= like.mtime_ns <= NOW_NS
    assert like.mtime_ns <= max(past) + 7 * 86_400 * 10**9
    assert like.mtime_ns <= like.atime_ns <= NOW_NS


def test_the_most_frequent_mode_without_execution(tmp_path: Path) -> None:
    for name, mode in (("a", 0o755), ("b", 0o755), ("c", 0o600)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    assert likeness(tmp_path, NOW_NS * 2, random.Random(1)).mode == 0o644


def test_an_empty_folder_lends_its_own_owner(tmp_path: Path) -> None:
    like = likeness(tmp_path, NOW_NS * 2, random.Random(1))
    assert (like.mode, like.owner) == (0o600, (os.getuid(), os.getgid()))
