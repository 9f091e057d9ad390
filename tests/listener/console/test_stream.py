"""Server-sent events: framing, resuming, heartbeats, an end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.console import stream


def ident(millis: int) -> str:
    """A UUIDv7 of this moment."""
    return f"{millis:012x}7000800000000000{millis % 10_000:04d}"


class Log:
    """A casebook that grows while it is followed: one batch of ids becomes visible at each look."""

    def __init__(self, *batches: list[str]) -> None:
        self.batches = list(batches)
        self.ids: list[str] = []

    def read(self, after: str, pause: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        while True:
            if self.batches:
                self.ids += self.batches.pop(0)
            for one in sorted(one for one in self.ids if one > after):
                after = one
                yield {"id": one}
            if pause():
                return


def over_after(sleeps: int) -> Callable[[float], bool]:
    slept = 0

    def over(seconds: float) -> bool:
        nonlocal slept
        slept += seconds > 0
        return slept >= sleeps

    return over


def ids(chunks: Iterable[str]) -> list[str]:
    return [line[4:] for chunk in chunks for line in chunk.splitlines() if line.startswith("id: ")]


def test_every_hit_goes_out_once_and_in_order() -> None:
    wanted = [ident(1_000_000 + number) for number in range(250)]
    log = Log(wanted[:100], wanted[100:101], [], wanted[101:])
    assert ids(stream.follow(log.read, "", over_after(60))) == wanted


def test_it_resumes_after_the_last_id_that_arrived() -> None:
    old, new = ident(1_000_000), ident(2_000_000)
    assert ids(stream.follow(Log([old, new]).read, old, over_after(1))) == [new]


def test_a_hit_that_becomes_visible_after_a_younger_one_is_not_lost() -> None:
    late, young = ident(1_000_000), ident(1_000_500)
    log = Log([young], *[[]] * 15, [late])
    assert ids(stream.follow(log.read, "", over_after(60))) == [young, late]


def test_silence_is_broken_by_comments() -> None:
    chunks = list(stream.follow(Log().read, "", over_after(3 * stream.BEAT)))
    assert chunks == [": welcome\n\n", *[": waiting\n\n"] * 3]


def test_it_ends_at_once_where_nobody_listens() -> None:
    assert list(stream.follow(Log([ident(1)]).read, "", lambda _: True)) == [": welcome\n\n"]


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    message = stream.message({"id": ident(1), "text": text})
    lines = message.split("\n")
    assert [line.partition(":")[0] for line in lines] == ["id", "event", "data", "", ""]
    assert json.loads(lines[2].removeprefix("data: "))["text"] == text
    assert "\r" not in message


@pytest.mark.parametrize(
    "bad", [None, "", "x", "A" * 32, f"{ident(1)}\n", ident(1)[:-1], f"{ident(1)}' or 1"]
)
def test_what_is_no_id_is_no_position(bad: str | None) -> None:
    assert stream.position(bad, ident(7)) == ident(7)
    assert stream.position(bad) == ""


def test_slots_are_bounded_and_come_back_once() -> None:
    slots = stream.Slots(2)
    first, second = slots.acquire(), slots.acquire()
    assert first
    assert second
    assert slots.acquire() is None
    first()
    first()
    assert slots.acquire() is not None
    assert slots.acquire() is None
