"""BER as LDAP has it (X.690 with the restrictions of RFC 4511, section 5.1): definite lengths, one-octet tags.

Bounded everywhere: a length is believed only up to a limit, and nesting is the caller's to count.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x02, 0x04, 0x0A, 0x30, 0x31
_MOST = 4096
"""Values within one value."""
_CONSTRUCTED, _SHORTEST = 0x20, 8


class BerError(ValueError):
    """These bytes are no BER, or more of it than is taken."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value."""

    tag: int
    """Its identifier octet: class, constructed or primitive, number."""
    content: bytes

    def number(self) -> int:
        """The content as an INTEGER. Raises BerError."""
        if not 1 <= len(self.content) <= 8:
            raise BerError("no integer")
        return int.from_bytes(self.content, "big", signed=True)

    def elements(self) -> list[Element]:
        """What a constructed value consists of. Raises BerError."""
        return list(_elements(self.content))


def first(data: bytes | bytearray, limit: int, at: int = 0) -> tuple[Element, int] | None:
    """The value that begins at ``at`` and where it ends; None while it is not complete.

    Raises BerError, also where it would be longer than ``limit`` bytes.
    """
    found = _span(data, limit, at, len(data))
    return (Element(data[at], bytes(data[found[0] : found[1]])), found[1]) if found else None


def _span(data: bytes | bytearray, limit: int, at: int, stop: int) -> tuple[int, int] | None:
    """Where the content of the value at ``at`` begins and ends; None where that is beyond ``stop``. Raises BerError."""
    if stop < at + 2:
        return None
    if data[at] & 0x1F == 0x1F:
        raise BerError("a tag of several octets")
    length, begin = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise BerError("a length of too many octets" if count else "an indefinite length")
        begin += count
        if stop < begin:
            return None
        length = int.from_bytes(data[at + 2 : begin], "big")
    end = begin + length
    if end - at > limit:
        raise BerError(f"{length} bytes are too many")
    return (begin, end) if stop >= end else None


def texts(data: bytes, limit: int) -> list[bytes]:
    """The contents of all values that are no containers, whatever they stand in. Never raises."""
    found: list[bytes] = []
    waiting = deque([(0, len(data))])
    while waiting and len(found) < _MOST:
        at, stop = waiting.popleft()
        with contextlib.suppress(BerError):
            while (span := _span(data, limit, at, stop)) is not None:
                begin, end = span
                if data[at] & _CONSTRUCTED:
                    waiting.append(span)
                elif end - begin >= _SHORTEST:
                    found.append(data[begin:end])
                at = end
    return found


def encode(tag: int, *contents: bytes) -> bytes:
    """A value."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def integer(number: int, tag: int = INTEGER) -> bytes:
    """An INTEGER, or with another tag an ENUMERATED."""
    bits = (number if number >= 0 else ~number).bit_length()  # and one for the sign
    return encode(tag, number.to_bytes(bits // 8 + 1, "big", signed=True))


def octets(value: bytes, tag: int = OCTETS) -> bytes:
    """An OCTET STRING."""
    return encode(tag, value)


def _elements(content: bytes) -> Iterator[Element]:
    at = 0
    for _ in range(_MOST):
        if at == len(content):
            return
        found = first(content, 1 << 32, at)
        if found is None:
            raise BerError("a value ends before its content")
        element, at = found
        yield element
    if at < len(content):
        raise BerError("too many values in one")
