"""Segments: every sound frame is read, whatever happened to its neighbours."""

from __future__ import annotations

import asyncio
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from canaries.crypto.sealed_box import BoxSealer
from listener.evidence import sighting as sightings
from listener.evidence.sighting import Sighting
from listener.journal import segment as segments
from listener.journal.journal import Journal
from listener.journal.segment import HEAD, Frame
from tests import steady
from tests.listener.journal.test_journal import PUBLIC, opener, sighting

FRAMES = 4


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("segment")

    async def scene() -> None:
        journal = Journal(folder, PUBLIC)
        for number in range(FRAMES):
            await journal.append(sighting(number))
        await journal.close()

    asyncio.run(scene())
    return segments.segments(folder)[0].read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("segments") / "x.journal"


def read(place: Path, content: bytes, *, complete: bool = True) -> list[Frame]:
    place.write_bytes(content)
    return list(segments.frames(place, opener(), complete=complete))


def numbers(frames: list[Frame]) -> list[int]:
    return [one.number for frame in frames for one in frame.sightings]


def test_a_segment_is_closed_once_its_writer_is_gone(tmp_path: Path) -> None:
    async def scene() -> None:
        journal = Journal(tmp_path, PUBLIC)
        await journal.append(sighting(1))
        (path,) = segments.segments(tmp_path)
        assert not segments.closed(path)
        await journal.close()
        assert segments.closed(path)

    asyncio.run(scene())


@given(cut=st.integers(0, 4000))
def test_a_segment_torn_anywhere_yields_its_whole_frames(cut: int, segment: bytes, place: Path) -> None:
    seen = numbers(read(place, segment[:cut], complete=False))
    assert seen == list(range(len(seen)))
    if cut >= len(segment):
        assert len(seen) == FRAMES


def test_any_byte_flipped_anywhere_costs_at_most_the_frame_it_is_in(segment: bytes, place: Path) -> None:
    bounds = [(frame.start, frame.end) for frame in read(place, segment)]
    for at in range(len(segment)):
        found = read(place, segment[:at] + bytes([segment[at] ^ 0x55]) + segment[at + 1 :])
        hurt = next(number for number, (start, end) in enumerate(bounds) if start <= at < end)
        assert set(range(FRAMES)) - set(numbers(found)) <= {hurt}, at
        assert [(frame.start, frame.end) for frame in found] == bounds, at
        if at < bounds[hurt][0] + HEAD.size:
            assert numbers(found) == list(range(FRAMES)), at  # length and checksum are made up for by the box
        elif 0 < hurt < FRAMES - 1:
            assert [frame.lost for frame in found if frame.problem] == [1], at


@given(at=st.integers(0, 1500), flips=st.binary(min_size=1, max_size=600))
def test_a_damaged_stretch_costs_the_frames_it_touches(
    at: int, flips: bytes, segment: bytes, place: Path
) -> None:
    at = min(at, len(segment) - 1)
    until = min(at + len(flips), len(segment))
    bounds = [(frame.start, frame.end) for frame in read(place, segment)]
    sound = {number for number, (start, end) in enumerate(bounds) if end <= at or start >= until}
    found = read(place, segment[:at] + flips[: until - at] + segment[until:])
    assert sound <= set(numbers(found))


@given(junk=st.binary(max_size=300), at=st.integers(0, 1500), complete=st.booleans())
def test_a_damaged_segment_never_raises_and_never_invents(
    junk: bytes, at: int, complete: bool, segment: bytes, place: Path
) -> None:
    found = read(place, segment[:at] + junk + segment[at + len(junk) :], complete=complete)
    assert all(one == sighting(one.number) for frame in found for one in frame.sightings)
    if complete:  # every byte is in a frame or in a piece that is named
        ends = [0, *(frame.end for frame in found)]
        assert [frame.start for frame in found] == ends[:-1]
        assert ends[-1] == place.stat().st_size


def test_what_a_visitor_sends_never_passes_for_a_frame(place: Path) -> None:
    """A whole frame, sealed for the right key, inside of a request: it is encrypted there, so nothing is found."""
    smuggled = framed(BoxSealer(PUBLIC, "journal"), sighting(99))
    outer = framed(BoxSealer(PUBLIC, "journal"), sighting(1, raw=smuggled * 3))
    damaged = outer[:20] + bytes([outer[20] ^ 1]) + outer[21:]
    after = framed(BoxSealer(PUBLIC, "journal"), sighting(2))
    assert numbers(read(place, damaged + after)) == [2]


def test_a_sound_looking_frame_of_another_key_is_no_place_to_go_on(place: Path) -> None:
    stranger = X25519PrivateKey.from_private_bytes(steady.key("stranger")).public_key().public_bytes_raw()
    forged = framed(BoxSealer(stranger, "journal"), sighting(99))
    after = framed(BoxSealer(PUBLIC, "journal"), sighting(2))
    found = read(place, b"damage" + forged + after)
    assert [(frame.problem, len(frame.sightings)) for frame in found] == [("damaged", 0), ("", 1)]


def test_a_frame_behind_more_damage_than_one_window_is_found(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = framed(BoxSealer(PUBLIC, "journal"), sighting(2))
    monkeypatch.setattr(segments, "_WINDOW", 64)
    for size in range(100, 300):  # the frame begins at every place of a window, also across two
        assert numbers(read(place, bytes(size) + after)) == [2]


def framed(sealer: BoxSealer, one: Sighting) -> bytes:
    box = sealer.seal(sightings.encode([one]))
    return HEAD.pack(len(box), zlib.crc32(box)) + box
