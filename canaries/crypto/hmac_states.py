"""HMAC by a key that is not kept: the two states that its key leaves in the hash are enough (RFC 2104, 4).

From them every HMAC under the key can be computed, and the key cannot be found. The standard library's hashes take no
state, so the compression functions of SHA-256 and SHA-1 (FIPS 180-4, 6.2.2 and 6.1.2) are here, for the few blocks of
one signature; their words may be numbers, or NumPy's arrays of them, one of each key of many.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Literal

_BLOCK = 64
_WORD = 0xFFFFFFFF
_PADS = 0x36, 0x5C
_FEW = 32
"""Keys of which an array of each is dearer than one after the other."""

Word = Any
"""A number of 32 bits, or an array of such."""
State = tuple[Word, ...]
"""Words: eight of SHA-256, five of SHA-1."""
Hash = Literal["sha256", "sha1"]
SigningKey = tuple[bytes, Hash]
"""And what it signs with."""


def states(key: bytes, name: Hash = "sha256") -> str:
    """The inner and the outer state of ``key``, at most one block long: hexadecimal. Raises ValueError."""
    padded = _padded(key)
    blocks = (bytes(byte ^ pad for byte in padded) for pad in _PADS)
    compressed, first = _HASHES[name], _first(name)
    return b"".join(_packed(compressed(first, _words(block))) for block in blocks).hex()


def states_of_many(keys: Collection[SigningKey]) -> dict[SigningKey, str]:
    """The `states` of each; of many keys in a fraction of the time. Raises ValueError."""
    if len(keys) < _FEW:
        return {one: states(*one) for one in keys}
    found: dict[SigningKey, str] = {}
    for name in _HASHES:
        own = [key for key, other in keys if other == name]
        if own:
            found |= {(key, name): text for key, text in zip(own, _all_states(own, name), strict=True)}
    return found


def _all_states(keys: list[bytes], name: Hash) -> list[str]:
    import numpy as np  # one key needs none of it

    blocks = np.frombuffer(b"".join(map(_padded, keys)), np.uint8).reshape(len(keys), _BLOCK)
    first = tuple(np.full(len(keys), word, np.uint32) for word in _first(name))
    words: list[Word] = []
    for pad in _PADS:
        block = (blocks ^ np.uint8(pad)).view(">u4").astype(np.uint32)
        words += _HASHES[name](first, list(block.T))
    return [row.tobytes().hex() for row in np.stack(words, axis=1).astype(">u4")]


def _padded(key: bytes) -> bytes:
    if len(key) > _BLOCK:
        raise ValueError("a key of at most 64 bytes")
    return key.ljust(_BLOCK, b"\0")


def _words(block: bytes) -> list[Word]:
    return list(struct.unpack(">16I", block))


def digest(held: str, message: bytes, name: Hash = "sha256") -> bytes:
    """The HMAC of ``message`` under the key whose `states` are ``held``. Raises ValueError."""
    data = bytes.fromhex(held)
    words = struct.unpack(f">{len(data) // 4}I", data[: len(data) // 4 * 4])
    size = len(_first(name))
    if len(data) != 8 * size:
        raise ValueError("no states of a key")
    return _finished(name, words[size:], _finished(name, words[:size], message))


def _packed(state: State) -> bytes:
    return struct.pack(f">{len(state)}I", *state)


def _finished(name: Hash, state: State, message: bytes) -> bytes:
    """The hash of one block, which left ``state``, and ``message`` behind it."""
    length = 8 * (_BLOCK + len(message))
    padded = message + b"\x80"
    padded += bytes(-(len(padded) + 8) % _BLOCK) + length.to_bytes(8, "big")
    for at in range(0, len(padded), _BLOCK):
        state = _HASHES[name](state, _words(padded[at : at + _BLOCK]))
    return _packed(state)


def _compressed(state: State, words: list[Word]) -> State:
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


def _compressed_sha1(state: State, words: list[Word]) -> State:
    for at in range(16, 80):
        words.append(_turned(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 31))
    a, b, c, d, e = state
    for at, word in enumerate(words):
        if at < 20:
            mixed, constant = b & c ^ ~b & d, 0x5A827999
        elif 40 <= at < 60:
            mixed, constant = b & c ^ b & d ^ c & d, 0x8F1BBCDC
        else:
            mixed, constant = b ^ c ^ d, 0x6ED9EBA1 if at < 40 else 0xCA62C1D6
        a, b, c, d, e = (_turned(a, 27) + mixed + e + constant + word) & _WORD, a, _turned(b, 2), c, d
    return tuple((one + other) & _WORD for one, other in zip(state, (a, b, c, d, e), strict=True))


def _turned(word: Word, by: int) -> Word:
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


def _first(name: Hash) -> State:
    return (
        _constants()[0] if name == "sha256" else (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
    )


_HASHES: Mapping[Hash, Callable[[State, list[Word]], State]] = {
    "sha256": _compressed,
    "sha1": _compressed_sha1,
}
