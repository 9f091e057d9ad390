"""The journal's lanes: noise of one network neither goes before nor keeps out what others send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from canaries.crypto.sealed_box import BoxOpener
from canaries.crypto.seeded_random import BASE36, BASE62
from canaries.crypto.sieve import Sieve
from listener.evidence.sighting import Sighting
from listener.journal import segment
from listener.journal.journal import JournalError
from listener.net.lanes import KEPT_BYTES, Lanes
from listener.net.overload import Overload
from listener.net.shares import Shares

PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
SIEVE = Sieve(bytes(32))
LABEL = SIEVE.passing("a" * 21 + "?", BASE36)
SECRET = SIEVE.passing("A" * 21 + "?", BASE62)


@dataclass
class Ticks:
    now: float = 50.0

    def __call__(self) -> float:
        return self.now


def sighting(raw: bytes, source: str = "192.0.2.1") -> Sighting:
    return Sighting(
        id="0" * 32, trap="http", observed_at=0, peer=(source, 1), local=("127.0.0.1", 2), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={},
    )  # fmt: skip


def run(folder: Path, work: Callable[[Lanes], Awaitable[None]], **limits: int) -> Overload:
    overload = Overload()

    async def whole() -> None:
        lanes = Lanes(
            folder,
            PRIVATE.public_key().public_bytes_raw(),
            SIEVE,
            overload,
            monotonic=Ticks(),
            **limits,  # type: ignore[arg-type]
        )
        await work(lanes)
        await lanes.close()

    asyncio.run(whole())
    return overload


def lane(folder: Path, *, bulk: bool) -> list[Sighting]:
    opener = BoxOpener(PRIVATE.private_bytes_raw(), "journal")
    return [
        one
        for path in segment.segments(folder)
        if segment.is_bulk(path) is bulk
        for frame in segment.frames(path, opener, complete=True)
        for one in frame.sightings
    ]


def test_small_ones_go_first_and_large_ones_do_not(tmp_path: Path) -> None:
    async def work(lanes: Lanes) -> None:
        await lanes.append(sighting(b"GET /small"))
        await lanes.append(sighting(b"GET /large".ljust(20_000)))
        await lanes.append(sighting(f"GET /{LABEL}/ ".encode().ljust(20_000)))

    run(tmp_path, work)
    assert [one.raw[:10] for one in lane(tmp_path, bulk=False)] == [
        b"GET /small",
        f"GET /{LABEL}".encode()[:10],
    ]
    assert [one.raw[:10] for one in lane(tmp_path, bulk=True)] == [b"GET /large"]


def test_a_network_with_many_small_ones_gives_way_but_for_what_may_be_bait(tmp_path: Path) -> None:
    async def work(lanes: Lanes) -> None:
        await asyncio.gather(
            *(lanes.append(sighting(b"GET /%d" % n, f"192.0.2.{n % 250}")) for n in range(3000))
        )
        await lanes.append(sighting(f"GET /{LABEL}/".encode()))
        await lanes.append(sighting(b"GET /other", "198.51.100.1"))

    run(tmp_path, work)
    first = [one.raw for one in lane(tmp_path, bulk=False)]
    assert len(first) == 2002
    assert first[-2:] == [f"GET /{LABEL}/".encode(), b"GET /other"]
    assert len(lane(tmp_path, bulk=True)) == 1000


def test_many_networks_with_small_ones_give_way_together_but_for_what_may_be_bait(tmp_path: Path) -> None:
    async def work(lanes: Lanes) -> None:
        await asyncio.gather(
            *(lanes.append(sighting(b"GET /%d" % n, f"198.18.{n % 250}.1")) for n in range(5000))
        )
        await lanes.append(sighting(b"GET /other", "198.51.100.1"))
        await lanes.append(sighting(f"GET /{LABEL}/".encode(), "203.0.113.1"))

    run(tmp_path, work)
    first = [one.raw for one in lane(tmp_path, bulk=False)]
    assert len(first) == 4001
    assert first[-1] == f"GET /{LABEL}/".encode()
    assert len(lane(tmp_path, bulk=True)) == 1001


def test_heavy_ones_count_for_many(tmp_path: Path) -> None:
    async def work(lanes: Lanes) -> None:
        for number in range(1000):
            await lanes.append(sighting(bytes(16_000), f"198.18.{number % 250}.1"))

    run(tmp_path, work)
    assert len(lane(tmp_path, bulk=False)) == 4000 // 8


async def _without_end(lanes: Lanes) -> None:
    for _ in range(1000):
        await lanes.append(sighting(bytes(100_000)))
        lanes._looked_at = 0.0  # the clock stands still here


def test_large_uses_of_one_bait_give_way_to_others(tmp_path: Path) -> None:
    """Whoever has one bait keeps the back busy with it no longer than with as many bytes of small ones."""
    large = f"GET /{LABEL}/ ".encode().ljust(1 << 20, b"x")

    async def work(lanes: Lanes) -> None:
        for number in range(20):
            await lanes.append(sighting(large, f"192.0.2.{number}"))
        await lanes.append(sighting(large, "198.51.100.1"))

    run(tmp_path, work)
    assert [one.source[0] for one in lane(tmp_path, bulk=False)][-1] == "198.51.100.1"
    assert len(lane(tmp_path, bulk=False)) == 7 + 1
    assert len(lane(tmp_path, bulk=True)) == 20 - 7


def test_beyond_its_share_a_network_is_cut_and_then_refused_and_others_are_not(tmp_path: Path) -> None:
    async def work(lanes: Lanes) -> None:
        with pytest.raises(JournalError, match="share"):
            await _without_end(lanes)
        await lanes.append(sighting(b"GET /small", "198.51.100.1"))
        await lanes.append(sighting(bytes(100_000), "203.0.113.1"))

    overload = run(tmp_path, work, limit_bytes=4_000_000, segment_bytes=200_000)
    counts = overload.episodes()["journal"]["counts"]
    assert counts["shed"] == 1
    assert counts["cut"] > 10
    kept = lane(tmp_path, bulk=True)
    assert {len(one.raw) for one in kept} == {100_000, KEPT_BYTES}
    assert all(one.size == 100_000 for one in kept)
    assert [one.source[0] for one in lane(tmp_path, bulk=False)] == ["198.51.100.1", "203.0.113.1"]
    assert segment.held(tmp_path) < 4_000_000


def test_a_thousand_networks_with_a_share_each_leave_the_rest_to_small_ones_and_the_last_to_bait(
    tmp_path: Path,
) -> None:
    async def pour(lanes: Lanes, size: int) -> None:
        for number in range(20_000):
            await lanes.append(sighting(bytes(size), f"198.18.{number // 250}.{number % 250}"))

    async def work(lanes: Lanes) -> None:
        with pytest.raises(JournalError, match="nearly full"):
            await pour(lanes, 100_000)  # the clock stands still, so nothing looks at the folder again
        with pytest.raises(JournalError, match="may be bait"):
            await pour(lanes, 5_000)
        await lanes.append(sighting(f"GET /{LABEL}/".encode(), "203.0.113.1"))
        await lanes.append(sighting(f"GET /{LABEL}/ ".encode().ljust(60_000), "203.0.113.2"))

    run(tmp_path, work, limit_bytes=4_000_000, segment_bytes=200_000)
    assert [one.source[0] for one in lane(tmp_path, bulk=False)][-2:] == ["203.0.113.1", "203.0.113.2"]
    assert segment.held(tmp_path) < 4_000_000


def test_what_may_be_bait_costs_the_same_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a visitor who has sent much could measure which of their guesses pass the sieve."""
    calls: list[str] = []
    for owner, name in ((Shares, "take"), (Sieve, "passing")):
        real = getattr(owner, name)
        monkeypatch.setattr(
            owner, name, lambda *given, real=real, name=name: [calls.append(name), real(*given)][1]
        )
    words = LABEL, "b" * 22, SECRET, f"{LABEL} {'b' * 22}", f"{'b' * 22} {LABEL}", f"{'b' * 22} {'c' * 22}"
    cost: dict[str, list[str]] = {}

    async def work(lanes: Lanes) -> None:
        for number in range(2000):
            await lanes.append(sighting(b"GET /%d" % number))
        for word in words:
            calls.clear()
            await lanes.append(sighting(f"GET /{word}/ ".encode()))
            cost[word] = sorted(calls)

    run(tmp_path, work)
    assert [one.raw for one in lane(tmp_path, bulk=False)][2000:] == [
        f"GET /{word}/ ".encode() for word in words if LABEL in word or SECRET in word
    ]
    assert cost[words[0]] == cost[words[1]] == cost[words[2]]
    assert cost[words[3]] == cost[words[4]] == cost[words[5]]
