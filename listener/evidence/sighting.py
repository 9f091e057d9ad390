"""A sighting: what a trap saw, before anybody knows whether it concerns a canary.

It is all that crosses from the front to the back, through the journal, so its shape is a small binary one (MessagePack
arrays). The raw bytes are kept as they came; everything that can be worked out of them is worked out in the back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from canaries.core.clock import ClockReading
    from listener.evidence.shapes import Notes, TlsHandshake, Via
else:  # on disk they are maps: what this release does not know of is kept, and nothing is checked twice
    ClockReading = Notes = TlsHandshake = Via = dict


class Sighting(msgspec.Struct, frozen=True, array_like=True):
    """One request, login, query or handshake. Fields are appended at the end only; old journals stay readable."""

    id: str
    """32 hexadecimal digits, drawn by the front: what makes draining exactly-once."""
    trap: str
    """Name of the trap, which also reads the raw bytes again in the back."""
    observed_at: int
    """Arrival, microseconds since the epoch, UTC."""
    peer: tuple[str, int]
    """Address and port of the TCP/UDP peer: the only source that is observed. May be a configured proxy: see
    ``via``."""
    local: tuple[str, int]
    """Our end."""
    transport: str
    """``tcp``, ``udp`` or ``unix``: on a Unix socket both ends are this machine, 127.0.0.1 without a port."""
    raw: bytes
    """Exactly what came, at most the trap's limit."""
    size: int
    """How many bytes came; more than ``len(raw)`` means truncated."""
    front: str
    """Which front process."""
    number: int
    """Counts this front's sightings from 1: a gap shows a missing one."""
    connection: int
    """Counts this front's connections; requests of one connection share it."""
    clock: ClockReading
    """Of the front's machine."""
    tls: TlsHandshake | None = None
    """None: plain."""
    via: Via | None = None
    """How a configured proxy named the client; None where there is no such proxy."""
    answer: str = ""
    """What the trap answered, in its own words (``page 404``, ``sts 200``)."""
    notes: Notes = {}
    """What the trap itself noticed: parser errors, a conversation's decoded steps."""

    @property
    def source(self) -> tuple[str, int]:
        """Address and port that count as the client: the configured proxy's word, else the peer. Port 0: unknown."""
        if self.via and self.via.get("client"):
            ip, port = self.via["client"]
            return str(ip), int(port)
        return self.peer


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """The sightings that one sync put on disk together, as release 0.1 wrote them."""

    sightings: list[Sighting]


class LinkedBatch(msgspec.Struct, frozen=True, array_like=True):
    """The same, with what binds it to its front."""

    sightings: msgspec.Raw
    """An array of `Sighting`, encoded: these bytes are what the front signs."""
    link: msgspec.Raw = msgspec.Raw()
    """`listener.journal.chain.FrameLink`, encoded; empty in a journal of release 0.1."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Batch)
_linked = msgspec.msgpack.Decoder(LinkedBatch)
_sightings = msgspec.msgpack.Decoder(list[Sighting])


def encode(sightings: list[Sighting]) -> bytes:
    """A batch as bytes."""
    return _encoder.encode(Batch(sightings))


def decode(data: bytes) -> list[Sighting]:
    """The inverse. Raises msgspec.DecodeError (a ValueError)."""
    return _decoder.decode(data).sightings


def encode_content(sightings: list[Sighting]) -> bytes:
    """The array of sightings alone: what a front signs."""
    return _encoder.encode(sightings)


def decode_content(content: bytes) -> list[Sighting]:
    """The inverse. Raises msgspec.DecodeError (a ValueError)."""
    return _sightings.decode(content)


def join(content: bytes, link: object) -> bytes:
    """A frame's plain bytes."""
    return _encoder.encode(LinkedBatch(msgspec.Raw(content), msgspec.Raw(_encoder.encode(link))))


def part(data: bytes) -> tuple[bytes, bytes]:
    """A frame as (content, link), both encoded; the link is empty where there is none. Raises msgspec.DecodeError."""
    found = _linked.decode(data)
    return bytes(found.sightings), bytes(found.link)
