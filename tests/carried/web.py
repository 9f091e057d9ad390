"""HTTP/1 and 2, and what is spoken inside them."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from urllib.parse import quote_from_bytes

import h2.config
import h2.connection

from tests.carried import Door, anything, ascii_line, carries, one_line


def _get(target: bytes, *fields: bytes) -> bytes:
    return b"\r\n".join(
        [b"GET " + target + b" HTTP/1.1", b"Host: a.example", *fields, b"Connection: close", b"", b""]
    )


def _post(body: bytes, *fields: bytes) -> bytes:
    head = b"\r\n".join([b"POST /api HTTP/1.1", b"Host: a.example", b"Connection: close", *fields, b"", b""])
    return head + body


def _sized(body: bytes, *fields: bytes) -> bytes:
    return _post(body, *fields, b"Content-Length: %d" % len(body))


def _quoted(data: bytes) -> bytes:
    return quote_from_bytes(data, safe="").encode()


def _short(data: bytes) -> bool:
    return len(data) < 2000


@carries("http path", _short, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/" + _quoted(data) + b"/x")


@carries("http query", _short, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/x?a=1&q=" + _quoted(data))


@carries("http target as it is", lambda data: ascii_line(data) and b" " not in data, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/" + data)


@carries("http header", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/", b"X-Data: " + data)


@carries("http name of a header", lambda data: data.replace(b"-", b"").isalnum() and _short(data))
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/", data + b": 1")


@carries("http host", lambda data: data.replace(b"-", b"").isalnum() and data.isascii() and len(data) < 64)
def _(data: bytes, door: Door) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: " + data + b".example.com\r\nConnection: close\r\n\r\n"


@carries("http cookie", _short, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/", b"Cookie: a=b; s=" + _quoted(data) + b"; c=d")


@carries("http basic", lambda data: _short(data) and b"\0" not in data, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/", b"Authorization: Basic " + base64.b64encode(b"bob:" + data))


@carries("http digest", ascii_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(
        b"/", b'Authorization: Digest username="' + data.replace(b'"', b'\\"') + b'", realm="a", nonce="b"'
    )


@carries("http bearer", lambda data: ascii_line(data) and b" " not in data, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/", b"Authorization: Bearer " + data)


@carries("http method", lambda data: data.isalnum() and _short(data))
def _(data: bytes, door: Door) -> bytes:
    return data + b" / HTTP/1.1\r\nHost: a\r\n\r\n"


@carries("http body", anything)
def _(data: bytes, door: Door) -> bytes:
    return _sized(data, b"Content-Type: application/octet-stream")


@carries("http body that was announced by Expect", anything)
def _(data: bytes, door: Door) -> bytes:
    return _sized(data, b"Expect: 100-continue")


@carries("http body in json", anything)
def _(data: bytes, door: Door) -> bytes:
    return _sized(json.dumps({"a": [{"blob": base64.b64encode(data).decode()}]}).encode())


@carries("http file of a form", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    part = (
        b'--b0\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n' + data + b"\r\n--b0--\r\n"
    )
    return _sized(part, b"Content-Type: multipart/form-data; boundary=b0")


@carries("http name of a file", lambda data: one_line(data) and b'"' not in data, whole=False)
def _(data: bytes, door: Door) -> bytes:
    part = (
        b'--b0\r\nContent-Disposition: form-data; name="f"; filename="' + data + b'"\r\n\r\nx\r\n--b0--\r\n'
    )
    return _sized(part, b"Content-Type: multipart/form-data; boundary=b0")


def _chunks(data: bytes, size: int = 7, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    body = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces)
    return body + b"0\r\n" + trailer + b"\r\n"


@carries("http chunks", anything)
def _(data: bytes, door: Door) -> bytes:
    return _post(_chunks(data), b"Transfer-Encoding: chunked")


@carries("http chunks with extensions", anything)
def _(data: bytes, door: Door) -> bytes:
    return _post(_chunks(data, 5, b";a=b"), b"Transfer-Encoding: chunked")


@carries("http extension of a chunk", lambda data: data.isalnum() and _short(data), whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _post(_chunks(b"hello", 5, b";a=" + data), b"Transfer-Encoding: chunked")


@carries("http trailer", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _post(_chunks(b"hello", 5, trailer=b"X-End: " + data + b"\r\n"), b"Transfer-Encoding: chunked")


@carries("http gzip, chunked", anything)
def _(data: bytes, door: Door) -> bytes:
    return _post(_chunks(gzip.compress(data), 9), b"Transfer-Encoding: gzip, chunked")


@carries("http deflate", anything)
def _(data: bytes, door: Door) -> bytes:
    return _sized(zlib.compress(data), b"Content-Encoding: deflate")


@carries("http second request", anything)
def _(data: bytes, door: Door) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" + _sized(data)


@carries("http bytes behind an error", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"GET /\r\n\r\n" + data


@carries("http bytes behind a request that ends the connection", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _get(b"/") + data


@carries("http body that was cut off", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _post(data, b"Content-Length: 99999")


@carries("http tunnel", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n" + _sized(data)


@carries("http name of a tunnel", lambda data: data.replace(b"-", b"").isalnum() and len(data) < 64)
def _(data: bytes, door: Door) -> bytes:
    return b"CONNECT " + data + b".example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n"


def _frame(first: int, data: bytes) -> bytes:
    mask, size = b"\x11\x22\x33\x44", len(data)
    length = bytes([size | 128]) if size < 126 else b"\xfe" + struct.pack(">H", size)
    return bytes([first]) + length + mask + bytes(byte ^ mask[at & 3] for at, byte in enumerate(data))


_UPGRADE = _get(
    b"/ws",
    b"Upgrade: websocket",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    b"Sec-WebSocket-Version: 13",
).replace(b"Connection: close", b"Connection: Upgrade")


@carries("http websocket frame", anything)
def _(data: bytes, door: Door) -> bytes:
    return _UPGRADE + _frame(0x82, data)


@carries("http websocket second frame", anything)
def _(data: bytes, door: Door) -> bytes:
    return _UPGRADE + _frame(0x81, b"hello") + _frame(0x82, data)


@carries("http websocket fragments", anything)
def _(data: bytes, door: Door) -> bytes:
    cut = len(data) // 2
    return _UPGRADE + _frame(0x02, data[:cut]) + _frame(0x89, b"ping") + _frame(0x80, data[cut:])


class _Http2:
    """A client's side of one connection, whose words are collected."""

    def __init__(self) -> None:
        config = h2.config.H2Configuration(client_side=True, validate_outbound_headers=False)
        self.wire = h2.connection.H2Connection(config)
        self.wire.initiate_connection()

    def headers(self, *fields: tuple[bytes, bytes], end: bool = True, method: bytes = b"POST") -> None:
        told = [(b":method", method), (b":scheme", b"http"), (b":authority", b"a.example"), (b":path", b"/x")]
        self.wire.send_headers(1, [*told, *fields], end_stream=end)

    def said(self) -> bytes:
        return self.wire.data_to_send()


@carries("http field of HTTP/2", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    client = _Http2()
    client.headers((b"x-data", data))
    return client.said()


@carries("http field of HTTP/2 in continuations", lambda data: one_line(data) and len(data) > 30, whole=False)
def _(data: bytes, door: Door) -> bytes:
    client = _Http2()
    before = client.said()
    client.headers((b"x-data", data))
    block, cut = client.said()[9:], len(data) // 2

    def frame(kind: int, flags: int, part: bytes) -> bytes:
        return struct.pack(">I", len(part))[1:] + bytes([kind, flags]) + b"\0\0\0\x01" + part

    return before + frame(1, 1, block[:-cut]) + frame(9, 4, block[-cut:])


@carries("http body of HTTP/2 in two frames", anything)
def _(data: bytes, door: Door) -> bytes:
    client, cut = _Http2(), len(data) // 2
    client.headers(end=False)
    client.wire.send_data(1, data[:cut], pad_length=3)
    client.wire.send_data(1, data[cut:], end_stream=True)
    return client.said()


@carries("http trailer of HTTP/2", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    client = _Http2()
    client.headers(end=False)
    client.wire.send_data(1, b"hello")
    client.wire.send_headers(1, [(b"x-end", data)], end_stream=True)
    return client.said()


@carries("http debug data of HTTP/2", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    client = _Http2()
    client.headers()
    client.wire.close_connection(additional_data=data)
    return client.said()


@carries("http body of HTTP/2 that was cut off", anything)
def _(data: bytes, door: Door) -> bytes:
    client = _Http2()
    client.headers(end=False)
    client.wire.send_data(1, data)
    return client.said()
