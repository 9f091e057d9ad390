"""uuencode."""

from __future__ import annotations

import binascii
from collections.abc import Callable


def _encoded(data: bytes) -> bytes:
    lines = (binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 note.txt\n" + b"".join(lines) + b"`\nend\n"


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {"uuencode": _encoded}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
