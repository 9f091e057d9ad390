"""The runner of conversations: recorded before answered, limits kept, hostile bytes recorded and the line cut."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.journal.journal import JournalError
from listener.net.context import TrapContext
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.runtime.front_files import front_files
from listener.traps._stream import StreamSettings, StreamTrap
from tests import steady


class Parrot(Conversation):
    """A line protocol for these tests."""

    def greet(self) -> Iterable[Step]:
        yield Send(b"hello\n")

    def feed(self, data: bytes) -> Iterable[Step]:
        for word in data.split():
            match word:
                case b"raise":
                    raise ValueError(word)
                case b"tls":
                    yield Send(b"go\n")
                    yield StartTls()
                case b"bye":
                    yield Record("bye")
                    yield Send(b"bye\n")
                    yield Close()
                case b"wait":
                    continue
                case _:
                    yield Record("word", {"said": word.decode()})
                    yield Send(word.upper() + b"\n")


@dataclass(frozen=True, slots=True)
class ParrotSettings(StreamSettings):
    bind: tuple[str, ...] = ("127.0.0.1:0",)


class ParrotTrap(StreamTrap):
    name = "parrot"
    Settings = ParrotSettings
    conversation: ClassVar[type[Conversation]] = Parrot


class Journal:
    """In memory; full from a given number on."""

    def __init__(self, full_from: int = 1000) -> None:
        self.kept: list[Sighting] = []
        self._full_from = full_from

    async def append(self, sighting: Sighting) -> None:
        if len(self.kept) >= self._full_from:
            raise JournalError("full")
        self.kept.append(sighting)


@pytest.fixture
def folder(home: Home) -> Path:
    return front_files(home)


@asynccontextmanager
async def parrot(
    folder: Path, journal: Journal, *, trap: type[ParrotTrap] = ParrotTrap, **settings: Any
) -> AsyncIterator[tuple[Any, Any]]:
    running = trap(ParrotSettings(**settings), TrapContext.load(folder, journal))  # type: ignore[arg-type]
    listening = socket.create_server(("127.0.0.1", 0))
    await running.open([listening])
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        await running.close()
        listening.close()


def play(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), steady.PATIENCE))


def test_each_note_is_on_record_before_its_answer_and_holds_its_own_bytes(folder: Path) -> None:
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal) as (reader, writer):
            assert await reader.readline() == b"hello\n"
            for word in (b"one", b"two"):
                writer.write(word + b"\n")
                assert await reader.readline() == word.upper() + b"\n"
                assert journal.kept[-1].raw == word + b"\n"
        assert [seen.notes["said"] for seen in journal.kept] == ["one", "two"]
        assert {seen.connection for seen in journal.kept} == {1}

    play(scene)


def test_who_gives_too_much_to_record_is_cut_off(folder: Path) -> None:
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal, total_notes=3) as (reader, writer):
            await reader.readline()
            writer.write(b"a b c d e\n")
            assert await reader.read() == b"A\nB\n"
        assert [seen.notes["said"] for seen in journal.kept] == ["a", "b", "c"]

    play(scene)


def test_what_cannot_be_recorded_is_not_answered(folder: Path) -> None:
    journal = Journal(full_from=1)

    async def scene() -> None:
        async with parrot(folder, journal) as (reader, writer):
            await reader.readline()
            writer.write(b"one two\n")
            assert await reader.read() == b"ONE\n"

    play(scene)


def test_hostile_bytes_are_recorded_and_the_line_is_cut(folder: Path) -> None:
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal) as (reader, writer):
            await reader.readline()
            writer.write(b"raise\n")
            assert await reader.read() == b""

    play(scene)
    assert journal.kept[0].raw == b"raise\n"
    assert journal.kept[0].notes == {"request": "unreadable", "error": "ValueError"}


def test_bytes_that_led_to_nothing_are_recorded_at_the_end(folder: Path) -> None:
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal) as (reader, writer):
            await reader.readline()
            writer.write(b"wait\n")
            writer.write_eof()
            await reader.read()

    play(scene)
    assert [seen.raw for seen in journal.kept] == [b"wait\n"]


def test_close_ends_the_connection_after_the_last_word(folder: Path) -> None:
    async def scene() -> None:
        async with parrot(folder, Journal()) as (reader, writer):
            await reader.readline()
            writer.write(b"bye one\n")
            assert await reader.read() == b"bye\n"

    play(scene)


def test_a_silent_client_is_not_kept(folder: Path) -> None:
    async def scene() -> None:
        async with parrot(folder, Journal(), idle_seconds=0.3) as (reader, _):
            assert await reader.read() == b"hello\n"

    play(scene)


def test_only_so_many_bytes_are_kept_and_only_so_many_taken(folder: Path) -> None:
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal, kept_bytes=10, total_bytes=1000) as (reader, writer):
            await reader.readline()
            writer.write(b"wait " * 300)
            await reader.read()

    play(scene)
    assert (journal.kept[0].raw, journal.kept[0].size) == (b"wait wait ", 1500)


def test_tls_begins_where_the_conversation_says_so(folder: Path) -> None:
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal) as (reader, writer):
            await reader.readline()
            writer.write(b"tls\n")
            assert await reader.readline() == b"go\n"
            context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
            await writer.start_tls(context, server_hostname="127.0.0.1")
            writer.write(b"secret\n")
            assert await reader.readline() == b"SECRET\n"

    play(scene)
    assert journal.kept[-1].raw == b"tls\nsecret\n"  # what asked for TLS led to no note of its own
    assert journal.kept[-1].tls is not None
    assert journal.kept[-1].tls["version"].startswith("TLSv1.")


class MacawTrap(ParrotTrap):
    name = "macaw"


def test_each_trap_counts_on_its_own_from_anywhere(folder: Path) -> None:
    """One count for all traps would tell how many come elsewhere; one from 1 would repeat after each start."""
    front = TrapContext.load(folder, Journal())  # type: ignore[arg-type]
    traps = [kind(ParrotSettings(), front) for kind in (ParrotTrap, MacawTrap, ParrotTrap)]
    numbers = [[trap.next_number() for _ in range(40)] for trap in traps]
    for drawn in numbers:
        assert {after - before for before, after in itertools.pairwise(drawn)} <= {1, 2, 3}
    assert (
        len({tuple(after - before for before, after in itertools.pairwise(drawn)) for drawn in numbers}) == 3
    )


class Myna(Conversation):
    """Shows a long name in each note."""

    def feed(self, data: bytes) -> Iterable[Step]:
        for _ in data:
            yield Record("word", {"said": "x" * 1000})
            yield Send(b".")


class MynaTrap(ParrotTrap):
    name = "myna"
    conversation = Myna


def test_who_gives_long_notes_is_cut_off(folder: Path) -> None:
    """A name of 1 KB behind each of whose bytes stands another note."""
    journal = Journal()

    async def scene() -> None:
        async with parrot(folder, journal, trap=MynaTrap, total_bytes=10_000) as (reader, writer):
            writer.write(b"a" * 100)
            assert await reader.read() == b"." * 9

    play(scene)
    assert len(journal.kept) == 10


class Shouter(Conversation):
    """Answers each byte with many."""

    made = 0

    def feed(self, data: bytes) -> Iterable[Step]:
        for _ in data:
            type(self).made += 1
            yield Send(b"x" * 1_000_000)


class ShouterTrap(ParrotTrap):
    name = "shouter"
    conversation = Shouter


def test_answers_are_made_as_they_are_taken(folder: Path) -> None:
    """A client that asks a thousand times for a megabyte and reads none is given what the sockets hold."""

    async def scene() -> None:
        async with parrot(folder, Journal(), trap=ShouterTrap) as (_, writer):
            writer.transport.pause_reading()
            writer.write(b"a" * 1000)
            await steady.soon(lambda: Shouter.made)
            assert 0 < Shouter.made < 100  # those behind are made when the client has gone, for their records

    play(scene)


class Chatterer(Conversation):
    """Has much to say of each byte, and records none of it."""

    made = 0

    def feed(self, data: bytes) -> Iterable[Step]:
        for _ in data:
            type(self).made += 1
            yield Send(b"")


class ChattererTrap(ParrotTrap):
    name = "chatterer"
    conversation = Chatterer


def test_others_get_their_turn_while_one_asks_a_hundred_thousand_times(folder: Path) -> None:
    """What nothing is recorded of waits for nothing: without a turn for others it would all be done at once."""
    turns = list[int]()

    async def scene() -> None:
        async with parrot(folder, Journal(), trap=ChattererTrap) as (_, writer):
            writer.write(b"a" * 100_000)
            while Chatterer.made < 100_000:
                if not turns or Chatterer.made != turns[-1]:
                    turns.append(Chatterer.made)
                await asyncio.sleep(0)

    play(scene)
    assert max(after - before for before, after in itertools.pairwise([0, *turns, 100_000])) < 1000
