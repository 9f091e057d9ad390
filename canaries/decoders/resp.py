"""Strings of Redis' protocol, RESP: each says how long it is (https://redis.io/docs/latest/develop/reference/protocol-spec/)."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_STRING = re.compile(rb"[$=]([0-9]{1,9})\r\n")
_STREAMED = re.compile(rb"\$\?\r\n(?=;[1-9])")
_CHUNK = re.compile(rb"(?:\r\n)?;([0-9]{1,9})\r\n")
"""RESP3, *streamed strings*: pieces with a length each, and an empty one at the end."""
_EACH_CHUNK = 400
"""Work of one piece."""
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
        if b"$?" in data:
            _streamed(data, found)
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


def _streamed(data: bytes, found: Found) -> None:
    """Give the strings that came in pieces; one that is cut short is none."""
    at = 0
    while start := _STREAMED.search(data, at):
        pieces, at = list[bytes](), start.end()
        while (head := _CHUNK.match(data, at)) and found.spend(_EACH_CHUNK):
            size = int(head[1])
            pieces.append(data[head.end() : head.end() + size])
            at = head.end() + size
            if not size:
                found.add(b"".join(pieces), data[start.start() : start.start() + 64])
                break
