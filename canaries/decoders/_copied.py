"""What formats that only copy give: literal bytes, and bytes that came before."""

from __future__ import annotations


def repeat(given: bytearray, back: int, size: int) -> None:
    """Append ``size`` bytes from ``back`` before the end; they may overlap with what is appended.

    Raises ValueError where nothing stands so far back.
    """
    start = len(given) - back
    if not 0 < back <= len(given):
        raise ValueError(back)
    if back >= size:
        given += given[start : start + size]
    else:
        piece = bytes(given[start:])
        given += (piece * (size // back + 1))[:size]
