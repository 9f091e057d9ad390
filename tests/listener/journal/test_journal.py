"""The journal: what was acknowledged is there, what is torn was never acknowledged."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from canaries.core import files
from canaries.crypto.sealed_box import BoxOpener
from listener.evidence.sighting import Sighting
from listener.journal import journal as journals
from listener.journal import segment as segment_files
from listener.journal.journal import Journal, JournalError
from tests import steady

PRIVATE = X25519PrivateKey.from_private_bytes(steady.key("journal"))
PUBLIC = PRIVATE.public_key().public_bytes_raw()


def opener() -> BoxOpener:
    return BoxOpener(PRIVATE.private_bytes_raw(), "journal")


def sighting(number: int, raw: bytes = b"GET / HTTP/1.1\r\n\r\n") -> Sighting:
    return Sighting(
        id=f"{number:032x}",
        trap="http",
        observed_at=1_700_000_000_000_000 + number,
        peer=("192.0.2.1", 40000),
        local=("192.0.2.2", 80),
        transport="tcp",
        raw=raw,
        size=len(raw),
        front="f",
        number=number,
        connection=1,
        clock={"source": "ntp", "offset_us": 1, "checked_at": "2026-01-01T00:00:00.000000Z"},
    )


def everything(folder: Path) -> list[Sighting]:
    return [
        one
        for path in segment_files.segments(folder)
        for frame in segment_files.frames(path, opener())
        for one in frame.sightings
    ]


def test_an_appended_sighting_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    async def scene() -> list[Sighting]:
        journal = Journal(tmp_path, PUBLIC)
        await journal.append(sighting(1))
        seen = everything(tmp_path)  # before close: nothing may wait in memory
        await journal.close()
        assert (journal.refused, journal.problem) == (0, "")
        return seen

    assert asyncio.run(scene()) == [sighting(1)]


def test_what_one_turn_of_the_loop_brings_shares_frames_and_keeps_its_order(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await asyncio.gather(*(journal.append(sighting(number)) for number in range(500)))
        await journal.close()

    asyncio.run(scene())
    frames = list(segment_files.frames(segment_files.segments(tmp_path)[0], opener()))
    assert [len(frame.sightings) for frame in frames] == [256, 244]
    assert everything(tmp_path) == [sighting(number) for number in range(500)]


def test_closing_writes_what_waits_behind_a_frame(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        first = asyncio.gather(*(journal.append(sighting(number)) for number in range(3)))
        await asyncio.sleep(0)  # handed over, not yet written
        second = asyncio.gather(*(journal.append(sighting(number)) for number in range(3, 6)))
        await asyncio.sleep(0)
        await journal.close()
        assert first.done()
        assert second.done()
        with pytest.raises(JournalError, match="closed"):
            await journal.append(sighting(7))

    asyncio.run(scene())
    assert everything(tmp_path) == [sighting(number) for number in range(6)]


def test_a_new_segment_begins_at_the_size_limit(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC, segment_bytes=1000)
        for number in range(10):
            await journal.append(sighting(number, raw=b"x" * 600))
        await journal.close()

    asyncio.run(scene())
    assert len(segment_files.segments(tmp_path)) == 5
    assert not any(path.stat().st_mode & 0o137 for path in segment_files.segments(tmp_path)), (
        "the back's group reads"
    )
    assert [one.number for one in everything(tmp_path)] == list(range(10))


def test_over_its_limit_it_refuses_before_an_answer(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC, segment_bytes=500, limit_bytes=1500)
        await journal.append(sighting(0, raw=b"x" * 600))
        await journal.append(sighting(1, raw=b"x" * 600))
        with pytest.raises(JournalError, match="over its limit"):
            await journal.append(sighting(2, raw=b"x" * 600))
        await journal.close()

    asyncio.run(scene())
    assert len(everything(tmp_path)) == 2


def test_a_disk_error_reaches_everyone_who_waits_and_leaves_no_half_frame(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await journal.append(sighting(1))
        os.close(journal._descriptor)
        journal._descriptor = os.open("/dev/full", os.O_WRONLY)
        results = await asyncio.gather(*(journal.append(sighting(n)) for n in (2, 3)), return_exceptions=True)
        assert all(isinstance(result, JournalError) for result in results)
        await journal.append(sighting(4))  # a new segment: the disk is well again
        await journal.close()

    asyncio.run(scene())
    assert [one.number for one in everything(tmp_path)] == [1, 4]


CUT = """
import asyncio, resource, signal, sys
from pathlib import Path
from listener.journal.journal import Journal, JournalError
from tests.listener.journal.test_journal import PUBLIC, sighting

async def scene():
    folder = Path(sys.argv[1])
    journal = Journal(folder, PUBLIC)
    await journal.append(sighting(1))
    (segment,) = folder.iterdir()
    whole = segment.stat().st_size
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole + 100, resource.RLIM_INFINITY))
    try:
        await journal.append(sighting(2, raw=b"x" * 5000))
    except JournalError:
        print(segment.stat().st_size - whole)
    await journal.close()

asyncio.run(scene())
"""
"""The system takes 100 bytes of the second frame and no more."""


def test_what_got_out_of_a_failed_write_is_cut_off_again(tmp_path: Path) -> None:
    """It was acknowledged to nobody."""
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n"


def test_a_write_returns_once_it_is_on_disk(tmp_path: Path) -> None:
    """O_DSYNC on the segment (open(2)): what is acknowledged survives a power cut."""

    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await journal.append(sighting(1))
        assert fcntl.fcntl(journal._descriptor, fcntl.F_GETFL) & os.O_DSYNC
        await journal.close()

    asyncio.run(scene())


def test_a_new_segments_name_is_on_disk_before_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut a file without a name is a lost one."""
    synced: list[tuple[str, list[str]]] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        names = sorted(path.name for path in tmp_path.iterdir())
        synced.append((str(Path(f"/proc/self/fd/{descriptor}").readlink()), names))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)

    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC, segment_bytes=1)
        for number in (1, 2):
            await journal.append(sighting(number))
            names = sorted(path.name for path in segment_files.segments(tmp_path))
            assert len(names) == number
            assert synced[-1] == (str(tmp_path), names)
        await journal.close()

    asyncio.run(scene())


def test_a_segment_whose_name_could_not_be_synced_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = files.sync_folder

    def fails_once(folder: Path) -> None:
        monkeypatch.setattr(files, "sync_folder", sync)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        monkeypatch.setattr(files, "sync_folder", fails_once)
        with pytest.raises(JournalError):
            await journal.append(sighting(1))
        assert journal._descriptor == -1  # the number may be another file's by now
        await journal.append(sighting(2))
        await journal.close()

    asyncio.run(scene())
    assert [one.number for one in everything(tmp_path)] == [2]


def test_a_full_disk_leaves_no_file_for_each_try(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        journal._begin_segment()
        os.close(journal._descriptor)
        journal._descriptor = os.open("/dev/full", os.O_WRONLY)
        with pytest.raises(JournalError):
            await journal.append(sighting(1))
        await journal.close()

    asyncio.run(scene())
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_encoded_costs_no_other_sighting_its_place(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        hostile = msgspec.structs.replace(sighting(2), answer="\udcff")
        order = (sighting(1), hostile, sighting(3))
        results = await asyncio.gather(*map(journal.append, order), return_exceptions=True)
        assert [type(result) for result in results] == [type(None), JournalError, type(None)]
        await journal.append(sighting(4))
        await journal.close()

    asyncio.run(asyncio.wait_for(scene(), steady.PATIENCE))
    assert [one.number for one in everything(tmp_path)] == [1, 3, 4]


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await journal.close()
        with pytest.raises(JournalError, match="closed"):
            await journal.append(sighting(1))

    asyncio.run(scene())


def test_nothing_stands_in_clear_in_a_segment(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await journal.append(sighting(1, raw=b"GET /very-secret-path HTTP/1.1\r\n\r\n"))
        await journal.close()

    asyncio.run(scene())
    content = segment_files.segments(tmp_path)[0].read_bytes()
    assert b"very-secret" not in content
    assert b"192.0.2.1" not in content


def test_a_segment_that_is_removed_while_open_is_noticed_before_the_answer(tmp_path: Path) -> None:
    """What was answered is in a file that has a name: the next batch goes into a new segment."""

    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await journal.append(sighting(1))
        segment_files.segments(tmp_path)[0].unlink()
        await journal.append(sighting(2))
        await journal.append(sighting(3))
        await journal.close()

    asyncio.run(scene())
    assert everything(tmp_path) == [sighting(2), sighting(3)]


def test_where_every_segment_is_removed_nobody_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = journals._write_out

    def removed(descriptor: int, frame: bytes) -> None:
        real(descriptor, frame)
        for path in segment_files.segments(tmp_path):
            path.unlink()

    monkeypatch.setattr(journals, "_write_out", removed)

    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        with pytest.raises(JournalError, match="segments are removed"):
            await journal.append(sighting(1))
        await journal.close()

    asyncio.run(scene())


def test_a_portion_ends_where_it_is_full() -> None:
    async def parted() -> list[int]:
        one = (sighting(1, bytes(100)), asyncio.get_running_loop().create_future())
        return [len(part) for part in journals._portions([one] * 4, 200)]

    assert asyncio.run(parted()) == [2, 2]
