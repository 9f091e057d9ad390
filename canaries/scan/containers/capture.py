"""Captures of a network (pcap and pcapng): searched as they are, and what TCP carried, put together again.

A packet has at most some 1,460 bytes of what was sent, so that a word may begin in one and end in the next. What was
sent twice, or out of order, is put where its number says. A connection that is encrypted with TLS is named.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from canaries.scan.containers import BROKEN, Container, Member, Packed, Stream, Unreadable

_CLASSIC = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
_SECTION, _ORDER = b"\x0a\x0d\x0d\x0a", {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_ENHANCED, _SIMPLE, _ENHANCED_HEAD = 6, 3, 20
_LONGEST = 1 << 20
_MOST, _EACH = 64 << 20, 64
"""Bytes of one capture that are put together, and what a segment counts beside its own."""
_IP = re.compile(
    rb"\x08\0(?=\x45)|\x86\xdd(?=\x60)|\0\x21(?=\x45)|\0\x57(?=\x60)|[\x02\x1c\x1e]\0\0\0(?=[\x45\x60])|\A(?=[\x45\x60])"
)
"""What says in the head of a link that IP follows, for Ethernet with and without tags, Linux' cooked form, PPP, the
loopback of BSD, and none."""
_FARTHEST = 32
_TCP = 6
_TLS = re.compile(rb"[\x14-\x17]\x03[\0-\x04].{2}", re.DOTALL)
_Way = tuple[bytes, bytes]
"""Addresses and ports."""


class CaptureContainer(Container):
    name = "capture"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return head[:4] in _CLASSIC or (head.startswith(_SECTION) and head[8:12] in _ORDER)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        ways: dict[_Way, list[tuple[int, bytes]]] = {}
        room, left, encrypted = _MOST, "", 0
        try:
            for way, number, content in filter(None, map(_segment, _packets(source))):
                room -= len(content) + _EACH
                if room < 0:
                    left = "the rest of its connections was left: cut it with editcap -c, and scan the parts"
                    break
                ways.setdefault(way, []).append((number, content))
        except BROKEN as error:
            left = str(error)
        for count, segments in enumerate(ways.values(), 1):
            content = _joined(segments)
            encrypted += _TLS.match(content) is not None
            yield Member(f"connection {count}", io.BytesIO(content))
        if encrypted:
            yield Unreadable("", f"{encrypted} of its connections are encrypted (TLS), each way counted")
        if left:
            yield Unreadable("", left)


def _packets(source: Stream) -> Iterator[bytes]:
    """What each packet has. Raises EOFError where the capture ends within one, ValueError where it is none."""
    head = _exactly(source, 24)
    if order := _CLASSIC.get(head[:4]):
        while lengths := _exactly(source, 16):
            yield _exactly(source, _sane(struct.unpack(order + "8xI4x", lengths)[0]))
        return
    order = _ORDER[head[8:12]]
    _exactly(source, _sane(struct.unpack(order + "I", head[4:8])[0]) - len(head))
    while head := _exactly(source, 8):
        if head.startswith(_SECTION):
            more = _exactly(source, 4)
            order = _ORDER.get(more, order)
            _exactly(source, _sane(struct.unpack(order + "I", head[4:])[0]) - 12)
            continue
        sort, size = struct.unpack(order + "II", head)
        block = _exactly(source, _sane(size) - 8)
        if sort == _ENHANCED and len(block) > _ENHANCED_HEAD:
            (length,) = struct.unpack(order + "I", block[12:16])
            yield block[_ENHANCED_HEAD : _ENHANCED_HEAD + length]
        elif sort == _SIMPLE:
            yield block[4:-4]


def _sane(size: int) -> int:
    if size > _LONGEST:
        raise ValueError("a packet is said to be longer than any is")
    return size


def _exactly(source: Stream, size: int) -> bytes:
    """So many bytes; none at the end of the capture. Raises EOFError, ValueError."""
    if size < 0:
        raise ValueError("a block is said to be shorter than any is")
    found = b""
    while len(found) < size and (more := source.read(size - len(found))):
        found += more
    if found and len(found) < size:
        raise EOFError("the capture ends within a packet")
    return found


def _segment(packet: bytes) -> tuple[_Way, int, bytes] | None:
    """Between whom, the number of its first byte, and what TCP carries in ``packet``; None for nothing."""
    link = _IP.search(packet, 0, _FARTHEST)
    if link is None:
        return None
    ip = packet[link.end() :]
    if ip[0] >> 4 == 4:
        start, size, sort, addresses = (ip[0] & 15) * 4, int.from_bytes(ip[2:4], "big"), ip[9:10], ip[12:20]
    else:
        start, size, sort, addresses = 40, 40 + int.from_bytes(ip[4:6], "big"), ip[6:7], ip[8:40]
    tcp = ip[start : size if size > start else None]  # 0 where the network card cuts it
    if sort != bytes([_TCP]) or len(tcp) < 20:
        return None
    content = tcp[(tcp[12] >> 4) * 4 :]
    return ((addresses, tcp[:4]), int.from_bytes(tcp[4:8], "big"), content) if content else None


def _joined(segments: list[tuple[int, bytes]]) -> bytes:
    """What was sent, in order; where some is missing, a line end stands for it."""
    first = segments[0][0]
    found, at = io.BytesIO(), None
    for number, content in sorted(((n - first + (1 << 31)) % (1 << 32), part) for n, part in segments):
        if at is not None and number > at:
            found.write(b"\n")
        skipped = 0 if at is None else max(0, at - number)
        found.write(content[skipped:])
        at = max(at or 0, number + len(content))
    return found.getvalue()
