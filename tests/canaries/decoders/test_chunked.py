"""The chunked transfer coding."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "chunked": lambda data: (
        b"".join(
            b"%x\r\n%s\r\n" % (len(data[at : at + 7]), data[at : at + 7]) for at in range(0, len(data), 7)
        )
        + b"0\r\n\r\n"
    ),
    "chunked, signed": lambda data: (
        b"%x;chunk-signature=ab12\r\n%s\r\n0;chunk-signature=cd34\r\n\r\n" % (len(data), data)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
