"""Header blocks of HTTP/2 (RFC 7541) as nginx 1.18 reads and writes them: its limits, its errors, its choice of forms.

The dynamic table and the Huffman code are hpack's. What breaks a law is told, and yet read as far as it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from hpack.exceptions import HPACKError
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hpack.huffman_table import decode_huffman
from hpack.table import HeaderTable

from listener.protocol.http2_frames import CALM, COMPRESSION, PROTOCOL, SIZE

_LONGEST_FIELD, _LONGEST_LIST = 4096, 16_384
"""Bytes as coded, and of a block (``http2_max_field_size`` and ``http2_max_header_size``)."""
_TABLE = 4096
_OCTETS = 4
"""Of the longest number (NGX_HTTP_V2_INT_OCTETS)."""
_INDEXED, _ADDED, _RESIZED = 0x80, 0x40, 0x20
"""The first bits of a representation (RFC 7541, section 6)."""
_PADDING = 3
"""Bytes of padding alone that are taken, behind a byte of which it is a part."""
_STATUSES = {200: 8, 204: 9, 206: 10, 304: 11, 400: 12, 404: 13, 500: 14}
_STATUS = 8
_NAMES = {
    "server": 54,
    "date": 33,
    "content-type": 31,
    "content-length": 28,
    "last-modified": 44,
    "location": 46,
}
"""Fields of which nginx writes the name as an index: those that are its own."""
_huffman = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH)


class FieldReader:
    """The fields of one connection, block by block."""

    def __init__(self) -> None:
        self._table = HeaderTable()
        self._rest = b""
        self._room = _LONGEST_LIST
        self._least = 0
        """Bytes that are waited for before a number is read."""
        self._used = False
        self.error = 0
        """The first error in what has been read, one of those of `http2_frames`; the connection is over with it."""

    def begin(self) -> None:
        """A new block."""
        self._rest, self._room = b"", _LONGEST_LIST

    def read(self, data: bytes, *, last: bool) -> Iterator[tuple[bytes, bytes]]:
        """The fields that are whole with ``data``, a fragment of the block. What is too long or has no name is an
        error, and given all the same."""
        data, at = self._rest + data, 0
        self._least = 0 if last else _OCTETS
        while at < len(data):
            try:
                found = self._one(data, at)
            except HPACKError:
                found = COMPRESSION
            if found is None:  # not whole
                if last:
                    self._failed(SIZE)
                break
            if isinstance(found, int):
                self._failed(found)
                at = len(data)
                break
            name, value, at = found
            if name is None:
                continue
            if not name:
                self._failed(PROTOCOL)
            self._room -= len(name) + len(value)
            if self._room < 0:
                self._failed(CALM)
            yield name, value
        self._rest = data[at:]

    def _failed(self, code: int) -> None:
        self.error = self.error or code

    def _one(self, data: bytes, at: int) -> tuple[bytes | None, bytes, int] | int | None:
        """Name, value and what is behind them; no name where the table is resized. A number is an error, None means
        that more is needed."""
        first = data[at]
        bits = 7 if first & _INDEXED else 6 if first & _ADDED else 5 if first & _RESIZED else 4
        number = _number(data, at, bits, self._least)
        if not isinstance(number, tuple):
            return number
        value, at = number
        if first & _INDEXED:
            return (*self._table.get_by_index(value), at)
        if bits == 5:
            if value > _TABLE:
                return COMPRESSION
            if self._used:  # before, nginx has no table, and makes one of the usual size
                self._table.maxsize = value
            return None, b"", at
        if value:
            name = self._table.get_by_index(value)[0]
        else:
            text = self._text(data, at)
            if not isinstance(text, tuple):
                return text
            name, at = text
        text = self._text(data, at)
        if not isinstance(text, tuple):
            return text
        if first & _ADDED:
            self._used = True
            self._table.add(name, text[0])
        return name, *text

    def _text(self, data: bytes, at: int) -> tuple[bytes, int] | int | None:
        number = _number(data, at, 7, self._least)
        if not isinstance(number, tuple):
            return number
        length, begins = number
        if length > _LONGEST_FIELD:
            self._failed(CALM)
        text = data[begins : begins + length]
        if len(text) < length:
            return None
        return (_decoded(text) if data[at] & 0x80 else text), begins + length


def _decoded(text: bytes) -> bytes:
    """Undo Huffman's code. nginx takes padding of more than seven bits, as long as it is not the code of the end."""
    for size in range(_PADDING + 1):
        if not size or text[-size:] == b"\xff" * size:
            try:
                return decode_huffman(text[: len(text) - size])
            except HPACKError:
                continue
    raise HPACKError


def _number(data: bytes, at: int, bits: int, least: int) -> tuple[int, int] | int | None:
    """ngx_http_v2_parse_int: the number and what is behind it; else as in `FieldReader._one`."""
    if at >= len(data) or len(data) - at < least:
        return None
    most = (1 << bits) - 1
    value = data[at] & most
    if value < most:
        return value, at + 1
    for octet in range(1, _OCTETS):
        if at + octet >= len(data):
            return None
        value += (data[at + octet] & 0x7F) << 7 * (octet - 1)
        if data[at + octet] < 0x80:
            return value, at + octet + 1
    return SIZE if at + _OCTETS >= len(data) else COMPRESSION


def written(status: int, fields: Sequence[tuple[str, str]], *, resized: bool) -> bytes:
    """The block of an answer; ``resized``: the client has said how large its table may be, and is told 0."""
    index = _STATUSES.get(status)
    block = bytearray(b"\x20" if resized else b"")
    block += bytes([_INDEXED | index]) if index else b"\x48\x03%03d" % status
    for name, value in sorted(fields, key=lambda pair: _place(pair[0])):
        name = name.lower()
        text = value.encode("latin-1", "replace")
        if name in _NAMES:
            block.append(_ADDED | _NAMES[name])
        else:
            block += b"\0" + _string(name.encode("latin-1", "replace"))
        block += bytes([len(text)]) + text if name == "content-length" else _string(text)
    return bytes(block)


def _place(name: str) -> int:
    """Where a field stands: nginx's own first, in their order, then the others as they come."""
    name = name.lower()
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


_ORDER = tuple(_NAMES)


@lru_cache(512)
def _string(text: bytes) -> bytes:
    """By Huffman's code where that is shorter."""
    coded = _huffman.encode(text)
    first, text = (0x80, coded) if len(coded) < len(text) else (0, text)
    value = len(text)
    if value < 0x7F:
        return bytes([first | value]) + text
    said, value = bytearray([first | 0x7F]), value - 0x7F
    while value >= 0x80:
        said.append(value % 0x80 + 0x80)
        value //= 0x80
    return bytes([*said, value]) + text
