"""Draining: every frame once, over restarts; finished segments go, torn ones stay and are named."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import HomeError
from canaries.crypto.sealed_box import BoxOpener
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.ingest.drain import BATCH, Drain
from listener.journal import journal as journals
from listener.journal import segment as segment_files
from listener.journal.journal import Journal
from tests import steady


def sighting(number: int) -> Sighting:
    return Sighting(
        id=f"{number:032x}", trap="http", observed_at=number, peer=("127.0.0.1", 1), local=("127.0.0.1", 2),
        transport="tcp", raw=b"x" * 50, size=50, front="f", number=number, connection=1, clock={},
    )  # fmt: skip


def write(home: Home, numbers: range, segment_bytes: int = 1 << 20, *, bulk: bool = False) -> None:
    async def scene() -> None:
        journal = Journal(
            home.journal_folder, home.keys.journal_public, segment_bytes=segment_bytes, bulk=bulk
        )
        for number in numbers:
            await journal.append(sighting(number))
        await journal.close()

    asyncio.run(scene())


class Taker:
    """Stands for intake: keeps what it gets and moves the offset as intake does."""

    def __init__(self, home: Home) -> None:
        self.home, self.seen = home, list[int]()

    def __call__(self, sightings: list[Sighting], segment: str, offset: int | None) -> int:
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
    assert segment_files.segments(home.journal_folder) == []
    with home.store.read() as connection:
        assert connection.execute(select(store.drained)).all() == []
    assert drain._offsets == {}


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
    assert segment_files.segments(home.journal_folder) == []


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
    (torn,) = segment_files.segments(home.journal_folder)
    with torn.open("ab") as file:
        file.write(b"\0\0\1\0half a frame")
    write(home, range(2, 3))
    assert drained(drain, Taker(home)) == [0, 1, 2]
    (kept,) = home.journal_folder.glob("*.torn")
    assert kept.read_bytes() == b"\0\0\1\0half a frame"
    assert len(said) == 1
    assert "no whole record" in said[0]
    assert kept.name in said[0]


def test_a_damaged_frame_costs_that_frame_and_is_counted_and_kept(
    home: Home, drain: Drain, said: list[str]
) -> None:
    write(home, range(1, 11))
    (path,) = segment_files.segments(home.journal_folder)
    second, third = list(segment_files.frames(path, BoxOpener(home.keys.journal, "journal")))[1:3]
    whole = bytearray(path.read_bytes())
    whole[second.end - 5] ^= 1
    path.write_bytes(whole)
    assert drained(drain, Taker(home)) == [1, 3, 4, 5, 6, 7, 8, 9, 10]
    (kept,) = home.journal_folder.glob("*.damaged")
    assert kept.read_bytes() == whole[second.start : third.start]
    (line,) = said
    assert "at most 1 sightings are lost, though their visitors were answered" in line
    assert kept.name in line
    assert segment_files.segments(home.journal_folder) == []


def test_a_damaged_last_frame_is_not_called_torn(home: Home, drain: Drain, said: list[str]) -> None:
    write(home, range(1, 3))
    (path,) = segment_files.segments(home.journal_folder)
    whole = bytearray(path.read_bytes())
    whole[-1] ^= 1
    path.write_bytes(whole)
    assert drained(drain, Taker(home)) == [1]
    assert "the sightings in them are lost, though their visitors were answered" in said[0]
    assert [kept.suffix for kept in home.journal_folder.iterdir()] == [".damaged"]


def test_a_segment_in_the_making_is_read_past_its_damage_at_once(home: Home, drain: Drain) -> None:
    async def scene() -> list[int]:
        journal = Journal(home.journal_folder, home.keys.journal_public)
        for number in range(1, 5):
            await journal.append(sighting(number))
        (path,) = segment_files.segments(home.journal_folder)
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2 + 20)
            byte = file.read(1)
            file.seek(-1, 1)
            file.write(bytes([byte[0] ^ 1]))
        seen = list(drained(drain, Taker(home)))
        await journal.close()
        return seen

    assert asyncio.run(scene()) == [1, 2, 4]


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


def test_the_bulk_lane_waits_for_the_other_and_is_not_forgotten(home: Home, drain: Drain) -> None:
    write(home, range(100, 110), segment_bytes=1, bulk=True)
    write(home, range(12), segment_bytes=1)
    taker = Taker(home)
    while drain.step(taker):
        pass
    assert [number for number in taker.seen if number < 100] == list(range(12))
    assert [number for number in taker.seen if number >= 100] == list(range(100, 110))
    assert taker.seen.index(100) == 7, "every eighth turn is of the bulk lane"
    assert taker.seen[8:13] == [7, 8, 9, 10, 11]


def test_behind_a_full_batch_batches_are_larger_until_nothing_waits(home: Home, drain: Drain) -> None:
    def sizes(first: int, count: int) -> list[int]:
        write(home, range(first, first + count), segment_bytes=1 << 24)
        return list(iter(lambda: drain.step(Taker(home)), 0))

    many = 3 * BATCH + 7
    assert sizes(1, many) == [BATCH, many - BATCH]
    assert sizes(many + 1, BATCH + 7) == [BATCH, 7]


def test_a_large_batch_counts_as_several_turns_of_the_bulk_lane(home: Home, drain: Drain) -> None:
    write(home, range(100_000, 100_001), bulk=True)
    write(home, range(20 * BATCH), segment_bytes=1 << 24)
    taker = Taker(home)
    while drain.step(taker):
        pass
    assert sorted(taker.seen) == [*range(20 * BATCH), 100_000]
    assert taker.seen.index(100_000) == 9 * BATCH, "a batch of one size, two of four"


def test_another_thread_can_wait_until_what_came_before_is_taken_in(home: Home, drain: Drain) -> None:
    write(home, range(1, 3))
    taker = Taker(home)
    settled = threading.Event()

    def wait() -> None:
        drain.settled()
        settled.set()

    thread = threading.Thread(target=wait)
    thread.start()
    steady.until(lambda: thread.is_alive())
    assert drain.step(taker) == 2
    assert not settled.is_set()
    steady.until(lambda: drain.step(taker) == 0 and settled.is_set())
    thread.join(steady.PATIENCE)
    assert taker.seen == [1, 2]
