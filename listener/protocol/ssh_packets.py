"""What an SSH client says inside its packets: kept with a sighting in the front, cut into its texts in the back.

After the keys are agreed the raw bytes are encrypted for good, so what nobody keeps in clear is lost: reasons of a
disconnect, requests of a sort that the server does not know, what is typed or piped in. The fields are those of RFC
4252 to 4254 and 8308, and of OpenSSH's PROTOCOL and PROTOCOL.certkeys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_DATA, _EXTENDED_DATA = 94, 95
_NUMBERS_ALONE = frozenset({3, 21, 30, 31, 32, 34, 93, 96, 97, 99, 100})
"""Packets without a text: of key exchange, and channel numbers."""
_BEFORE = bytes([0, _DATA])
"""No message of SSH: what a channel said in sightings before, put there by `PacketTee.take`."""
_KEXINIT = 20
"""Comes in clear, and stands in the raw bytes."""
_SHAPES = {
    1: "uss",
    2: "s",
    4: "bss",
    5: "s",
    7: "u",
    50: "sss.",
    61: "u",
    80: "s.b",
    90: "s.uuu",
    _DATA: "us",
    _EXTENDED_DATA: "uus",
    98: "us.b",
}
"""By the number of the message: ``s`` a text behind its length, ``u`` four bytes, ``b`` one, ``.`` the text before it
says what follows all the others (`_NAMED`). What follows that, or is of no known sort: texts, as long as they fit."""
_NAMED = {
    b"password": "b",
    b"publickey": "bsk",
    b"hostbased": "sk",
    b"gssapi-with-mic": "u",
    b"direct-tcpip": "susu",
    b"forwarded-tcpip": "susu",
    b"forwarded-streamlocal@openssh.com": "ss",
    b"pty-req": "suuuus",
    b"x11-req": "bssu",
    b"exit-signal": "sbss",
}
"""``k``: a key, or a certificate."""
_CERTIFICATES = {
    b"ssh-ed25519": "s",
    b"ssh-rsa": "ss",
    b"rsa-sha2-": "ss",
    b"ssh-dss": "ssss",
    b"ecdsa-sha2-": "ss",
    b"sk-ssh-": "ss",
    b"sk-ecdsa-": "sss",
}
"""The public key's fields of a certificate, by how its algorithm begins; then come serial number and sort."""
_OPENING, _SWELL = 4096, 4
"""Bytes of packets kept with a sighting: so many, and so many times its raw ones, which may be packed (RFC 4253,
section 6.2)."""
_REMEMBERED, _CHANNELS = 8192, 16
"""Bytes of a channel that later sightings repeat, and of how many channels: a token may come in packets with answers
between them."""


class PacketTee:
    """A client's packets in clear, until a sighting takes them. Belongs to one connection."""

    def __init__(self, limit: int) -> None:
        """``limit``: bytes that wait for a sighting at most; what comes then is dropped."""
        self._limit = limit
        self._kept = bytearray()
        self._last = 0
        """Where the last packet begins."""
        self._before: dict[bytes, bytes] = {}
        """The last that each channel said in packets that sightings have taken, by its number."""
        self.heard = 0
        """Bytes that were taken from the wire before the end of the conversation."""
        self.late: Callable[[bytes], None] | None = None
        """Reads what comes behind the end of the conversation (`behind`); None where keys were not agreed."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._kept)

    def add(self, payload: bytes) -> None:
        """A packet, without padding (RFC 4253, section 6)."""
        self._last = len(self._kept)
        room = self._limit - len(self._kept) - 4
        if payload and room > 0 and payload[0] != _KEXINIT and payload[0] not in _NUMBERS_ALONE:
            kept = payload[:room]
            self._kept += len(kept).to_bytes(4, "big") + kept

    def unpacked(self, payload: bytes) -> None:
        """The packet that was added last, as it was before the client packed it."""
        del self._kept[self._last :]
        self.add(payload)

    def behind(self, data: bytes) -> None:
        """What came over the wire behind the end of the conversation, where that can be read."""
        if self.late is not None:
            self.late(data)

    def take(self, raw: int) -> bytes:
        """The packets since the last call, each behind its length, for a sighting of so many raw bytes.

        Where a channel says more in them, the last that was said over channels before stands in front.
        """
        most = _OPENING + _SWELL * raw
        taken = bytes(self._kept[:most])
        self._kept.clear()
        self._last = 0
        before, said = bytearray(), _over_channels(taken)
        for channel, new in said.items():
            if old := self._before.pop(channel, b""):
                repeated = _BEFORE + channel + old
                before += len(repeated).to_bytes(4, "big") + repeated
            self._before[channel] = (old + new)[-_REMEMBERED:]
        while len(self._before) > _CHANNELS:
            del self._before[next(iter(self._before))]
        return bytes(before) + taken


def _over_channels(kept: bytes) -> dict[bytes, bytes]:
    """What each channel said, by its number."""
    said: dict[bytes, bytearray] = {}
    for packet in packets(kept):
        if packet[0] == _DATA:
            said.setdefault(packet[1:5], bytearray()).extend(b"".join(_fields(packet)))
    return {channel: bytes(texts) for channel, texts in said.items() if len(channel) == 4}


def packets(kept: bytes) -> Iterator[bytes]:
    """What `PacketTee.take` gave, packet by packet; the last may be cut."""
    at = 0
    while at + 4 < len(kept):
        size = int.from_bytes(kept[at : at + 4], "big")
        if size:
            yield kept[at + 4 : at + 4 + size]
        at += 4 + size


def texts(kept: bytes) -> list[bytes]:
    """Every text in the packets; what went over one channel put together."""
    found: list[bytes] = []
    channels: dict[bytes, bytearray] = {}
    for packet in packets(kept):
        fields = list(_fields(packet))
        if packet.startswith(_BEFORE):
            channels.setdefault(packet[1:6], bytearray()).extend(packet[6:])
        elif packet[0] in (_DATA, _EXTENDED_DATA):
            channels.setdefault(packet[:5], bytearray()).extend(b"".join(fields))
        else:
            found += filter(None, fields)
    return found + [bytes(said) for said in channels.values()]


def typed(kept: bytes) -> bytes:
    """What went over the channels, as a program or a person wrote it."""
    return b"".join(b"".join(_fields(packet)) for packet in packets(kept) if packet[0] == _DATA)


def _fields(packet: bytes) -> Iterator[bytes]:
    """The texts of one packet, in their order."""
    waiting, at, last = _SHAPES.get(packet[0], ""), 1, b""
    named = ""
    while at < len(packet):
        if not waiting:
            waiting, named = named or "s", ""
        letter, waiting = waiting[0], waiting[1:]
        match letter:
            case ".":
                named = _NAMED.get(last, "")
            case "b":
                at += 1
            case "u":
                at += 4
            case _:
                end = at + 4 + int.from_bytes(packet[at : at + 4], "big")
                if end > len(packet):  # no text, or one that was cut
                    last = packet[at + 4 :] if packet[0] in (_DATA, _EXTENDED_DATA) else packet[at:]
                    end = len(packet)
                else:
                    last = packet[at + 4 : end]
                at = end
                yield last
                if letter == "k":
                    yield from _certificate(last)


def _certificate(key: bytes) -> Iterator[bytes]:
    """The texts of a certificate: its id, whom it is for, what it permits; of a key only its parts."""
    algorithm = key[4 : 4 + int.from_bytes(key[:4], "big")]
    shape = next((own for begin, own in _CERTIFICATES.items() if algorithm.startswith(begin)), "")
    if b"-cert-v0" not in algorithm:
        return
    at = 4 + len(algorithm)
    for letter in "s" + shape + "uuusluuuulls":
        size = 4 if letter == "u" else 4 + int.from_bytes(key[at : at + 4], "big")
        if letter != "u":
            said = key[at + 4 : at + size]
            yield said
            if letter == "l":
                for one in _fields(b"\0" + said):  # a list of texts within a text
                    yield one
                    yield from _fields(b"\0" + one)  # an option's value is a text within that again
        at += size
