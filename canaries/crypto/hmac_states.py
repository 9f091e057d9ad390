"""HMAC-SHA-256 by a key that is not kept: the two states that its key leaves in the hash are enough (RFC 2104, 4).

From them every HMAC under the key can be computed, and the key cannot be found. The standard library's hashes take no
state, so the compression function (FIPS 180-4, 6.2.2) is here, for the few blocks of one signature.
"""

from __future__ import annotations

import struct
from functools import cache

_BLOCK = 64
_WORD = 0xFFFFFFFF
_WORDS = struct.Struct(">8I")

State = tuple[int, ...]
"""Eight words of 32 bits."""


def states(key: bytes) -> str:
    """The inner and the outer state of ``key``, at most one block long: 128 hexadecimal digits. Raises ValueError."""
    if len(key) > _BLOCK:
        raise ValueError("a key of at most 64 bytes")
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in padded) for pad in (0x36, 0x5C))
    first = _constants()[0]
    return (_WORDS.pack(*_compressed(first, inner)) + _WORDS.pack(*_compressed(first, outer))).hex()


def digest(held: str, message: bytes) -> bytes:
    """The HMAC of ``message`` under the key whose `states` are ``held``. Raises ValueError."""
    data = bytes.fromhex(held)
    if len(data) != 2 * _WORDS.size:
        raise ValueError("no states of a key")
    inner, outer = _WORDS.unpack(data[: _WORDS.size]), _WORDS.unpack(data[_WORDS.size :])
    return _finished(outer, _finished(inner, message))


def _finished(state: State, message: bytes) -> bytes:
    """The hash of one block, which left ``state``, and ``message`` behind it."""
    length = 8 * (_BLOCK + len(message))
    padded = message + b"\x80"
    padded += bytes(-(len(padded) + 8) % _BLOCK) + length.to_bytes(8, "big")
    for at in range(0, len(padded), _BLOCK):
        state = _compressed(state, padded[at : at + _BLOCK])
    return _WORDS.pack(*state)


def _compressed(state: State, block: bytes) -> State:
    words = list(struct.unpack(">16I", block))
    for at in range(16, 64):
        old, new = words[at - 15], words[at - 2]
        low = _turned(old, 7) ^ _turned(old, 18) ^ old >> 3
        high = _turned(new, 17) ^ _turned(new, 19) ^ new >> 10
        words.append((words[at - 16] + low + words[at - 7] + high) & _WORD)
    a, b, c, d, e, f, g, h = state
    for word, constant in zip(words, _constants()[1], strict=True):
        high = _turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)
        first = h + high + (e & f ^ ~e & g) + constant + word
        low = _turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)
        a, b, c, d, e, f, g, h = (
            (first + low + (a & b ^ a & c ^ b & c)) & _WORD, a, b, c, (d + first) & _WORD, e, f, g,
        )  # fmt: skip
    return tuple((one + other) & _WORD for one, other in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _turned(word: int, by: int) -> int:
    return (word >> by | word << 32 - by) & _WORD


@cache
def _constants() -> tuple[State, State]:
    """The first 32 bits behind the point of the roots of the first primes: 8 square, 64 cube roots (4.2.2, 5.3.3)."""
    primes = [number for number in range(2, 312) if all(number % small for small in range(2, number))]
    return tuple(_root(one, 2) for one in primes[:8]), tuple(_root(one, 3) for one in primes[:64])


def _root(number: int, degree: int) -> int:
    wanted, found = number << 32 * degree, 0
    for bit in range(40, -1, -1):
        if (found | 1 << bit) ** degree <= wanted:
            found |= 1 << bit
    return found & _WORD
