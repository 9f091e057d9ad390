"""Strings of Redis' protocol, RESP: each says how long it is (https://redis.io/docs/latest/develop/reference/protocol-spec/)."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_STRING = re.compile(rb"[$=]([0-9]{1,9})\r\n")
_STREAMED = re.compile(rb"\$\?\r\n((?:;[1-9][0-9]{0,8}\r\n[^;]{0,4000}\r\n)+);0")
_CHUNK = re.compile(rb";([1-9][0-9]{0,8})\r\n")
"""RESP3, *streamed strings*: pieces with a length each, and an empty one at the end."""
_MOST = 20_000
_SHORTEST = 8


class RespDecoder(Decoder):
    """``*2 $4 AUTH $20 ...``, of any content."""

    name = "resp"
    holds = (b"\r\n$", b"\r\n=")
    begins = (b"$", b"=")
    cost = 2

    def decode(self, layer: Layer, found: Found) -> None:
        data, at = layer.data, 0
        for streamed in _STREAMED.finditer(data) if b"$?" in data else ():
            found.add(_together(streamed[1]), streamed[0][:64])
        for _ in range(_MOST):
            string = _STRING.search(data, at)
            if string is None:
                return
            at = string.end()
            size = int(string[1])
            if size < _SHORTEST or size > len(data) - at:
                continue
            found.add(data[at : at + size], string[0])
            at += size
        found.note("fields")


def _together(chunks: bytes) -> bytes:
    parts, at = [], 0
    while head := _CHUNK.match(chunks, at):
        end = head.end() + int(head[1])
        parts.append(chunks[head.end() : end])
        at = end + 2
    return b"".join(parts)
