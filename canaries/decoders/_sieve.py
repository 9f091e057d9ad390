"""A sieve before decoding: whether a text is made of such words that no encoding can stand in it.

Most of what strangers ask for is a short path of ordinary words. Some passes over its bytes say so, where asking each
decoder costs ten times as much. A text that passes for plain gives nothing in any decoder that says `Decoder.sieved`.
"""

from __future__ import annotations

from canaries.decoders._runs import ALNUM, marking

PLAIN = ALNUM + b"/._-?~"
"""All that a plain text is made of; no mark of an encoding but letters and digits is among it."""
_LONGEST = 1024
"""Bytes of a text that is looked at: in a longer one there is always something."""
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE64 = marking(ALNUM + b"+/-_")
_FIGURES = marking(b"0123456789+/-_")
_LETTERS = marking(ALNUM)
_TRIED, _WORD, _LOWER = b"a" * 16, b"a" * 24, b"a" * 28
"""Runs that are tried: as base64, but for words; as base32 or hexadecimal; as base64, even what looks like words."""


def is_plain(data: bytes) -> bool:
    """Whether ``data`` is short, of plain characters, and has no run that may be base64, base32 or hexadecimal."""
    if len(data) > _LONGEST or data.translate(None, PLAIN) or b"0x" in data:
        return False
    if len(data) < len(_TRIED):
        return True
    runs = data.translate(_BASE64)
    if _TRIED not in runs:
        return True
    if _LOWER in runs or _TRIED in data.translate(_FIGURES) or data.translate(None, _CAPITALS) != data:
        return False
    return _WORD not in data.translate(_LETTERS)
