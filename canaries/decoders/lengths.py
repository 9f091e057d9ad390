"""Strings behind a byte that says how long they are: BER, protocol buffers, MessagePack, AMQP, MQTT, Kerberos.

Such a byte may be a letter or a digit itself, and what follows the string too; then neither end is to be seen in the
text, and the length says where they are.
"""

from __future__ import annotations

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import readable_parts

_MOST = 20_000
_SURE = 16
"""Strings of a row that does not end where the printable bytes do: any text is such a row, of strings cut anywhere."""
_SMILE = 0x3F
"""What Smile adds to the length of a short text of ASCII, of both its sorts."""
_DOUBLED = (0, 1, 12, 13)
"""What is added to a length that is written twice as large: zigzag of Avro and Kafka, AMF 3, strings of SQLite."""
_BEFORE = 4
"""Printable bytes that may stand before the first length of a run."""


class LengthsDecoder(Decoder):
    r"""``\x0f0token...``."""

    name = "lengths"
    guesses = True
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
            found.add(b"\n".join(dict.fromkeys(strings)), separate=True)


def _within(data: bytes, start: int, end: int) -> list[bytes]:
    """The strings that one run of printable characters may consist of, one after the other.

    The first one's length is the byte before the run, or its first. What stands before a length may be printable too:
    then the next few bytes are tried, but only for a string that goes on to the end.
    """
    strings: list[bytes] = []
    for first in (start - 1, start) if start else (start,):
        at = first
        row: list[bytes] = []
        while end - at > 8 and 8 <= (length := data[at]) < end - at:
            row.append(data[at + 1 : at + 1 + length])
            at += 1 + length
        strings += row if at == end else row[:_SURE]
    for width in (2, 4, 8):  # with the lowest byte first
        length = int.from_bytes(data[max(0, start - width) : start], "little")
        if 8 <= length < end - start:
            strings.append(data[start : start + length])
    near = range(start + 1, min(start + _BEFORE, end))
    strings += [
        data[at + 1 : end] for at in near if end - at > 8 and data[at] - (end - at - 1) in (0, _SMILE)
    ]
    rest = end - start - 1
    if rest >= 8 and (data[start] - 2 * rest in _DOUBLED or data[start] - rest == _SMILE):
        strings.append(data[start + 1 : end])
    return strings
