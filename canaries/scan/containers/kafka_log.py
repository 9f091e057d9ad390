"""Segments of Kafka's logs (``*.log``): batches of records (version 2), plain or packed.

What Snappy packed is unpacked here; what the other codecs pack (gzip, LZ4's frames, Zstandard) is a file of its own,
one frame behind the other.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from canaries.decoders import _snappy_block
from canaries.decoders._snappy_block import JAVA, JAVA_HEAD
from canaries.scan.containers import Container, Member, Packed, Unreadable, exactly

_HEAD, _COUNTED_FROM = 61, 12
"""Bytes before a batch's records, and from where on its length counts."""
_MAGIC_AT, _VERSION = 16, 2
_CODEC_AT, _CODECS, _SNAPPY, _LAST = 22, 7, 2, 4
_MOST_RECORDS = 1 << 24
_LONGEST = 256 << 20
"""Bytes of a batch, packed or not: brokers take 1 MB unless told otherwise."""


class KafkaLogContainer(Container):
    name = "kafka_log"

    def fits(self, head: bytes) -> bool:
        return _length(head) > 0

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        batches = _Batches(source)
        while batches.sort is not None:
            run = _OneCodec(batches)
            yield Member("", run)
            while run.read(1 << 20):
                pass
        if batches.problem:
            yield Unreadable("", batches.problem)
        if batches.rest:
            begun = batches.rest[1:]  # without its first zero it is no log again
            yield Member("", _AfterDamage(begun, source))


class _Batches:
    """One batch after the other, each with its sort: 0 for what is plain once it is here, or the number of a codec."""

    def __init__(self, source: Packed) -> None:
        self._source = source
        self.sort: int | None = None
        self._content = self.rest = b""
        self.problem = ""
        self._advance()

    def take(self) -> bytes:
        """The next batch's records."""
        content = self._content
        self._advance()
        return content

    def _advance(self) -> None:
        self.sort = None
        head = exactly(self._source, _HEAD)
        if not head.strip(b"\0"):  # a segment may be longer than what was written into it
            return
        length = _length(head)
        records = exactly(self._source, max(0, length - _HEAD))
        codec = head[_CODEC_AT] & _CODECS if length else 0
        plain = _plain(records) if codec == _SNAPPY else records
        if not length or len(records) < length - _HEAD or plain is None:
            self.problem, self.rest = "a batch of it is damaged, or of an older version", head + records
            return
        self.sort, self._content = 0 if codec == _SNAPPY else codec, plain


class _OneCodec:
    """The batches of one sort that stand next to each other."""

    def __init__(self, batches: _Batches) -> None:
        self._batches, self._sort, self._waiting = batches, batches.sort, io.BytesIO()

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        while not (part := self._waiting.read(size)) and self._batches.sort == self._sort is not None:
            self._waiting = io.BytesIO(self._batches.take())
        return part


class _AfterDamage:
    """Some bytes, and what the source has behind them."""

    def __init__(self, begun: bytes, source: Packed) -> None:
        self._begun, self._source = io.BytesIO(begun), source

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        return self._begun.read(size) or self._source.read(size)


def _length(head: bytes) -> int:
    """Of the whole batch that begins with ``head``; 0 where none does."""
    if len(head) < _HEAD or head[_MAGIC_AT] != _VERSION or head[0] or head[_CODEC_AT] & _CODECS > _LAST:
        return 0
    length = int.from_bytes(head[8:12], "big", signed=True) + _COUNTED_FROM
    last, records = (int.from_bytes(head[at : at + 4], "big", signed=True) for at in (23, 57))
    sound = _HEAD <= length <= _LONGEST and 0 <= records <= last + 1 <= _MOST_RECORDS
    return length if sound and not head[_CODEC_AT - 1] else 0


def _plain(records: bytes) -> bytes | None:
    """What Snappy packed, whole or in the frames of snappy-java; None where it is damaged."""
    if not records.startswith(JAVA):
        return _block(records)
    at, given = JAVA_HEAD, bytearray()
    while at < len(records):
        size = int.from_bytes(records[at : at + 4], "big")
        plain = _block(records[at + 4 : at + 4 + size])
        if plain is None:
            return None
        given += plain
        at += 4 + size
    return bytes(given)


def _block(packed: bytes) -> bytes | None:
    try:
        length = _snappy_block.plain_length(packed)[0]
    except ValueError:
        return None
    plain = _snappy_block.unpacked(packed, min(length, _LONGEST))
    return plain if len(plain) == length else None
