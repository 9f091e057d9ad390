"""Which file nginx takes a target for: slashes merged, dots followed, %XX undone (ngx_http_parse_complex_uri)."""

from __future__ import annotations

import re

_ODD = re.compile(rb"//|/\.|[%#]")
_ENCODED = re.compile(rb"%(?:([0-9A-Fa-f]{2}))?")


def plain(target: bytes) -> bytes | None:
    """The path of ``target``, which begins with a slash, without its query; None where nginx refuses it."""
    path = target.partition(b"?")[0]
    return _resolved(path.partition(b"#")[0]) if _ODD.search(path) else path


def _resolved(path: bytes) -> bytes | None:
    if not _is_encoded_well(path):
        return None
    parts: list[bytes] = []
    pieces = re.split(rb"/+", _decoded(path))
    for piece in pieces[1:]:
        if piece == b"..":
            if not parts:
                return None
            parts.pop()
        elif piece != b".":
            parts.append(piece)
    closed = pieces[-1] in (b"", b".", b"..")
    parts = [part for part in parts if part]
    return b"/" + b"/".join(parts) + (b"/" if closed and parts else b"")


def _is_encoded_well(path: bytes) -> bool:
    return all(found[1] and found[1] != b"00" for found in _ENCODED.finditer(path))


def _decoded(path: bytes) -> bytes:
    return _ENCODED.sub(lambda found: bytes([int(found[1], 16)]), path)
