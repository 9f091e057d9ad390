"""What a new file must look like to pass for one that was always there: its neighbours' mode, owner and age.

The change time (and the birth time, where the file system keeps one) cannot be set by any program; whoever reads them
with ``stat -c %z`` learns when the bait came. That limit is said here because nothing can be done about it.
"""

from __future__ import annotations

import os
import random
import stat
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_WEEK_NS = 7 * 86_400 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the neighbours look."""

    mode: int
    """Their most frequent permission bits, without any to execute."""
    owner: tuple[int, int]
    """Their most frequent (uid, gid)."""
    mtime_ns: int
    """A moment among theirs, never later than now."""
    atime_ns: int
    """Not before ``mtime_ns``, never later than now."""


def likeness(folder: Path, now_ns: int, chance: random.Random) -> Likeness:
    """Of the regular files in ``folder``; of the folder itself where it holds none."""
    neighbours = _neighbours(folder)
    own = folder.stat()
    aged = sorted((one.st_mtime_ns, one.st_atime_ns) for one in neighbours if one.st_mtime_ns <= now_ns)
    if not aged:
        aged = [(min(own.st_mtime_ns, now_ns), min(own.st_mtime_ns, now_ns))]
    mtime, read_lag = _moment(aged, now_ns, chance)
    modes = Counter(stat.S_IMODE(one.st_mode) & 0o666 for one in neighbours)
    owners = Counter((one.st_uid, one.st_gid) for one in neighbours)
    return Likeness(
        mode=modes.most_common(1)[0][0] if modes else 0o600,
        owner=owners.most_common(1)[0][0] if owners else (own.st_uid, own.st_gid),
        mtime_ns=mtime,
        atime_ns=min(mtime + read_lag, now_ns),
    )


def _neighbours(folder: Path) -> list[os.stat_result]:
    with os.scandir(folder) as entries:
        return [
            entry.stat(follow_symlinks=False) for entry in entries if entry.is_file(follow_symlinks=False)
        ]


def _moment(aged: list[tuple[int, int]], now_ns: int, chance: random.Random) -> tuple[int, int]:
    """A modification time between one neighbour and the next (at most a week on), and how long after it was read."""
    place = chance.randrange(len(aged))
    start, read = aged[place]
    following = aged[place + 1][0] if place + 1 < len(aged) else now_ns
    end = min(following, start + _WEEK_NS)
    return start + int(chance.random() * (end - start)), max(0, read - start)
