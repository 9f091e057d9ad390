"""What contract tests ask of a plug-in's own test file, found by the plug-in's name: no list to edit anywhere.

``tests/listener/traps/test_NAME.py``: ``FIRST``, real first packets of the protocol as clients send them; ``POKE``,
what makes a server say who it is that does not by itself; ``FLOODS``, what a client may say so that much is kept of it,
each an iterable of pieces, the login first, after all of which it goes on; ``CUT_OFF``, the same, of what the real
server ends the connection for. Of traps that are no `Conversation`, ``FLOODS`` are asynchronous contexts: given host
and port (`crowding` makes one), all of it was said within them, and the connection is open. Only ``FLOODS`` may not be
missing.

``tests/listener/personas/test_NAME.py``: ``SHAPES``, for each sort of request that it claims two with different
credentials; ``SAME_EVERYWHERE = True`` where the service itself gives all the world the same answer.

``tests/canaries/plant/planters/test_NAME.py``: ``prepare(folder)``, makes a target that only this planter takes, and
gives what an operator would type for it.

``tests/listener/notify/channels/test_NAME.py``: ``way(request)``, the channel with a real receiver; it takes pytest's
``request`` and so may use any fixture.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import importlib.util
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any


@dataclass
class Way:
    """A channel with its receiver: what the channels' contract test needs to know."""

    settings: dict[str, Any]
    """As in ``[channels.NAME]``, without the type."""
    captured: Callable[[], list[str]]
    """Every text that the receiver would show or store, decoded one layer: headers, parts, JSON documents."""
    break_it: Callable[[], None]
    """Takes the receiver away."""
    secrets: tuple[str, ...] = ()
    """What of the settings may stand in no message and no error."""
    for_people: bool = True
    """False: JSON for programs, where links are the program's business."""


def basic(pair: str) -> str:
    """The value of ``Authorization`` for ``user:password``."""
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def own_tests(folder: str, name: str) -> ModuleType | None:
    """The test file of the plug-in ``name``, None where it has none (somebody else's package)."""
    path = f"{folder}.test_{name.replace('-', '_')}"
    return importlib.import_module(path) if importlib.util.find_spec(path) else None


def first_packets(trap: str) -> list[bytes]:
    """Real first packets of a trap's protocol; none where its test file names none."""
    return list(getattr(own_tests("tests.listener.traps", trap), "FIRST", ()))


def floods(trap: str) -> list[Iterable[bytes]]:
    """What a client may say to a trap so that much is kept of it, its login first."""
    return list(getattr(own_tests("tests.listener.traps", trap), "FLOODS", ()))


Siege = Callable[[str, int], AbstractAsyncContextManager[None]]
"""Host and port to what is open while a flood is held."""


def sieges(trap: str) -> list[Siege]:
    """The same of a trap that is no conversation."""
    return list(getattr(own_tests("tests.listener.traps", trap), "FLOODS", ()))


def crowding(*pieces: bytes) -> Siege:
    """Says this on one connection, and reads what is said to it until that is all."""

    @asynccontextmanager
    async def held(host: str, port: int) -> AsyncIterator[None]:
        reader, writer = await asyncio.open_connection(host, port)

        async def read() -> None:
            with contextlib.suppress(ConnectionError):
                while await reader.read(65_536):
                    pass

        reading = asyncio.ensure_future(read())
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            await asyncio.sleep(_QUIET)
            yield
        finally:
            writer.close()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    return held


_QUIET = 0.2
"""Seconds in which a server takes what has come; where it takes longer it holds no more."""


def cut_off(trap: str) -> list[Iterable[bytes]]:
    """What a client may say to a trap until that ends the connection, its login first."""
    return list(getattr(own_tests("tests.listener.traps", trap), "CUT_OFF", ()))


def poke(trap: str) -> bytes:
    """What loosens a trap's tongue; nothing where the server speaks first, or says nothing without a login."""
    return bytes(getattr(own_tests("tests.listener.traps", trap), "POKE", b""))
