"""What every trap of a front shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from canaries.core.errors import HomeError
from canaries.installation.home import Home
from listener.net.context import TrapContext
from listener.runtime.front_files import front_files


def made(context: TrapContext) -> Any:
    return context.sighting(
        trap="http", peer=("192.0.2.1", 4), local=("192.0.2.2", 80), raw=b"GET", size=3, connection=1
    )


def test_sightings_are_numbered_without_a_gap_and_have_ids_of_their_own(home: Home) -> None:
    context = TrapContext.load(front_files(home), cast(Any, None))
    sightings = [made(context) for _ in range(3)]
    assert [one.number for one in sightings] == [1, 2, 3]
    assert {one.front for one in sightings} == {context.id}
    assert len({one.id for one in sightings}) == 3
    assert all(len(one.id) == 32 and int(one.id, 16) for one in sightings)
    assert [one.id[:14] for one in sightings] == sorted(one.id[:14] for one in sightings), "in order of time"
    assert sightings[0].clock == context.clock


def test_connections_are_counted(home: Home) -> None:
    context = TrapContext.load(front_files(home), cast(Any, None))
    assert [context.next_connection() for _ in range(3)] == [1, 2, 3]


def test_a_folder_without_its_files_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(HomeError):
        TrapContext.load(tmp_path, cast(Any, None))
