"""Parts of a request as signatures are made over them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, unquote_plus

from listener.http.message import ParsedMessage

Comparison = Callable[[Callable[[bytes], bytes | None]], bool | None]

_MOST_WAYS, _MOST_TOGETHER = 24, 16_384
"""Strings that may be what was signed, and their bytes together: the hash of a verifier is slow."""


def ways_to_try(ways: Iterable[str]) -> list[bytes]:
    """Those that are hashed, the usual one first; none where that one is too long."""
    kept: list[bytes] = []
    for way in dict.fromkeys(ways):
        coded = way.encode("utf-8", "surrogateescape")
        if len(kept) == _MOST_WAYS or sum(map(len, kept)) + len(coded) > _MOST_TOGETHER:
            break
        kept.append(coded)
    return kept


def compared(ways: Sequence[bytes], wanted: bytes) -> Comparison:
    """Says of a way to sign whether one of ``ways`` then has the signature ``wanted``; None where it cannot sign."""

    def by(sign: Callable[[bytes], bytes | None]) -> bool | None:
        made = [sign(way) for way in ways]
        return None if None in made else wanted in made

    return by


def pairs(query: str, *, form: bool = False) -> list[tuple[str, str]]:
    """Names and values of a query, decoded, in its order; ``form``: a plus is a space."""
    plain = unquote_plus if form else unquote
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(plain(name), plain(value)) for name, _, value in parts]


def header(message: ParsedMessage, name: str) -> str:
    """All values of a header, white space folded."""
    values = [" ".join(value.split()) for key, value in message.headers if key.lower() == name]
    return ",".join(values)


def headers_of(message: ParsedMessage, prefix: str) -> dict[str, str]:
    """The headers whose names begin so, in lower case, by name."""
    names = sorted({name.lower() for name, _ in message.headers if name.lower().startswith(prefix)})
    return {name: header(message, name) for name in names}


def observed_pairs(seen: Mapping[str, Any], part: str) -> dict[str, str]:
    """What was observed of ``query`` or ``form``; the last of each name."""
    found = seen.get(part)
    rows = found if isinstance(found, list | tuple) else ()
    return {str(row[0]): str(row[1]) for row in rows if isinstance(row, list | tuple) and len(row) == 2}


def from_base64(text: str) -> bytes:
    """Raises ValueError where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no Base64") from error
