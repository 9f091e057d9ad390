"""Firmware as the tools of embedded systems write it: Intel's hexadecimal format and Motorola's S-records, each line
with a length, an address, bytes and a checksum."""

from __future__ import annotations

import re
from itertools import islice

from canaries.decoders import Decoder, Found, Layer

_RECORD = re.compile(
    rb"(?<![0-9A-Za-z])(?::([0-9A-Fa-f]{2})[0-9A-Fa-f]{4}00([0-9A-Fa-f]{2,510})[0-9A-Fa-f]{2}"
    rb"|S(?:1([0-9A-Fa-f]{2})[0-9A-Fa-f]{4}|2([0-9A-Fa-f]{2})[0-9A-Fa-f]{6}|3([0-9A-Fa-f]{2})[0-9A-Fa-f]{8})"
    rb"([0-9A-Fa-f]{2,510})[0-9A-Fa-f]{2})(?![0-9A-Za-z])"
)
_ADDRESS = {3: 2, 4: 3, 5: 4}
"""Bytes of the address, by the group that has the length."""
_MOST = 100_000


class FirmwareRecordsDecoder(Decoder):
    """``:10000000...``, ``S113...``."""

    name = "firmware records"
    text = True
    holds = (b":10", b":20", b":00000001FF", b"S113", b"S123", b"S2", b"S315", b"S325", b"S9")
    signs = ((b":100000", rb":100000[0-9A-F]{34}"), (b"S00", rb"S00[0-9A-F]{5,60}\s"))
    cost = 6

    def decode(self, layer: Layer, found: Found) -> None:
        parts = [_bytes(record) for record in islice(_RECORD.finditer(layer.data), _MOST)]
        if parts:
            found.add(b"".join(parts))


def _bytes(record: re.Match[bytes]) -> bytes:
    if record[1]:
        length, digits = int(record[1], 16), record[2]
    else:
        group = next(group for group in _ADDRESS if record[group])
        length, digits = int(record[group], 16) - _ADDRESS[group] - 1, record[6]
    return bytes.fromhex(digits.decode()) if len(digits) == 2 * length else b""
