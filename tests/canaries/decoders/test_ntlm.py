"""NTLM, plain and within Negotiate."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable


def ntlm(user: bytes) -> bytes:
    """An AUTHENTICATE message of ``user`` in domain CORP on WS01 (MS-NLMP, section 2.2.1.3)."""
    texts = [part.encode("utf-16-le") for part in ("CORP", user.decode("latin-1"), "WS01")]
    offset, fields = 64, [(0, 64), (0, 64)]
    for text in texts:
        fields.append((len(text), offset))
        offset += len(text)
    head = (
        b"NTLMSSP\0"
        + struct.pack("<I", 3)
        + b"".join(struct.pack("<HHI", size, size, at) for size, at in fields)
    )
    return head.ljust(64, b"\0") + b"".join(texts)


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "NTLM": lambda data: b"Authorization: NTLM " + base64.b64encode(ntlm(data)),
    "Negotiate": lambda data: (
        b"Authorization: Negotiate "
        + base64.b64encode(b"\xa1\x81\xb0\x30\x81\xad\xa2\x81\xaa\x04\x81\xa7" + ntlm(data))
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"NTLM", "Negotiate"}
