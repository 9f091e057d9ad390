"""Binary values in MySQL's dumps."""

from __future__ import annotations

from collections.abc import Callable

_ESCAPES = {0: b"\\0", 10: b"\\n", 13: b"\\r", 26: b"\\Z", 34: b'\\"', 39: b"\\'", 92: b"\\\\"}


def _dumped(data: bytes) -> bytes:
    """As mysql_real_escape_string does it."""
    escaped = b"".join(_ESCAPES.get(byte, bytes([byte])) for byte in data)
    return b"INSERT INTO `t` VALUES (1,_binary '" + escaped + b"'),(2,NULL);\n"


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {"sql binary": _dumped}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
