"""Which runs of Base64's characters are worth decoding: those of which the beginning stands for text, or for something
packed, in Base64, Base32 or hexadecimal. Nobody's hash or id begins so.

A table of people with hashes has millions of runs, so they are sorted out all at once first, by pairs of characters.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

import numpy as np
import numpy.typing as npt

LONG = 160
"""Characters of a run that is decoded whatever it begins with, but for hexadecimal."""

_HEXADECIMAL = re.compile(rb"(?:0?[xX])?[0-9a-fA-F]+\Z")
_HEX_MAGICS = re.compile(
    rb"(?:0?[xX])?(?:1f8b08|504b0304|fd377a585a|425a68|28b52ffd|feff|fffe"
    rb"|(?:[0-9a-f]{6}[0-3][0-9a-f])?(?P<zlib>78(?:01|5e|9c|da)))",
    re.IGNORECASE,
)
"""MySQL's COMPRESS puts four bytes before a zlib stream: what it unpacks to, the lowest byte first."""
_COMPRESS = 8
"""Characters of those four bytes."""
_HEX_PAIRS = (
    (b"1f", (b"8b",)),
    (b"50", (b"4b",)),
    (b"fd", (b"37",)),
    (b"42", (b"5a",)),
    (b"28", (b"b5",)),
    (b"fe", (b"ff",)),
    (b"ff", (b"fe",)),
    (b"78", (b"01", b"5e", b"9c", b"da")),
)
"""What `_HEX_MAGICS` begin with, where nothing stands before them."""
_HEX_PREFIXES = (b"0x", b"0X", b"x1", b"x5", b"xf", b"xF", b"x4", b"x2", b"x7")
_BASE32 = re.compile(rb"[A-Z2-7]+\Z|[a-z2-7]+\Z")
_MAGICS = (b"\x1f\x8b\x08", b"PK\x03\x04", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_ZLIB_REST = -0x7800 % 31
"""What the second byte of a zlib stream leaves, divided by 31 (RFC 1950, section 2.2)."""
_BYTE_ORDER = (b"\xfe\xff", b"\xff\xfe")
_TEXT = bytes([9, 10, 13, *range(0x20, 0x7F)])

_SIX = np.zeros(256, np.uint8)
for _number, _code in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):
    _SIX[_code] = _number
_SIX[ord("-")], _SIX[ord("_")] = 62, 63
_READABLE = np.zeros(256, np.bool_)
_READABLE[[0, 0xFE, 0xFF, *_TEXT]] = True
_PACKED_FIRST = np.zeros(256, np.bool_)
_PACKED_FIRST[[magic[0] for magic in _MAGICS]] = True
_BASE32_CLASSES = np.zeros((2, 256), np.bool_)
for _number, _letters in enumerate((b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")):
    _BASE32_CLASSES[_number, list(_letters + b"234567")] = True

_SURE = np.uint16(1)
_AS_TEXT, _AS_PACKED, _AS_ZLIB, _AS_UPPER, _AS_LOWER = (np.uint16(1 << number) for number in range(1, 6))
_BY_MORE = _AS_TEXT | _AS_UPPER | _AS_LOWER
"""What four characters do not say: so is what follows."""
_AS_HEX = tuple(np.uint16(1 << number) for number in range(6, 6 + len(_HEX_PAIRS)))


def likely(
    content: bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which runs, of 32 characters and more, may be `worth` it."""
    codes = np.frombuffer(content, np.uint8)
    possible = _possible(codes, starts)
    found: npt.NDArray[np.bool_] = (possible & ~_BY_MORE) != 0
    others = np.flatnonzero(~found & (possible != 0))
    for at in (4, 8, 12):
        possible[others] &= _possible(codes, starts[others] + at)
        others = others[(possible[others] & _BY_MORE) != 0]
    found[others] = True
    found |= (codes[starts + _COMPRESS] == ord("7")) & (codes[starts + _COMPRESS + 1] == ord("8"))
    return found | (ends - starts >= LONG)


def _possible(codes: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint16]:
    """What each may be by four characters, which are three bytes."""
    heads = [codes[starts + number].astype(np.uint16) for number in range(4)]
    first, middle, last = (table[heads[at] << 8 | heads[at + 1]] for at, table in enumerate(_TABLES))
    possible: npt.NDArray[np.uint16] = first & (middle & last | _SURE)
    return possible


def _tables() -> tuple[npt.NDArray[np.uint16], ...]:
    """What the first two, the middle two and the last two of a run's first four characters leave possible."""
    one, two = np.divmod(np.arange(1 << 16), 256)
    six, following = _SIX[one], _SIX[two]
    bytes_there = six << 2 | following >> 4, six << 4 | following >> 2, six << 6 | following
    tables = []
    for number, byte in enumerate(bytes_there):
        table = np.where(_READABLE[byte], _AS_TEXT, np.uint16(0))
        for wanted, letters in zip((_AS_UPPER, _AS_LOWER), _BASE32_CLASSES, strict=True):
            table |= np.where(letters[one] & letters[two], wanted, np.uint16(0))
        if number == 0:
            table |= np.where(_PACKED_FIRST[byte], _AS_PACKED, np.uint16(0))
            table |= np.where(byte == ord("x"), _AS_ZLIB, np.uint16(0))
            table |= np.where(one == ord("+"), _SURE, np.uint16(0))
            table[[int.from_bytes(prefix, "big") for prefix in _HEX_PREFIXES]] |= _SURE
        else:
            table |= _AS_PACKED
            table |= np.where((byte % 31 == _ZLIB_REST) | (number == 2), _AS_ZLIB, np.uint16(0))
        for wanted, (begin, rest) in zip(_AS_HEX, _HEX_PAIRS, strict=True):
            here = (begin,) if number == 0 else rest
            table[[pair for some in here for pair in _cases(some)] if number != 1 else slice(None)] |= wanted
        tables.append(table)
    return tuple(tables)


def _cases(pair: bytes) -> set[int]:
    return {
        int.from_bytes(bytes([one, two]), "big")
        for one in (pair[:1] + pair[:1].upper())
        for two in (pair[1:] + pair[1:].upper())
    }


_TABLES = _tables()


def worth(run: bytes) -> bool:
    """Whether the run's beginning decodes to text or to something compressed: what nobody's hash or id does."""
    if _HEXADECIMAL.match(run):
        return _of_hexadecimal(run)
    if _BASE32.match(run) and _is_plain(_base32(run[:40])):
        return True
    if len(run) >= LONG:
        return True
    head = run[run[:1] == b"+" :][:40].translate(bytes.maketrans(b"-_", b"+/"))
    try:
        decoded = base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return False
    return starts_something(decoded)


def _of_hexadecimal(run: bytes) -> bool:
    found = _HEX_MAGICS.match(run)
    if found is None or found["zlib"] is None:
        return found is not None
    digits = run[found.start("zlib") :]
    return _may_inflate(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()))


def _may_inflate(head: bytes) -> bool:
    """Whether a zlib stream may begin so: most of what only has its first two bytes does not."""
    try:
        zlib.decompressobj().decompress(head, 1)
    except zlib.error:
        return False
    return True


def starts_something(decoded: bytes) -> bool:
    """Whether it is text, or the beginning of something compressed."""
    return _is_plain(decoded) or _is_compressed(decoded)


def _base32(head: bytes) -> bytes:
    try:
        return base64.b32decode(head[: len(head) // 8 * 8], casefold=True)
    except binascii.Error:
        return b""


def _is_plain(decoded: bytes) -> bool:
    """Whether it is text, as UTF-16 too."""
    decoded = decoded[2:] if decoded.startswith(_BYTE_ORDER) else decoded
    bare = decoded.replace(b"\0", b"")
    return len(bare) >= len(decoded) // 2 > 3 and not bare.translate(None, _TEXT)


def _is_compressed(decoded: bytes) -> bool:
    stream = decoded[:1] == b"x" and int.from_bytes(decoded[:2], "big") % 31 == 0
    return stream or decoded.startswith(_MAGICS)
