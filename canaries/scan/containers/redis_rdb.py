"""Redis' dumps (RDB), and their strings that LZF cut to pieces.

A packed string is ``0xC3``, its packed and its plain length, and the bytes (rdb.h, RDB_ENC_LZF). Whatever unpacks to
exactly the length it says is one.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._mapped import mapped

_MARK = b"\xc3"
_MOST = 64 << 20
"""Packed bytes of one dump that are unpacked."""
_LONGEST = 1 << 20
_BATCH = 4 << 20


class RedisContainer(Container):
    name = "redis"
    raw = True

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"REDIS00")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with mapped(source) as content:
            room, texts, size, number = _MOST, [], 0, 1
            place = content.find(_MARK)
            while place >= 0:
                end, text = _string(content, place + 1)
                if text:
                    texts.append(text)
                    size += len(text)
                    room -= end - place
                if size > _BATCH:
                    yield Member(f"packed strings {number}", io.BytesIO(b"\n".join(texts)))
                    texts, size, number = [], 0, number + 1
                if room < 0:
                    yield Unreadable(
                        "", "the rest of its packed strings was left: load it, and scan what it prints"
                    )
                    break
                place = content.find(_MARK, max(end, place + 1))
            if texts:
                yield Member(f"packed strings {number}", io.BytesIO(b"\n".join(texts)))


def _string(content: mmap.mmap, place: int) -> tuple[int, bytes]:
    """Where the packed string ends whose lengths stand at ``place``, and what it says; empty where there is none."""
    place, packed = _length(content, place)
    place, plain = _length(content, place)
    if not 0 < packed < plain <= _LONGEST or place + packed > len(content):
        return 0, b""
    return place + packed, unpacked(content[place : place + packed], plain)


def _length(content: mmap.mmap, place: int) -> tuple[int, int]:
    """A length as RDB writes it, and where what follows it begins; -1 for none."""
    head = content[place : place + 5]
    if not head:
        return place, -1
    sort = head[0] >> 6
    if sort == 0:
        return place + 1, head[0]
    if sort == 1 and len(head) > 1:
        return place + 2, (head[0] & 0x3F) << 8 | head[1]
    if head[0] == 0x80 and len(head) == 5:
        return place + 5, int.from_bytes(head[1:], "big")
    return place, -1


def unpacked(packed: bytes, plain: int) -> bytes:
    """What LZF packed to ``packed``; empty where that does not give exactly ``plain`` bytes."""
    out, at = bytearray(), 0
    while at < len(packed) and len(out) < plain:
        control = packed[at]
        at += 1
        if control < 32:
            out += packed[at : at + control + 1]
            at += control + 1
            continue
        length, more = control >> 5, 1
        if length == 7:
            length, more = length + packed[at] if at < len(packed) else 0, 2
        if at + more > len(packed):
            return b""
        back = len(out) - ((control & 0x1F) << 8 | packed[at + more - 1]) - 1
        at += more
        if back < 0:
            return b""
        for _ in range(length + 2):
            out.append(out[back])
            back += 1
    return bytes(out) if at == len(packed) and len(out) == plain else b""
