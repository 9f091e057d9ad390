"""Hexadecimal in its many layouts."""

from __future__ import annotations

from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "hex": lambda data: data.hex().encode(),
    "hex, capitals": lambda data: b"0x" + data.hex().upper().encode(),
    "hex of a database": lambda data: b"\\x" + data.hex().encode(),
    "hex, spaced": lambda data: data.hex(" ").encode(),
    "hex, colons": lambda data: data.hex(":").upper().encode(),
    "hex, in a list": lambda data: b"{" + b", ".join(b"0x%02x" % byte for byte in data) + b"}",
    "hex in lines": lambda data: b"\n".join(
        data.hex().encode()[at : at + 60] for at in range(0, 2 * len(data), 60)
    ),
    "hex dump": lambda data: b"".join(
        b"%08x: %s  %s\n" % (at, data[at : at + 16].hex(" ", 2).encode(), b"." * len(data[at : at + 16]))
        for at in range(0, len(data), 16)
    ),
    "literal of SQL": lambda data: b"SELECT X'" + data.hex().encode() + b"'",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
