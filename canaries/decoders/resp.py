"""Strings of Redis' protocol, RESP: each says how long it is (https://redis.io/docs/latest/develop/reference/protocol-spec/)."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_STRING = re.compile(rb"[$=]([0-9]{1,9})\r\n")
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
