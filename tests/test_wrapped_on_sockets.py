"""Tokens as thieves wrap them, over real sockets to every trap: each ends as a hit of its canary, and of no other.

One listener, all traps, and a canary for each form: a wrapping of a decoder's own test, or two on top of each other, in
a place of a protocol where clients put text or bytes. What `tests.test_wrapped_forms` asks of the bytes, this asks of
the way there: conversations that end early, tokens cut over packets, frames and segments, what no answer needs.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from asyncssh.packet import MPInt
from sqlalchemy import select

from canaries.core import plugins, store
from canaries.crypto.seeded_random import BASE62
from canaries.crypto.sieve import Sieve
from canaries.installation.home import Home
from canaries.mint import minting
from listener import traps
from listener.traps import Trap
from tests import carried, steady
from tests.carried import CARRIERS, Carrier, Door, secure_shell
from tests.every import in_part_and_whole

for _name in plugins.module_names(carried.__name__):
    import_module(f"tests.carried.{_name}")

CONTRACT = import_module("tests.canaries.decoders.test_contract")
TRAPS = plugins.classes(traps.FOLDER, Trap)
KINDS = ("gitlab-token", "aws-key", "redis-url")
"""Their tokens have a sign of base64url, signs of base64, and letters and digits alone."""
MARKLESS = frozenset({
    "BER", "full width", "zero-width spaces", "labels of DNS", "br", "br, quick", "cbor", "cbor, in pieces", "chunked",
    "deflate", "grpc", "lzma", "messagepack", "overlong", "protobuf",
})  # fmt: skip
"""Encodings that are known only by where they begin, or whose text sticks to what stands beside it."""


@dataclass(frozen=True, slots=True)
class Form:
    """One use of one canary."""

    place: str
    wrappings: tuple[str, ...]
    token: bytes
    canary: str
    said: bytes
    pieces: int
    """How many pieces it is sent in; 0: each byte by itself, of what is long each few bytes."""

    def __str__(self) -> str:
        return f"{self.place}: {' in '.join(self.wrappings) or 'as it is'} (in {self.pieces} pieces)"


def canaries(home: Home, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The same ones for the same seed, with the token of each that is used."""
    drawn, each = steady.draw(f"wrapped {seed}"), count // len(KINDS) + 1
    batches = [list(minting.mint(home, kind, count=each, draw=drawn)) for kind in KINDS]
    for made in itertools.chain.from_iterable(zip(*batches, strict=True)):
        yield made.canary.id, made.canary.tokens[0].value.encode()


def draw(home: Home, each: int, seed: int) -> list[Form]:
    """For each place the token as it is, ``each`` wrappings that fit, and as many of two on top of each other; where
    ``each`` is 0, one of these three by turns.

    Every wrapping comes about equally often.
    """
    chance, fresh, door = (
        random.Random(seed),
        canaries(home, len(CARRIERS) * (1 + 2 * each), seed),
        a_door(home),
    )
    names, used = list(CONTRACT.WRAPPERS), dict.fromkeys(CONTRACT.WRAPPERS, 0)
    found = []

    def take(
        place: str, carrier: Carrier, token: bytes, canary: str, choice: Sequence[tuple[str, ...]]
    ) -> None:
        for wrappings in choice:
            data = CONTRACT.wrapped(token, *wrappings) if wrappings else token
            if data is not None and (carrier.whole or marked(wrappings)) and carrier.fits(data):
                said = carrier.script(data, door)
                found.append(Form(place, wrappings, token, canary, said, chance.choice((0, 1, 1, 2, 3))))
                for name in wrappings:
                    used[name] += 1
                return

    for number, (place, carrier) in enumerate(CARRIERS.items()):
        for level in [0, *[1] * each, *[2] * each] if each else [(number + seed) % 3]:
            canary, token = next(fresh)
            chance.shuffle(names)
            names.sort(key=used.__getitem__)
            pairs = [(name, other) for name in names[:20] for other in chance.sample(names, 3)]
            choices: dict[int, Sequence[tuple[str, ...]]] = {
                0: [()],
                1: [(name,) for name in names],
                2: pairs,
            }
            take(place, carrier, token, canary, choices[level])
    return found


def marked(wrappings: tuple[str, ...]) -> bool:
    """Whether what is carried shows where it begins; UTF-16 does by its text, where that is ASCII."""
    wide = wrappings[-1:] and wrappings[-1].startswith("UTF-") and len(wrappings) > 1
    return not wide and not MARKLESS.intersection(wrappings)


def a_door(home: Home) -> Door:
    """Not minted, and yet of the form that this installation's passwords have."""
    return Door(Sieve(home.keys.front).passing("Door2Nowhere4Nobody6Here0", BASE62))


def cut(said: bytes, pieces: int) -> list[bytes]:
    if not pieces:
        size = 1 + len(said) // 4000
        return [said[at : at + size] for at in range(0, len(said), size)]
    middle = len(said) - len(said) // (2 * pieces) if pieces > 1 else len(said)
    return [part for part in (said[:middle], said[middle:]) if part]


def send(form: Form, address: tuple[str, int], pause: float = 0, source: str = "127.0.0.1") -> int:
    """Say it as a raw client, to the end, with so many seconds between the pieces; the port it came from."""
    carrier = CARRIERS[form.place]
    if carrier.udp:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((source, 0))
            sock.connect(address)
            sock.send(form.said)
            return int(sock.getsockname()[1])
    with socket.create_connection(address, steady.PATIENCE, (source, 0)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = int(sock.getsockname()[1])
        with contextlib.suppress(ConnectionError):
            said = carrier.opens(sock, form.said) if carrier.opens else form.said
            for number, piece in enumerate(cut(said, form.pieces)):
                time.sleep(pause if number else 0)
                sock.sendall(piece)
            sock.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while sock.recv(65_536):
                pass
        return port


def hits(home: Home) -> set[tuple[str, str]]:
    """(canary, trap) of every hit; what is none by itself, but belongs to one, left out."""
    with home.store.read() as connection:
        query = select(store.hit.c.canary_id, store.hit.c.trap).where(store.hit.c.part == "")
        return {(row.canary_id, row.trap) for row in connection.execute(query)}


def more_hits(home: Home, than: int) -> set[tuple[str, str]]:
    """Those of `hits` once there are more ``than`` so many."""
    found = hits(home)
    return found if len(found) > than else set()


def campaign(home: Home, listen: Callable[..., Any], forms: list[Form], pause: float = 0) -> None:
    wanted = {(form.canary, CARRIERS[form.place].trap) for form in forms}

    def taken() -> None:
        """As long as more come, however slow the machine is; which are missing is told below."""
        found: set[tuple[str, str]] = set()
        with contextlib.suppress(AssertionError):
            while not wanted <= found:
                found = steady.until(partial(more_hits, home, len(found)))

    use(home, listen, forms, pause, taken)
    found = hits(home)
    assert found - wanted == set(), "a canary that nobody used, or not there"
    assert [str(form) for form in forms if (form.canary, CARRIERS[form.place].trap) not in found] == []


def use(
    home: Home,
    listen: Callable[..., Any],
    forms: Sequence[Form],
    pause: float = 0,
    taken: Callable[[], object] = int,
) -> None:
    """Send them, each from one of a hundred networks, to a listener with all traps; it ends when ``taken`` does."""
    settings = {f"TRAPLINE_TRAPS_{name.upper()}_BIND": "127.0.0.1:0" for name in TRAPS}
    for name, trap in TRAPS.items():
        if hasattr(trap.Settings(), "linger_seconds"):  # however slow this client is
            settings[f"TRAPLINE_TRAPS_{name.upper()}_LINGER_SECONDS"] = str(steady.PATIENCE)
    running = listen(home, **settings)
    places = {}
    for name, (first, *_) in running.addresses.items():
        host, _, port = first.rpartition(":")
        places[name] = (host, int(port))
    with ThreadPoolExecutor(16 if pause else 4) as threads:
        sources = (
            f"127.0.{number % 100}.1" for number in range(len(forms))
        )  # of one network a share is kept
        list(
            threads.map(
                lambda form, source: send(form, places[CARRIERS[form.place].trap], pause, source),
                forms,
                sources,
            )
        )
    taken()
    assert running.stop() == 0


NO_PLACE = {
    "sensors": "the operator's own programs report there: what a sensor signed counts, and nothing else",
}
"""Traps in which clients put nothing: why."""
NOT_IN_CLEAR = {
    "vnc": "the response is DES of a challenge: it is checked against what was minted, and not turned back",
    "openvpn": "what names a profile is encrypted for the server; older forms show no profile at all",
    "wireguard": "the peer's key is encrypted for the server, and is a key or none",
}
"""Traps whose own proof of a token cannot be wrapped in anything: why. What else a client sends there is carried."""


def test_every_trap_has_places_or_a_reason() -> None:
    assert {carrier.trap for carrier in CARRIERS.values()} == set(TRAPS) - set(NO_PLACE)
    assert set(NO_PLACE) | set(NOT_IN_CLEAR) <= set(TRAPS)
    assert len(NO_PLACE) * 50 <= len(CARRIERS)


def test_a_shared_secret_is_written_as_the_server_writes_it() -> None:
    """One in 512 begins with a zero and then a high bit."""
    for head in (b"\x01", b"\x80", b"\0\x01", b"\0\x80", b"\0\0\xff"):
        number = head + bytes(range(32 - len(head)))
        assert secure_shell.mpint(number) == MPInt(int.from_bytes(number, "big"))


@in_part_and_whole
def test_each_wrapping_in_each_place_of_each_trap_ends_as_a_hit_of_its_canary(
    home: Home, listen: Callable[..., Any], whole: bool
) -> None:
    forms = draw(home, int(whole), 10)
    assert {form.place for form in forms} == set(CARRIERS)
    assert {name for form in forms for name in form.wrappings} == set(CONTRACT.WRAPPERS)
    campaign(home, listen, forms)


@in_part_and_whole
def test_a_token_that_comes_in_parts_with_answers_between_them_is_put_together(
    home: Home, listen: Callable[..., Any], whole: bool
) -> None:
    """Behind an answer nobody knows where what is carried begins, so encodings need a mark of their own."""
    drawn = [form for form in draw(home, int(whole), 11) if not CARRIERS[form.place].udp]
    forms = [replace(form, pieces=2) for form in drawn if not form.wrappings or marked(form.wrappings)]
    campaign(home, listen, forms, 0.3)


@pytest.mark.soak
def test_many_more_wrappings_end_as_hits_of_their_canaries(home: Home, listen: Callable[..., Any]) -> None:
    campaign(home, listen, draw(home, 12, random.randrange(1 << 32)))
