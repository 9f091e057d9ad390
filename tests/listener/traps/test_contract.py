"""What every trap must do, whatever its protocol: found by its file, bound by its settings, thrown by no bytes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import re
import socket
import sys
import tracemalloc
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canaries.core import plugins
from canaries.core.settings import bind
from canaries.installation.home import Home
from listener import traps
from listener.evidence.sighting import Sighting
from listener.net.context import TrapContext
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.datagram_exchange import DatagramExchange, exchange_datagram
from listener.protocol.identity import Identity
from listener.runtime.front_files import front_files
from listener.traps import Trap
from listener.traps._stream import StreamTrap
from tests import hooks, steady
from tests.every import in_part_and_whole

TRAPS = plugins.classes(traps.FOLDER, Trap)
EXCHANGES = sorted(name for name, trap in TRAPS.items() if "udp" in trap.transports)
CONVERSATIONS = sorted(name for name, trap in TRAPS.items() if issubclass(trap, StreamTrap))


def plain(value: object) -> None:
    """It can be written into an entry: text, integers, truths, lists and maps of them; no floats, no bytes."""
    if isinstance(value, dict):
        for key, item in value.items():
            assert isinstance(key, str)
            plain(item)
    elif isinstance(value, list | tuple):
        for item in value:
            plain(item)
    else:
        assert value is None or isinstance(value, str | int), f"{value!r} cannot stand in an entry"


def conversation(name: str) -> Conversation:
    trap = TRAPS[name]
    assert issubclass(trap, StreamTrap)
    return trap.conversation(Identity(b"k" * 32), 1)


def exchange(name: str) -> DatagramExchange:
    trap: Any = TRAPS[name]
    made: DatagramExchange = trap.exchange(Identity(b"k" * 32), bind(trap.Settings, {}, f"traps.{name}"))
    return made


def sighting(name: str, raw: bytes) -> Sighting:
    return Sighting(
        id="0" * 32, trap=name, observed_at=0, peer=("192.0.2.1", 4000), local=("192.0.2.2", 1), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={},
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(TRAPS))
def test_its_file_is_called_like_it_and_its_settings_bind_to_loopback(name: str) -> None:
    trap = TRAPS[name]
    assert trap.__module__ == f"listener.traps.{name.replace('-', '_')}"
    assert dataclasses.is_dataclass(trap.Settings)
    bound: Any = bind(trap.Settings, {}, f"traps.{name}")
    assert all(address.startswith(("127.0.0.1:", "[::1]:")) for address in bound.bind)


@pytest.mark.parametrize("name", sorted(TRAPS))
@given(raw=st.binary(max_size=600))
@settings(max_examples=50)
def test_its_back_half_reads_any_bytes(name: str, raw: bytes) -> None:
    reading = TRAPS[name].read(sighting(name, raw))
    assert all(isinstance(candidate, bytes) for candidate in reading.candidates)
    plain(reading.observed)


@pytest.mark.parametrize("name", CONVERSATIONS)
@given(chunks=st.lists(st.binary(min_size=1, max_size=200), max_size=6))
@settings(max_examples=100)
def test_any_bytes_give_steps_or_one_error(name: str, chunks: list[bytes]) -> None:
    talk = conversation(name)
    steps = list(talk.greet())
    for data in chunks:
        try:
            for step in talk.feed(data):
                steps.append(step)
                assert len(steps) < 10_000
        except Exception:  # noqa: BLE001  the runner records the bytes and closes
            break
    assert all(isinstance(step, Send | Record | StartTls | Close) for step in steps)
    for step in steps:
        if isinstance(step, Record):
            plain(dict(step.shown))


@pytest.mark.parametrize("name", CONVERSATIONS)
@pytest.mark.parametrize("verb", [b"GET", b"POST", b"HEAD", b"OPTIONS"])
def test_what_a_scanner_of_the_web_asks_is_noted_whole_before_it_is_answered(name: str, verb: bytes) -> None:
    talk, seen = conversation(name), list[tuple[Step, int]]()
    list(talk.greet())
    said = verb + b" /wp-login.php?key=k3v9x2mq7dh4t8w1 HTTP/1.1\r\nHost: a.example\r\n\r\n"
    with contextlib.suppress(Exception):  # the runner records the bytes and closes
        for step in talk.feed(said):
            seen.append((step, talk.unread))
    first = next((n for n, (step, _) in enumerate(seen) if isinstance(step, Send)), len(seen))
    noted = [unread for step, unread in seen[:first] if isinstance(step, Record)]
    assert first == len(seen) or min(noted, default=len(said)) <= len(said) // 2, "answered first"


MOST_KEPT = 2 << 20
"""Bytes that a conversation may hold of one client, whatever that sends: a login packet's largest, and its parts."""


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_whatever_a_client_sends_little_of_it_is_kept(name: str) -> None:
    """Behind each first packet come bytes without an end, or short lines, or the same packet again and again."""
    piece = 65_536
    for first in (b"A", *hooks.first_packets(name)):
        short = b"a\r\n" * 2000, first * (6000 // len(first))
        for endless, times in (
            (b"A" * piece, 40),
            (b"\xff" * piece, 40),
            (bytes(piece), 40),
            *((one, 2) for one in short),
        ):
            talk = conversation(name)
            steps = [*talk.greet()]
            with contextlib.suppress(Exception):  # the runner records the bytes and closes
                steps += talk.feed(first)
                for _ in range(times):
                    if any(isinstance(step, Close) for step in steps):
                        break
                    steps = [*talk.feed(endless)]
            assert held(talk) < MOST_KEPT


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_behind_a_login_little_is_kept_either(name: str) -> None:
    floods = hooks.floods(name)
    assert floods, f"tests/listener/traps/test_{name}.py names no FLOODS"
    for flood in floods:
        talk = conversation(name)
        list(talk.greet())
        for number, piece in enumerate(flood):
            assert not [step for step in talk.feed(piece) if isinstance(step, Close)], (
                f"it is to go on behind {number}"
            )
        assert held(talk) < MOST_KEPT


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_who_goes_beyond_what_the_protocol_has_is_sent_away(name: str) -> None:
    for flood in hooks.cut_off(name):
        talk, steps = conversation(name), list[Step]()
        list(talk.greet())
        *first, last = flood
        for piece in first:
            steps += talk.feed(piece)
        assert Close() not in steps, "not yet"
        try:
            ends = Close() in list(talk.feed(last))
        except Exception:  # noqa: BLE001  the runner records the bytes and closes
            ends = True
        assert ends, last[:80]


MOST_SPENT = 256
"""Calls of functions for each byte that a client sends: a query of twenty bytes costs some thousand."""
_SOME = 100_000
"""So many bytes of a flood are its part: what grows with the square of them is beyond `MOST_SPENT` by then."""


@pytest.mark.parametrize("name", CONVERSATIONS)
@in_part_and_whole
def test_what_a_flood_costs_grows_with_its_bytes_alone(name: str, whole: bool) -> None:
    """Whether it comes as one piece or in crumbs."""
    for flood in hooks.floods(name):
        talk = conversation(name)
        list(talk.greet())
        size = calls = 0

        def count(_: object, event: str, __: object) -> None:
            nonlocal calls
            calls += event.endswith("call")

        sys.setprofile(count)
        try:
            for piece in flood:
                if size > _SOME and not whole:
                    break
                size += len(piece)
                for _ in talk.feed(piece):
                    pass
        finally:
            sys.setprofile(None)
        assert calls < MOST_SPENT * size


UNHELD = sorted(name for name in TRAPS if name not in CONVERSATIONS and "tcp" in TRAPS[name].transports)


MOST_HELD = 3 << 20
"""Bytes that one of them and a client take: what is kept of a request is a MiB, and buffers of both sides."""


class Forgetful:
    """A journal that keeps nothing."""

    async def append(self, _: Sighting) -> None:
        await asyncio.sleep(0)


@in_part_and_whole
@pytest.mark.parametrize("name", UNHELD)
def test_of_one_connection_to_the_others_little_is_kept_either(name: str, home: Home, whole: bool) -> None:
    """Memory of the whole process, with the client in it."""
    sieges = hooks.sieges(name)
    assert sieges, f"tests/listener/traps/test_{name}.py names no FLOODS"
    for siege in sieges if whole else sieges[::2]:
        kept = asyncio.run(asyncio.wait_for(taken_by(name, siege, front_files(home)), steady.PATIENCE))
        assert kept < MOST_HELD, siege


async def taken_by(name: str, siege: hooks.Siege, folder: Path) -> int:
    """Bytes that the process holds while a flood is held, beyond those before it."""
    front: Any = TrapContext.load(folder, Forgetful())  # type: ignore[arg-type]
    trap = TRAPS[name](bind(TRAPS[name].Settings, {}, f"traps.{name}"), front)
    listening = socket.create_server(("127.0.0.1", 0))
    await trap.open([listening])
    try:
        async with siege(*listening.getsockname()):
            pass  # what is made once is made now
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        async with siege(*listening.getsockname()):
            gc.collect()
            return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        await trap.close()
        listening.close()


def held(value: object, seen: set[int] | None = None) -> int:
    """Bytes that an object holds on to, itself and all it leads to."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, type | Identity):
        return 0
    seen.add(id(value))
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + sum(held(key, seen) + held(item, seen) for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset | deque):
        return size + sum(held(item, seen) for item in value)
    slots = [name for base in type(value).__mro__ for name in getattr(base, "__slots__", ())]
    parts = [*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in slots)]
    return size + sum(held(part, seen) for part in parts)


PRESCRIBED = 12
"""Bytes of a greeting that holds nothing but the protocol's version: ``RFB 003.008`` and a line feed, say."""
ALIKE = {"ftp": "all vsftpd of the distributions that hosts are drawn from greet so"}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_no_greeting_names_the_product_and_installations_greet_differently(name: str) -> None:
    conversation: type[Conversation] = getattr(TRAPS[name], "conversation")  # noqa: B009  not every trap has one
    said = {
        b"".join(step.data for step in conversation(Identity(key), 1).greet() if isinstance(step, Send))
        for key in (steady.key(f"installation {number}") for number in range(24))
    }
    assert not [one for one in said if re.search(rb"(?i)trapline|canar|honey", one)]
    assert len(said) > 1 or max(map(len, said)) <= PRESCRIBED or name in ALIKE


@pytest.mark.parametrize("name", sorted(TRAPS))
def test_its_transports_are_known_and_each_has_its_half(name: str) -> None:
    transports = TRAPS[name].transports
    assert transports
    assert set(transports) <= {"tcp", "udp"}
    assert (name in EXCHANGES) == hasattr(TRAPS[name], "exchange")


@pytest.mark.parametrize("name", EXCHANGES)
@given(data=st.binary(max_size=1500))
@settings(max_examples=200)
def test_a_datagram_is_one_note_and_at_most_one_answer_that_is_not_much_longer(
    name: str, data: bytes
) -> None:
    """Whoever forges a source address must gain nothing by it."""
    talk = exchange(name)
    assert talk.growth <= 4
    try:
        steps = list(talk.respond(data))
    except Exception:  # noqa: BLE001  recorded as unreadable, answered by nothing
        return
    note, *said = steps
    assert isinstance(note, Record)
    plain(dict(note.shown))
    assert len(said) <= 1
    for step in said:
        assert isinstance(step, Send)
        assert len(step.data) <= talk.growth * len(data)


@pytest.mark.parametrize("name", EXCHANGES)
@given(earlier=st.lists(st.binary(max_size=64), max_size=5), data=st.binary(max_size=64))
@settings(max_examples=50)
def test_an_exchange_remembers_nothing(name: str, earlier: list[bytes], data: bytes) -> None:
    """One visitor's datagrams neither change what another gets nor take up memory."""
    used, fresh = exchange(name), exchange(name)
    for one in earlier:
        exchange_datagram(used, one)
    assert exchange_datagram(used, data) == exchange_datagram(fresh, data)
