"""A removed segment is a provable gap; honest journals, restarts and repeats are none."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.core.clock import micros
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from listener.evidence.sighting import Sighting
from listener.ingest.drain import Drain
from listener.ingest.front_chains import FrontChains
from listener.journal.chain import FrameChain, FrameLink
from listener.journal.fronts import certify_front
from listener.journal.journal import Journal
from listener.journal.segment import Frame, segments
from listener.notify.channels import Alert
from listener.notify.row_codec import RowCodec
from tests import steady


def sighting(number: int, front: str) -> Sighting:
    return Sighting(
        f"{number:032x}", "http", micros(), ("198.51.100.7", 4), ("203.0.113.5", 80), "tcp", b"GET /",
        5, front, number, 1, {},
    )  # fmt: skip


def write(home: Home, count: int, *, certified: bool = True, per_segment: int = 1) -> None:
    """A front that writes ``count`` frames, so many a segment, and ends."""
    front, key = certify_front(home) if certified else ("e" * 16, steady.key("a front of nobody"))

    async def run() -> None:
        chain = FrameChain(front, key)
        size = 1 if per_segment == 1 else 1 << 20
        journal = Journal(home.journal_folder, home.keys.journal_public, segment_bytes=size, chain=chain)
        for number in range(1, count + 1):
            await journal.append(sighting(number, front))
        await journal.close()

    asyncio.run(run())


def drain(home: Home, steps: int = 100) -> int:
    """What a back takes in before it ends."""
    taken = 0
    back = Drain(home, lambda _: None)

    def take(sightings: list[Sighting], segment: str, offset: int | None) -> int:
        row = {"segment": segment, "offset": offset, "done": False}
        with home.store.write() as connection:
            store.upsert(connection, store.drained, row, {"offset": offset})
        return len(sightings)

    for _ in range(steps):
        found = back.step(take)
        taken += found
        if not found:
            break
    back.close()
    return taken


def told(home: Home) -> list[Alert]:
    codec = RowCodec(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(store.outbox)).all()
    return [alert for row in rows if (alert := codec.open(row.id, row.sealed))]


def received(home: Home) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, "received")]


def test_an_honest_journal_leaves_sums_and_no_alarm(home: Home) -> None:
    write(home, 3)
    write(home, 2, per_segment=9)
    assert drain(home) == 5
    assert told(home) == []
    assert verify(home).absent == ()
    batches = [batch for body in received(home) for batch in body["batches"]]
    assert sum(batch["last"] - batch["first"] + 1 for batch in batches) == 5
    with home.store.read() as connection:
        fronts = [entry.body for entry in home.reader.entries(connection, "started")]
    assert [bool(one["key"]) for one in fronts] == [True, True]


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_removed_segment_is_a_gap_that_is_told_and_stays(home: Home, gone: int) -> None:
    write(home, 4)
    segments(home.journal_folder)[gone].unlink()
    drain(home)
    (alert,) = told(home)
    assert alert.event == "integrity"
    assert "1 frame of front" in alert.note
    (sentence,) = verify(home).absent
    assert f"numbers {gone + 1} to {gone + 1}" in sentence


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_back_that_is_killed_in_between_sees_no_gap(home: Home, steps: int) -> None:
    write(home, 6, per_segment=9)
    write(home, 2)
    drain(home, steps)
    drain(home)
    assert told(home) == []
    assert verify(home).absent == ()


def test_a_removed_half_of_a_segment_is_missed_after_a_restart(home: Home) -> None:
    write(home, 1)
    (first,) = segments(home.journal_folder)
    kept = first.read_bytes()
    drain(home)
    first.write_bytes(kept)  # it comes again: nothing is missing
    drain(home)
    assert told(home) == []


def test_a_front_that_nobody_started_is_told(home: Home) -> None:
    write(home, 2, certified=False)
    assert drain(home) == 2
    assert "was not started by this listener" in told(home)[0].note
    assert "was not started" in verify(home).absent[0]


def test_frames_under_a_front_s_name_with_another_key_are_told(home: Home) -> None:
    write(home, 1)
    (path,) = Path(home.path / "fronts").iterdir()
    path.write_text(steady.key("another front").hex())
    drain(home)
    assert "not signed with that front's key" in told(home)[0].note


def test_a_forged_frame_hides_none_of_the_front_s_own(home: Home) -> None:
    """Its number is the forger's: were it believed, all that the front writes up to there would pass unexamined."""
    front, key = certify_front(home)
    own = FrameChain(front, key)
    chains = FrontChains(home)

    def see(link: FrameLink, content: bytes) -> None:
        chains.see(Frame(0, 0, link=link, content=content))

    first = own.link(b"1")
    own.written(first)
    see(first, b"1")
    forged = FrameLink(front, 50, bytes(32))
    see(msgspec.structs.replace(forged, signature=b"s" * 64), b"forged")
    own.written(own.link(b"removed"))
    see(own.link(b"3"), b"3")
    chains.flush(done=True)
    note = told(home)[0].note
    assert "frame 50" in note
    assert "1 frame of front" in note
    assert "before number 3 never came" in note
