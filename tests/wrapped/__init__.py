"""Tokens as programs of others wrap them, one file a sort of place: what the decoders' own tests do not make."""

from __future__ import annotations

import base64
import urllib.parse
import zlib

b64 = base64.b64encode


def b64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def quoted(data: bytes) -> bytes:
    return urllib.parse.quote(data, safe="").encode()


def raw(data: bytes) -> bytes:
    program = zlib.compressobj(wbits=-15)
    return program.compress(data) + program.flush()


def hexed(data: bytes) -> bytes:
    return data.hex().encode()


def cut(data: bytes, width: int) -> list[bytes]:
    """Pieces of that length, the last one shorter."""
    return [data[at : at + width] for at in range(0, len(data), width)]


def text_with(token: bytes) -> bytes:
    return b"some words of a config file, then more\nkey=%s\nand still more words\n" % token


def base64_lines(token: bytes) -> list[bytes]:
    return cut(b64(text_with(token)), 40)
