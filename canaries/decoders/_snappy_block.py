"""One block of Snappy (``format_description.txt`` of google/snappy): a length, then literal bytes and copies."""

from __future__ import annotations

from collections.abc import Callable

from canaries.decoders._copied import repeat

JAVA, JAVA_HEAD = b"\x82SNAPPY\0", 16
"""How the frames of snappy-java begin, and how long that beginning is, with two versions of four bytes each."""
_EACH = 300
"""Work of one step: it is done in Python."""
_LONGEST_LENGTH = 5


def plain_length(block: bytes) -> tuple[int, int]:
    """How many bytes a block says it gives, and where what follows that begins. Raises ValueError."""
    length = 0
    for place, code in enumerate(block[:_LONGEST_LENGTH]):
        length |= (code & 0x7F) << 7 * place
        if code < 0x80:
            return length, place + 1
    raise ValueError("no length of Snappy")


def unpacked(block: bytes, most: int, spend: Callable[[int], bool] = lambda _: True) -> bytes:
    """What one block holds, as far as it is whole; about ``most`` bytes. ``spend`` says whether there is work left."""
    try:
        at = plain_length(block)[1]
    except ValueError:
        return b""
    given = bytearray()
    while at < len(block) and len(given) < most and spend(_EACH):
        tag = block[at]
        kind, size = tag & 3, (tag >> 2) + 1
        if kind == 0:
            more = max(0, size - 60)
            if more:
                size = int.from_bytes(block[at + 1 : at + 1 + more], "little") + 1
            given += block[at + 1 + more : at + 1 + more + size]
            at += 1 + more + size
            continue
        width = (1, 2, 4)[kind - 1]
        back = int.from_bytes(block[at + 1 : at + 1 + width], "little")
        if kind == 1:
            back, size = (tag >> 5) << 8 | back, (tag >> 2 & 7) + 4
        at += 1 + width
        try:
            repeat(given, back, size)
        except ValueError:
            break
    return bytes(given)
