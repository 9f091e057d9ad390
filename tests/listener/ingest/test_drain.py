"""Draining: every frame once, over restarts; finished segments go, torn ones stay and are named."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import HomeError
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.ingest.drain import Drain
from listener.journal import journal as journals
from listener.journal.journal import Journal


def sighting(number: int) -> Sighting:
    return Sighting(
        id=f"{number:032x}", trap="http", observed_at=number, peer=("127.0.0.1", 1), local=("127.0.0.1", 2),
        transport="tcp", raw=b"x" * 50, size=50, front="f", number=number, connection=1, clock={},
    )  # fmt: skip


def write(home: Home, numbers: range, segment_bytes: int = 1 << 20) -> None:
    async def scene() -> None:
        journal = Journal(home.journal_folder, home.keys.journal_public, segment_bytes=segment_bytes)
        for number in numbers:
            await journal.append(sighting(number))
        await journal.close()

    asyncio.run(scene())


class Taker:
    """Stands for intake: keeps what it gets and moves the offset as intake does."""

    def __init__(self, home: Home) -> None:
        self.home, self.seen = home, list[int]()

    def __call__(self, sightings: list[Sighting], segment: str, offset: int) -> int:
        with self.home.store.write() as connection:
            row = {"segment": segment, "offset": offset, "done": False}
            store.upsert(connection, store.drained, row, {"offset": offset})
        self.seen += [one.number for one in sightings]
        return 0


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def drain(home: Home, said: list[str]) -> Iterator[Drain]:
    made = Drain(home, said.append)
    yield made
    made.close()


def drained(drain: Drain, taker: Taker) -> list[int]:
    while drain.step(taker):
        pass
    return taker.seen


def test_everything_is_handed_on_once_and_in_order(home: Home, drain: Drain) -> None:
    write(home, range(20), segment_bytes=1000)
    taker = Taker(home)
    assert drained(drain, taker) == list(range(20))
    write(home, range(20, 25))
    assert drained(drain, taker) == list(range(25))


def test_a_new_back_goes_on_where_the_old_one_committed(home: Home, said: list[str]) -> None:
    write(home, range(4))
    first = Drain(home, said.append)
    assert drained(first, Taker(home)) == list(range(4))
    first.close()
    write(home, range(4, 6))
    second = Drain(home, said.append)
    assert drained(second, Taker(home)) == [4, 5]
    second.close()


def test_what_was_not_committed_comes_again(home: Home, drain: Drain) -> None:
    write(home, range(3))

    def fails(*_: object) -> int:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        drain.step(fails)
    assert drained(drain, Taker(home)) == [0, 1, 2]


def test_finished_segments_are_removed_and_forgotten(home: Home, drain: Drain) -> None:
    write(home, range(10), segment_bytes=400)
    drained(drain, Taker(home))
    assert journals.segments(home.journal_folder) == []
    with home.store.read() as connection:
        assert connection.execute(select(store.drained)).all() == []


def test_a_segment_is_not_removed_under_its_writer_whatever_the_clock_names_the_others(
    home: Home, drain: Drain
) -> None:
    """The clock was set back, or two fronts share the folder: the newest name is not the newest segment."""
    taker = Taker(home)

    async def scene() -> None:
        journal = Journal(home.journal_folder, home.keys.journal_public)
        await journal.append(sighting(0))
        (home.journal_folder / f"{'9' * 17}-{'f' * 16}.journal").touch()
        assert drained(drain, taker) == [0]
        await journal.append(sighting(1))
        assert drained(drain, taker) == [0, 1]
        await journal.close()

    asyncio.run(scene())
    assert drained(drain, taker) == [0, 1]
    assert journals.segments(home.journal_folder) == []


def test_a_journal_at_its_limit_takes_again_once_it_is_drained(home: Home, drain: Drain) -> None:
    """Also where the limit is smaller than a segment: what has been read through must not count for ever."""
    taker = Taker(home)

    async def scene() -> None:
        journal = Journal(home.journal_folder, home.keys.journal_public, segment_bytes=400, limit_bytes=100)
        refused = False
        for number in range(20):
            try:
                await journal.append(sighting(number))
            except journals.JournalError:
                refused = True
                break
        assert refused
        drained(drain, taker)
        await journal.append(sighting(20))
        await journal.close()

    asyncio.run(scene())
    assert drained(drain, taker)[-1] == 20


def test_a_torn_end_is_kept_and_said(home: Home, drain: Drain, said: list[str]) -> None:
    write(home, range(2))
    (torn,) = journals.segments(home.journal_folder)
    with torn.open("ab") as file:
        file.write(b"\0\0\1\0half a frame")
    write(home, range(2, 3))
    assert drained(drain, Taker(home)) == [0, 1, 2]
    assert [path.name for path in home.journal_folder.glob("*.torn")] == [torn.with_suffix(".torn").name]
    assert "no whole record" in said[0]


def test_a_frame_of_another_key_is_skipped_and_said(home: Home, drain: Drain, said: list[str]) -> None:
    async def scene() -> None:
        journal = Journal(home.journal_folder, home.keys.vault_public)
        await journal.append(sighting(1))
        await journal.close()

    asyncio.run(scene())
    assert drained(drain, Taker(home)) == []
    assert "not for this installation's key" in said[0]


def test_a_second_back_on_the_same_journal_is_refused(home: Home, drain: Drain) -> None:
    with pytest.raises(HomeError, match="another listener"):
        Drain(home, print)
