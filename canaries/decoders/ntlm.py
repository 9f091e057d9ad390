"""NTLM messages (MS-NLMP, sections 2.2.1.1 and 2.2.1.3), also within Negotiate (RFC 4559).

Domain, user and workstation stand in them side by side with nothing between; only the fields say where each ends.
"""

from __future__ import annotations

import struct

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._decoys import places

_SIGNATURE = b"NTLMSSP\0"
_FIELD = struct.Struct("<HHI")
_NEGOTIATE, _AUTHENTICATE = 1, 3
_FIELDS = {_NEGOTIATE: (16, 24), _AUTHENTICATE: (28, 36, 44)}
"""Where the fields of the texts begin: domain and workstation; domain, user and workstation."""


class NtlmDecoder(Decoder):
    """``NTLM TlRMTVNTUAAD...``."""

    name = "ntlm"
    holds = (_SIGNATURE,)

    def decode(self, layer: Layer, found: Found) -> None:
        for start in places(layer.data, _SIGNATURE, found):
            message = layer.data[start : start + 65_536]
            for at in _FIELDS.get(int.from_bytes(message[8:12], "little"), ()):
                if at + 8 <= len(message):
                    length, _, offset = _FIELD.unpack_from(message, at)
                    text = message[offset : offset + length]
                    found.add(text.decode("utf-16-le", "ignore").encode() if b"\0" in text else text, message)
