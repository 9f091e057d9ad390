"""Where clients of each protocol put text and bytes: whole conversations as a raw client sends them, one file a group.

A *carrier* is such a place: it takes what is carried, and gives everything that the client says on one connection.
`tests.test_wrapped_on_sockets` sends it to the trap.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Door:
    """A login that every trap takes and that is nobody's bait."""

    password: str
    user: str = "app"


Fits = Callable[[bytes], bool]
"""Whether a place can hold some bytes: what its protocol's own client could not send there is not asked for."""
Script = Callable[[bytes, Door], bytes]
"""All that the client says, in one piece; the test cuts it."""
Opens = Callable[[socket.socket, bytes], bytes]
"""What must be agreed on the connection first, keys above all; gives what then goes over the wire for what is said."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One place of one protocol."""

    trap: str
    fits: Fits
    script: Script
    udp: bool = False
    """Sent as one datagram."""
    whole: bool = True
    """Whether the trap knows where what is carried begins: else an encoding needs a mark of its own to be seen."""
    opens: Opens | None = None
    """None: what is said goes over the wire as it is."""


CARRIERS: dict[str, Carrier] = {}
"""By name: of the protocol and the place."""


def carries(
    name: str, fits: Fits, *, udp: bool = False, whole: bool = True, opens: Opens | None = None
) -> Callable[[Script], Script]:
    """The decorated function is the place called ``name``, which begins with its trap."""

    def keep(script: Script) -> Script:
        assert name not in CARRIERS
        CARRIERS[name] = Carrier(name.partition(" ")[0], fits, script, udp, whole, opens)
        return script

    return keep


def anything(data: bytes) -> bool:
    """Bytes of any sort."""
    return len(data) <= 16_000


def one_line(data: bytes) -> bool:
    """What a line of a protocol can hold."""
    return len(data) <= 4000 and not set(data) & {0, 10, 13} and data == data.strip()


def word(data: bytes) -> bool:
    """What stands between two spaces of a line, and needs no quotes."""
    return one_line(data) and not set(data) & set(b" \"'\\{}()%*&")


def text(data: bytes) -> bool:
    """A string of a protocol that wants UTF-8 without NUL."""
    try:
        return "\0" not in data.decode() and len(data) <= 4000
    except UnicodeDecodeError:
        return False


def short_text(data: bytes) -> bool:
    """The same behind one byte of length."""
    return text(data) and len(data) < 250


def ascii_line(data: bytes) -> bool:
    """Printable ASCII."""
    return one_line(data) and data.isascii() and data.decode().isprintable()
