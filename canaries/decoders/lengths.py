"""Strings behind a byte that says how long they are: BER, protocol buffers, MessagePack, AMQP, MQTT, Kerberos.

Such a byte may be a letter or a digit itself, and what follows the string too; then neither end is to be seen in the
text, and the length says where they are.
"""

from __future__ import annotations

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import readable_parts

_MOST = 20_000


class LengthsDecoder(Decoder):
    r"""``\x0f0token...``."""

    name = "lengths"
    binary = True
    cost = 10

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        strings: list[bytes] = []
        for number, (start, end) in enumerate(readable_parts(data)):
            if number >= _MOST:
                found.note("fields")
                break
            strings += _within(data, start, end)
        if strings:
            found.add(b"\n".join(dict.fromkeys(strings)))


def _within(data: bytes, start: int, end: int) -> list[bytes]:
    """The strings that one run of printable characters may consist of, one after the other."""
    strings = []
    if start and 8 <= (length := data[start - 1]) <= end - start:
        strings.append(data[start : start + length])
        start += length
    while end - start > 8 and 8 <= (length := data[start]) < end - start:
        strings.append(data[start + 1 : start + 1 + length])
        start += 1 + length
    return strings
