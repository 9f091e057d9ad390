"""UTF-7 (RFC 2152), and as IMAP writes the names of folders (RFC 3501, section 5.1.3): ``+AGE-``, ``&AGE-``."""

from __future__ import annotations

import binascii
import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_CODED = re.compile(rb"[+&]-|(?:\+([A-Za-z0-9+/]{3,2000}+)|&([A-Za-z0-9+,]{3,2000}+)(?=-))-?")
_MOST_FOREIGN = 0x0250
"""Characters below are Latin: what a run of letters gives by chance is not."""


def _characters(match: re.Match[bytes]) -> bytes:
    if match[0] in (b"+-", b"&-"):
        return match[0][:1]
    coded = match[1] or match[2].replace(b",", b"/")
    coded = coded[: len(coded) - (len(coded) % 4 == 1)]
    try:
        data = binascii.a2b_base64(coded + b"==")
    except binascii.Error:
        return match[0]
    text = data[: len(data) // 2 * 2].decode("utf-16-be", "replace")
    if any(not 0x20 <= ord(one) < _MOST_FOREIGN for one in text):
        return match[0]
    return text.encode()


class Utf7Decoder(Decoder):
    """``+AHQAbw-ken``."""

    name = "utf-7"
    text = True
    holds = (b"+", b"&")
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        found.add(mended(layer.data, _CODED, _characters))
