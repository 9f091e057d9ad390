"""What a piece of a dump wraps in encodings: the decoders of the traps, asked where there is a reason to.

Asking them about every byte would cost twenty times the search. So a piece is looked at for signs first: a run that is
Base64 of text, of UTF-16 or of something compressed, hexadecimal in groups, a list of byte values, an encoded word of
mail, a chunked body. What surrounds a sign is decoded, a small piece as a whole.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from canaries.decoders import DecodingBudget, DecodingLimits, Layer, signs, unwrap
from canaries.scan.presence import holds

SMALL = 8 << 10
"""Bytes of a piece that is decoded as a whole where there is a sign in it."""
TINY = 1 << 10
"""Bytes of a piece that is decoded whatever it looks like: a note, a header, a message."""
LIMITS = DecodingLimits(produced=64 << 20, work=512 << 20, work_each=512)
"""More than a trap may spend: a scan is the operator's own."""
_BEFORE, _BEHIND = 256, 16 << 10
"""Bytes around a sign in a larger piece."""
_LINE = 60
"""Characters of a run that may go on in the next line."""
_FIELD_ENDS = re.compile(rb"""=*(?:[\t,;|)]|["'][,;)}\]])""")
"""What stands behind a run that fills a column of a table: it does not go on in the next line."""
_SHORTEST, _LONG = 32, 160
"""Characters of a run that is looked at, and of one that is decoded whatever it begins with."""
_GROUPS = (
    (3, re.compile(rb"[0-9a-fA-F]{2}(?:[ :-]{1,2}[0-9a-fA-F]{2}){15}")),
    (5, re.compile(rb"[0-9a-f]{4}(?: [0-9a-f]{4}){5}")),
)
"""Hexadecimal in groups: characters from one separator to the next, and what it looks like."""
_MOST_RUNS = 100_000
_LIST = re.compile(rb"[\[({]\s{0,4}(?:(?:0x[0-9a-fA-F]{2}|-?\d{1,3})\s{0,4},\s{0,4}){8}")
"""The values of eight bytes, and what it takes between the first comma and the eighth, at most."""
_LIST_COMMAS, _LIST_WIDTH = 8, 7 * 13
_MAGICS = (b"\x1f\x8b\x08", b"PK\x03\x04", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_HEX_MAGICS = re.compile(
    rb"(?:0?[xX])?(?:1f8b08|504b0304|fd377a585a|425a68|28b52ffd|feff|(?:[0-9a-f]{6}[0-3][0-9a-f])?78(?:01|5e|9c|da))",
    re.IGNORECASE,
)
"""MySQL's COMPRESS puts four bytes before a zlib stream: what it unpacks to, the lowest byte first."""
_HEXADECIMAL = re.compile(rb"(?:0?[xX])?[0-9a-fA-F]+\Z")
_BASE32 = re.compile(rb"[A-Z2-7]+\Z|[a-z2-7]+\Z")
_CLASS = bytes(
    code in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-" for code in range(256)
)
_SIX = np.zeros(256, np.uint8)
for _number, _code in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):
    _SIX[_code] = _number
_SIX[ord("-")], _SIX[ord("_")] = 62, 63
_TEXT = bytes([9, 10, 13, *range(0x20, 0x7F)])
_READABLE = np.zeros(256, np.bool_)
_READABLE[[0, 0xFE, 0xFF, *_TEXT]] = True
_PACKED_FIRST = np.zeros(256, np.bool_)
_PACKED_FIRST[[magic[0] for magic in (*_MAGICS, b"x")]] = True
_HEX_FIRST = np.zeros(1 << 16, np.bool_)
for _pair in (
    b"1f",
    b"1F",
    b"fe",
    b"FE",
    b"50",
    b"fd",
    b"FD",
    b"42",
    b"28",
    b"78",
    b"0x",
    b"0X",
    b"x1",
    b"x5",
    b"xf",
    b"x4",
    b"x2",
    b"x7",
):
    _HEX_FIRST[int.from_bytes(_pair, "big")] = True
_BASE32_CLASSES = np.zeros((2, 256), np.bool_)
for _number, _letters in enumerate((b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")):
    _BASE32_CLASSES[_number, list(_letters + b"234567")] = True


@dataclass(frozen=True, slots=True)
class WrappedText:
    """Bytes that came out of an encoding."""

    content: bytes
    form: str
    """Names of the decoders, outermost first: ``base64, gzip``."""
    place: int
    """In the piece: where the outermost wrapping begins, or a byte near to it."""


@dataclass(slots=True)
class Unwrapping:
    """All that is wrapped in one piece; `reached` afterwards."""

    content: bytes
    reached: tuple[str, ...] = ()
    """What was left unseen: ``bytes`` and ``depth`` are bounds, ``encrypted`` is an archive."""

    def texts(self) -> Iterator[WrappedText]:
        """What came out, nearest first; nothing that stands in the piece as it is."""
        regions = list(_regions(self.content))
        budget = DecodingBudget(LIMITS, sum(end - start for start, end in regions))
        for start, end in regions:
            region = self.content[start:end]
            for layer in unwrap(region, budget, anywhere=True):
                if layer.way and not layer.whole and layer.data not in region:
                    yield WrappedText(layer.data, ", ".join(layer.way), start + _place(region, layer))
        # a bound on work ends the trying of unlikely combinations: it says nothing of what was unpacked
        self.reached = tuple(bound for bound in budget.reached if bound != "work")


def _place(region: bytes, layer: Layer) -> int:
    return max(0, region.find(layer.mark)) if layer.mark else 0


def _regions(content: bytes) -> Iterator[tuple[int, int]]:
    """Where in ``content`` decoders are to look; apart from each other, in order."""
    if len(content) <= TINY:
        yield 0, len(content)
        return
    small = len(content) <= SMALL
    reach = 0
    start = end = -1
    for place, length in sorted(_signs(content)):
        if small:
            yield 0, len(content)
            return
        reach = place + length
        if start < 0 or place - _BEFORE > end:
            if end >= 0:
                yield start, end
            start = max(0, place - _BEFORE)
        end = max(end, min(reach, len(content)))
    if end >= 0:
        yield start, end


def _signs(content: bytes) -> Iterator[tuple[int, int]]:
    """Whatever looks wrapped: its place, and how far from there decoders are to look."""
    for first, patterns in _signs_of_decoders():
        if holds(content, first):
            for pattern in patterns:
                yield from ((found.start(), _BEHIND) for found in pattern.finditer(content))
    for listed in _LIST.finditer(content, _close_commas(content)):
        yield listed.start(), _BEHIND
    for period, groups in _GROUPS:
        for place in _separated(content, period):
            if found := groups.match(content, place):
                yield place, len(found[0]) + _BEHIND
    starts, ends = _runs(content)
    likely = _likely(content, starts) | (ends - starts >= _LONG)
    for place, end in zip(starts[likely].tolist(), ends[likely].tolist(), strict=True):
        if worth(content[place:end]):
            wraps = end - place >= _LINE and not _FIELD_ENDS.match(content, end)  # else it ends there
            yield place, end - place + (_BEHIND if wraps else _BEFORE)


@lru_cache(maxsize=1)
def _signs_of_decoders() -> tuple[tuple[bytes, tuple[re.Pattern[bytes], ...]], ...]:
    """What each decoder says of itself, by the byte string without which it is not there."""
    return tuple((first, tuple(map(re.compile, patterns))) for first, patterns in signs().items())


def _close_commas(content: bytes) -> int:
    """Where eight commas first stand as close as in a `_LIST`, or a little before; the end where they never do."""
    commas = np.flatnonzero(np.frombuffer(content, np.uint8) == 0x2C)
    more = _LIST_COMMAS - 1
    close = np.flatnonzero(commas[more:] - commas[:-more] <= _LIST_WIDTH)
    return max(0, int(commas[close[0]]) - 2 * _LIST_WIDTH) if len(close) else len(content)


def _separated(content: bytes, period: int) -> list[int]:
    """Where groups of ``period - 1`` characters begin that are followed by five more of their length."""
    codes = np.frombuffer(content, np.uint8)
    marks = (codes == 0x20) | (codes == 0x3A) | (codes == 0x2D)
    reach = len(marks) - 5 * period
    if reach <= 0:
        return []
    alike = marks[:reach].copy()
    for number in range(1, 6):
        alike &= marks[number * period : number * period + reach]
    alike &= ~marks[1 : reach + 1]
    places = np.flatnonzero(alike) - (period - 1)
    return [int(place) for place in places[places >= 0][:_MOST_RUNS]]


def _runs(content: bytes) -> tuple[np.typing.NDArray[np.intp], np.typing.NDArray[np.intp]]:
    """Where the runs of characters that Base64 is made of begin and end, those of `_SHORTEST` characters and more."""
    inside = np.frombuffer(b"\0" + content.translate(_CLASS) + b"\0", np.uint8)
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    long = ends - starts >= _SHORTEST
    return starts[long], ends[long]


def _likely(content: bytes, starts: np.typing.NDArray[np.intp]) -> np.typing.NDArray[np.bool_]:
    """Which runs may be `worth` it, by their first eight characters, then by sixteen: all of them at once."""
    likely = _likely_heads(content, starts, 8)
    likely[likely] = _likely_heads(content, starts[likely], 16)
    return likely


def _likely_heads(
    content: bytes, starts: np.typing.NDArray[np.intp], length: int
) -> np.typing.NDArray[np.bool_]:
    """Which runs may be, by ``length`` characters, a multiple of four."""
    heads = np.frombuffer(content, np.uint8)[starts[:, None] + np.arange(length)]
    six = _SIX[heads].reshape(len(heads), length // 4, 4).astype(np.uint32)
    threes = six[..., 0] << 18 | six[..., 1] << 12 | six[..., 2] << 6 | six[..., 3]
    decoded = np.stack([threes >> 16, threes >> 8, threes], -1).reshape(len(heads), length // 4 * 3) & 0xFF
    text = _READABLE[decoded].all(-1)
    packed = _PACKED_FIRST[decoded[:, 0]] & ((decoded[:, 0] != 0x78) | ((0x7800 | decoded[:, 1]) % 31 == 0))
    hexadecimal = _HEX_FIRST[heads[:, 0].astype(np.uint32) << 8 | heads[:, 1]]
    likely: np.typing.NDArray[np.bool_] = text | packed | hexadecimal | (heads[:, 0] == 0x2B)
    for alphabet in _BASE32_CLASSES:
        likely |= alphabet[heads].all(-1)
    return likely


def worth(run: bytes) -> bool:
    """Whether the run's beginning decodes to text or to something compressed: what nobody's hash or id does."""
    if _HEXADECIMAL.match(run):
        return _HEX_MAGICS.match(run) is not None
    if _BASE32.match(run) and _plain(_base32(run[:40])):
        return True
    if len(run) >= _LONG:
        return True
    head = run[run[:1] == b"+" :][:40].translate(bytes.maketrans(b"-_", b"+/"))
    try:
        decoded = base64.b64decode(head[: len(head) // 4 * 4])
    except binascii.Error:
        return False
    return _plain(decoded) or _compressed(decoded)


def _base32(head: bytes) -> bytes:
    try:
        return base64.b32decode(head[: len(head) // 8 * 8], casefold=True)
    except binascii.Error:
        return b""


def _plain(decoded: bytes) -> bool:
    """Whether it is text, as UTF-16 too."""
    bare = decoded.replace(b"\0", b"")
    return len(bare) >= len(decoded) // 2 > 3 and not bare.translate(None, _TEXT)


def _compressed(decoded: bytes) -> bool:
    zlib = decoded[:1] == b"x" and int.from_bytes(decoded[:2], "big") % 31 == 0
    return zlib or decoded.startswith(_MAGICS)
