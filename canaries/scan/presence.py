"""Whether a byte string stands in a text: most that do not are known not to by one of their bytes."""

from __future__ import annotations

_USUAL = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n,.'\"()-_")
"""Bytes that stand in nearly every dump: no use to look for one alone."""


def holds(content: bytes, text: bytes) -> bool:
    """``text in content``. One byte is looked for twenty times as fast as several are, so a rare one goes first."""
    return all(bytes([code]) in content for code in text if code not in _USUAL) and text in content
