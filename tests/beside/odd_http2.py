"""What HTTP/2 forbids, and what hardly any client sends: frames, header blocks and pseudo-header fields.

`test_http2_beside_nginx.py` sends each behind a preface and an empty SETTINGS frame, or, in `PREFACES`, as it is.
"""

from __future__ import annotations

from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PROMISE, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
_STREAM_END, _ACK, _BLOCK_END, _PADDED, _WEIGHED = 1, 1, 4, 8, 32
_huffman = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH)


def frame(
    kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"", length: int | None = None
) -> bytes:
    """``length``: what is said where it is not the payload's."""
    said = len(payload) if length is None else length
    return said.to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def _number(value: int, bits: int, first: int = 0) -> bytes:
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    said, value = bytearray([first | most]), value - most
    while value >= 128:
        said.append(value % 128 + 128)
        value //= 128
    return bytes([*said, value])


def _text(text: bytes) -> bytes:
    return _number(len(text), 7) + text


def literal(name: bytes, value: bytes, first: int = 0) -> bytes:
    """Without indexing; ``first`` 0x40: with it, 0x10: never."""
    return bytes([first]) + _text(name) + _text(value)


_GET, _POST, _ROOT, _HTTP = b"\x82", b"\x83", b"\x84", b"\x86"
_METHOD, _PATH, _SCHEME, _AUTHORITY = b":method", b":path", b":scheme", b":authority"
_HOST = literal(_AUTHORITY, b"x")


def _nope(more: bytes = b"", path: bytes = b"/nope", method: bytes = b"GET") -> bytes:
    return literal(_METHOD, method) + literal(_PATH, path) + _HTTP + _HOST + more


_WHOLE, _OPEN = _STREAM_END | _BLOCK_END, _BLOCK_END
_PLAIN = _GET + _ROOT + _HTTP + _HOST


def _ask(block: bytes, flags: int = _WHOLE, stream: int = 1) -> bytes:
    return frame(HEADERS, flags, stream, block)


def _post(length: bytes, *pieces: bytes) -> bytes:
    said = literal(b"content-length", length) if length else b""
    data = b"".join(frame(DATA, int(piece is pieces[-1]), 1, piece) for piece in pieces)
    return _ask(_nope(said, method=b"POST"), _OPEN) + data


def _settings(*pairs: tuple[int, int]) -> bytes:
    return frame(
        SETTINGS,
        payload=b"".join(name.to_bytes(2, "big") + value.to_bytes(4, "big") for name, value in pairs),
    )


def _window(more: int, stream: int = 0) -> bytes:
    return frame(WINDOW, 0, stream, more.to_bytes(4, "big"))


def _away(said: bytes = b"", last: int = 0, code: int = 0) -> bytes:
    return frame(GOAWAY, 0, 0, last.to_bytes(4, "big") + code.to_bytes(4, "big") + said)


def _reset(stream: int, code: int = 8) -> bytes:
    return frame(RESET, 0, stream, code.to_bytes(4, "big"))


_LONG = b"a" * 4096
PREFACES = {
    "a preface and no more": PREFACE,
    "half a preface": PREFACE[:18],
    "another second line": b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n" + frame(SETTINGS),
    "a preface that ends otherwise": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r" + frame(SETTINGS),
    "no settings": PREFACE + _ask(_PLAIN),
    "a ping before the settings": PREFACE + frame(PING, 0, 0, b"12345678"),
    "an unknown frame before the settings": PREFACE + frame(99, 0, 0, b"x"),
    "text behind the preface": PREFACE + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}
"""Whole connections."""
FRAMES = {
    "nothing more": b"",
    "a request": _ask(_PLAIN),
    "a ping": frame(PING, 0, 0, b"abcdefgh"),
    "a ping on a stream": frame(PING, 0, 1, b"abcdefgh"),
    "a ping acknowledged": frame(PING, _ACK, 0, b"abcdefgh"),
    "a short ping": frame(PING, 0, 0, b"abc"),
    "a long ping": frame(PING, 0, 0, b"abcdefghi"),
    "a ping that is not there yet": frame(PING, 0, 0, b"", 9),
    "pings": b"".join(frame(PING, 0, 0, b"%08d" % number) for number in range(20)),
    "an unknown frame": frame(10, 0, 0, b"x"),
    "an unknown frame on a stream": frame(0xEE, 0xFF, 7, b"x" * 100),
    "an unknown frame of no length": frame(0xFF),
    "an unknown frame that is long": frame(0xEE, 0, 0, b"x" * 20_000),
    "ALTSVC": frame(10, 0, 0, b"\0\0h2=:443"),
    "ORIGIN": frame(12, 0, 0, b"\0\x09https://x"),
    "PRIORITY_UPDATE": frame(16, 0, 0, b"\0\0\0\1u=1"),
    "settings": _settings((3, 100), (4, 65_535), (2, 0)),
    "settings twice": _settings() * 2,
    "settings acknowledged": frame(SETTINGS, _ACK),
    "settings acknowledged with more": frame(SETTINGS, _ACK, 0, b"123456"),
    "settings acknowledged and another flag": frame(SETTINGS, 3, 0, b""),
    "settings on a stream": frame(SETTINGS, 0, 1),
    "settings of five bytes": frame(SETTINGS, 0, 0, b"12345"),
    "settings of no name": _settings((0, 7), (0x99, 7)),
    "a push that is neither": _settings((2, 2)),
    "a push": _settings((2, 1)),
    "a window too large": _settings((4, 1 << 31)),
    "the largest window": _settings((4, (1 << 31) - 1)) + _ask(_PLAIN),
    "no window": _settings((4, 0)) + _ask(_PLAIN),
    "no window, then one": _settings((4, 0)) + _ask(_PLAIN) + _window(100, 1) + _window(5000, 1),
    "no window, then settings with one": _settings((4, 0)) + _ask(_PLAIN) + _settings((4, 300)),
    "a window of ten": _settings((4, 10)) + _ask(_PLAIN),
    "no window and nothing to send": _settings((4, 0)) + _ask(_nope(path=b"/", method=b"HEAD")),
    "frames too small": _settings((5, 16_383)),
    "frames too large": _settings((5, 1 << 24)),
    "frames of the least": _settings((5, 16_384)) + _ask(_PLAIN),
    "a table of none": _settings((1, 0)) + _ask(_PLAIN),
    "a table of another size": _settings((1, 65_536)) + _ask(_PLAIN) + _ask(_PLAIN, stream=3),
    "no streams": _settings((3, 0)) + _ask(_PLAIN),
    "a short list of fields": _settings((6, 10)) + _ask(_PLAIN),
    "ENABLE_CONNECT_PROTOCOL": _settings((8, 1)),
    "a promise": frame(PROMISE, _BLOCK_END, 1, b"\0\0\0\2" + _PLAIN),
    "a priority": frame(PRIORITY, 0, 1, b"\0\0\0\0\x10"),
    "a priority on none": frame(PRIORITY, 0, 0, b"\0\0\0\0\x10"),
    "a priority of four bytes": frame(PRIORITY, 0, 1, b"\0\0\0\0"),
    "a priority on itself": frame(PRIORITY, 0, 3, b"\0\0\0\3\x10"),
    "a priority on another": frame(PRIORITY, 0, 3, b"\x80\0\0\5\xff") + _ask(_PLAIN, stream=3),
    "Firefox's priorities": b"".join(frame(PRIORITY, 0, one, b"\0\0\0\0\xc8") for one in (3, 5, 7, 9, 11))
    + frame(HEADERS, _WHOLE | _WEIGHED, 13, b"\0\0\0\x0b\x29" + _PLAIN),
    "priorities without end": frame(PRIORITY, 0, 1, b"\0\0\0\0\x10") * 200,
    "a reset of no stream": _reset(0),
    "a reset of one that is not": _reset(5),
    "a short reset": frame(RESET, 0, 1, b"123"),
    "a reset behind an answer": _ask(_PLAIN) + _reset(1),
    "a reset of one that waits": _settings((4, 0)) + _ask(_PLAIN) + _reset(1),
    "requests reset": b"".join(_ask(_PLAIN, stream=one) + _reset(one) for one in range(1, 41, 2)),
    "a window of nothing": _window(0),
    "a window of nothing on a stream": _window(0, 1),
    "a window for a stream that is not": _window(1, 9),
    "a short window": frame(WINDOW, 0, 0, b"123"),
    "a long window": frame(WINDOW, 0, 0, b"12345"),
    "a window over all": _window((1 << 31) - 1),
    "the window as large as can be": _window((1 << 31) - 1 - 65_535),
    "a window over all on a stream": _settings((4, 0))
    + _ask(_PLAIN)
    + _window((1 << 31) - 1, 1)
    + _window(1, 1),
    "a window over all on one that waits": _settings((4, 1)) + _ask(_PLAIN) + _window((1 << 31) - 1, 1),
    "a window with its first bit": _window((1 << 31) | 10),
    "it goes": _away(),
    "it goes and asks": _away(b"bye") + _ask(_PLAIN),
    "it goes in a short frame": frame(GOAWAY, 0, 0, b"1234567"),
    "it goes for a reason": _away(b"because", 1, 11),
    "it goes on a stream": frame(GOAWAY, 0, 3, bytes(8)),
    "a continuation first": frame(CONTINUATION, _BLOCK_END, 1, _PLAIN),
    "data on no stream": frame(DATA, 1, 0, b"x"),
    "data before its stream": frame(DATA, 1, 1, b"x"),
    "data behind an answer": _ask(_PLAIN) + frame(DATA, 1, 1, b"x"),
    "data on one that waits": _settings((4, 0)) + _ask(_PLAIN) + frame(DATA, 1, 1, b"x"),
    "padded data of nothing": _ask(_nope(method=b"POST"), _OPEN) + frame(DATA, 9, 1, b""),
    "padded data": _ask(_nope(method=b"POST"), _OPEN) + frame(DATA, 9, 1, b"\x03abc\0\0\0"),
    "data padded with more than is there": _ask(_nope(method=b"POST"), _OPEN)
    + frame(DATA, 9, 1, b"\x07abc\0\0\0"),
    "a frame that does not end": frame(DATA, 0, 1, b"x", 5000),
    "an HTTP/1 request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL": bytes(9),
    "many NUL": bytes(90),
}
STREAMS = {
    "an even stream": _ask(_PLAIN, stream=2),
    "stream 0": _ask(_PLAIN, stream=0),
    "a stream twice": _ask(_PLAIN) * 2,
    "streams backwards": _ask(_PLAIN, stream=5) + _ask(_PLAIN, stream=3),
    "the last stream": _ask(_PLAIN, stream=(1 << 31) - 1),
    "a stream with its first bit": _ask(_PLAIN, stream=(1 << 31) | 1),
    "three requests": _ask(_PLAIN) + _ask(_nope(), stream=3) + _ask(_PLAIN, stream=5),
    "a hundred requests": b"".join(_ask(_nope(), stream=one) for one in range(1, 201, 2)),
    "two hundred that wait": _settings((4, 0))
    + b"".join(_ask(_PLAIN, stream=one) for one in range(1, 401, 2)),
    "a thousand and one requests": b"".join(
        _ask(_nope(method=b"HEAD"), stream=one) for one in range(1, 2003, 2)
    ),
    "no block": frame(HEADERS, _WHOLE, 1),
    "a padded block": frame(HEADERS, _WHOLE | _PADDED, 1, b"\x04" + _PLAIN + bytes(4)),
    "a block of padding alone": frame(HEADERS, _WHOLE | _PADDED, 1, b"\x04" + bytes(4)),
    "a block padded with more than is there": frame(HEADERS, _WHOLE | _PADDED, 1, b"\xff" + _PLAIN),
    "a block of padding's length": frame(HEADERS, _WHOLE | _PADDED, 1, b"\0"),
    "a weighed block": frame(HEADERS, _WHOLE | _WEIGHED, 1, b"\0\0\0\0\x10" + _PLAIN),
    "a block weighed on itself": frame(HEADERS, _WHOLE | _WEIGHED, 1, b"\0\0\0\1\x10" + _PLAIN),
    "a short weighed block": frame(HEADERS, _WHOLE | _WEIGHED, 1, b"\0\0\0\0"),
    "other flags": _ask(_PLAIN, 0xD7),
    "a block in two": _ask(_PLAIN[:5], 1) + frame(CONTINUATION, _BLOCK_END, 1, _PLAIN[5:]),
    "a block in many": _ask(_PLAIN[:1], 1)
    + b"".join(frame(CONTINUATION, 0, 1, _PLAIN[at : at + 1]) for at in range(1, len(_PLAIN)))
    + frame(CONTINUATION, _BLOCK_END, 1),
    "a block in two, nothing in the first": _ask(b"", 1) + frame(CONTINUATION, _BLOCK_END, 1, _PLAIN),
    "a block and another frame": _ask(_PLAIN[:5], 1) + frame(PING, 0, 0, b"12345678"),
    "a block and another stream": _ask(_PLAIN[:5], 1) + frame(CONTINUATION, _BLOCK_END, 3, _PLAIN[5:]),
    "a block that does not end": _ask(_PLAIN[:5], 1),
    "an odd name, then no continuation": _ask(_nope(literal(b"A", b"b")), 1) + frame(PING, 0, 0, b"12345678"),
    "trailers": _ask(_nope(method=b"POST"), _OPEN) + frame(DATA, 0, 1, b"x") + _ask(literal(b"a", b"b")),
    "a block on one that waits": _settings((4, 0)) + _ask(_PLAIN) + _ask(literal(b"a", b"b")),
    "no answer asked for": _ask(_PLAIN, _OPEN),
    "HEAD": _ask(_nope(path=b"/", method=b"HEAD")),
    "HEAD of a missing page": _ask(_nope(method=b"HEAD")),
    "POST": _post(b"", b"abc"),
    "POST with its length": _post(b"3", b"abc"),
    "POST of less": _post(b"5", b"abc"),
    "POST of more": _post(b"2", b"abc"),
    "POST of nothing": _post(b"0", b""),
    "POST in pieces": _post(b"6", b"ab", b"", b"cd", b"ef"),
    "POST that says no end": _ask(_nope(literal(b"content-length", b"3"), method=b"POST"), _OPEN),
    "POST of a length and no data": _ask(_nope(literal(b"content-length", b"3"), method=b"POST")),
    "POST to the page": _ask(_nope(path=b"/", method=b"POST"), _OPEN) + frame(DATA, 1, 1, b"x"),
    "POST of too much": _post(b"2000000", b"abc"),
    "a length that is none": _post(b"x", b"abc"),
    "two lengths": _ask(_nope(literal(b"content-length", b"0") * 2, method=b"POST")),
    "a body of 60,000 bytes": _post(b"", *[b"x" * 15_000] * 4),
    "leave asked for": _ask(_nope(literal(b"expect", b"100-continue"), method=b"POST"), _OPEN)
    + frame(DATA, 1, 1, b"abc"),
}
FIELDS = {
    "no method": _ask(_ROOT + _HTTP + _HOST),
    "no path": _ask(_GET + _HTTP + _HOST),
    "no scheme": _ask(_GET + _ROOT + _HOST),
    "no authority": _ask(_GET + _ROOT + _HTTP),
    "an authority and a host": _ask(_PLAIN + literal(b"host", b"y")),
    "a host and no authority": _ask(_GET + _ROOT + _HTTP + literal(b"host", b"y")),
    "two authorities": _ask(_PLAIN + _HOST),
    "an empty authority": _ask(_GET + _ROOT + _HTTP + literal(_AUTHORITY, b"")),
    "an odd authority": _ask(_GET + _ROOT + _HTTP + literal(_AUTHORITY, b"a/b")),
    "two methods": _ask(_PLAIN + _GET),
    "two paths": _ask(_PLAIN + _ROOT),
    "two schemes": _ask(_PLAIN + _HTTP),
    "an empty method": _ask(literal(_METHOD, b"") + _ROOT + _HTTP + _HOST),
    "an empty path": _ask(_nope(path=b"")),
    "an empty scheme": _ask(_GET + _ROOT + literal(_SCHEME, b"") + _HOST),
    "a scheme of no standard": _ask(_GET + _ROOT + literal(_SCHEME, b"foo+a.b-c9") + _HOST),
    "a scheme that is none": _ask(_GET + _ROOT + literal(_SCHEME, b"9x") + _HOST),
    "a scheme with a colon": _ask(_GET + _ROOT + literal(_SCHEME, b"http:") + _HOST),
    "an unknown pseudo-header": _ask(_nope(literal(b":foo", b"x"))),
    "an unknown pseudo-header of a body": _ask(_nope(literal(b":foo", b"x")), _OPEN)
    + frame(DATA, 1, 1, b"abc"),
    "HEAD and an unknown pseudo-header": _ask(_nope(literal(b":foo", b"x"), method=b"HEAD")),
    "an unknown pseudo-header, then HEAD": _ask(literal(b":foo", b"x") + _nope(method=b"HEAD")),
    "a status": _ask(_nope(literal(b":status", b"200"))),
    "a protocol": _ask(_nope(literal(b":protocol", b"websocket"), method=b"CONNECT")),
    "a colon alone": _ask(_nope(literal(b":", b"x"))),
    "a pseudo-header at the end": _ask(literal(b"a", b"b") + _PLAIN),
    "a path that is none": _ask(_nope(path=b"nope")),
    "an asterisk": _ask(_nope(path=b"*", method=b"OPTIONS")),
    "a URL": _ask(_nope(path=b"http://x/")),
    "a path out of the root": _ask(_nope(path=b"/../x")),
    "a space in the path": _ask(_nope(path=b"/a b")),
    "an odd escape in the path": _ask(_nope(path=b"/%zz")),
    "a high byte in the path": _ask(_nope(path=b"/\xe9\xff")),
    "a control character in the path": _ask(_nope(path=b"/a\x01b")),
    "NUL in the path": _ask(_nope(path=b"/a\0b")),
    "a line's end in the path": _ask(_nope(path=b"/a\nb")),
    "a fragment": _ask(_nope(path=b"/#a")),
    "a query": _ask(_nope(path=b"/?a=b")),
    "a method in lower case": _ask(_nope(method=b"get")),
    "a method of no standard": _ask(_nope(method=b"FOO")),
    "a method of no standard to the page": _ask(_nope(path=b"/", method=b"FOO")),
    "a method with a dash": _ask(_nope(method=b"A-B_C")),
    "a method with a digit": _ask(_nope(method=b"GET1")),
    "TRACE": _ask(_nope(method=b"TRACE")),
    "OPTIONS": _ask(_nope(path=b"/", method=b"OPTIONS")),
    "PUT": _ask(_nope(method=b"PUT")),
    "DELETE to the page": _ask(_nope(path=b"/", method=b"DELETE")),
    "PROPFIND": _ask(_nope(method=b"PROPFIND")),
    "CONNECT": _ask(literal(_METHOD, b"CONNECT") + literal(_AUTHORITY, b"x:443")),
    "CONNECT with all": _ask(_nope(path=b"/", method=b"CONNECT")),
    "a name in capitals": _ask(_nope(literal(b"User-Agent", b"x"))),
    "a name in capitals, of a body": _ask(_nope(literal(b"User-Agent", b"x")), _OPEN)
    + frame(DATA, 1, 1, b"abc"),
    "an empty name": _ask(_nope(literal(b"", b"x"))),
    "a name with a colon": _ask(_nope(literal(b"a:b", b"x"))),
    "a name with a space": _ask(_nope(literal(b"a b", b"x"))),
    "a name with an underscore": _ask(_nope(literal(b"a_b", b"x"))),
    "a name with a line's end": _ask(_nope(literal(b"a\nb", b"x"))),
    "a name with NUL": _ask(_nope(literal(b"a\0b", b"x"))),
    "a name of high bytes": _ask(_nope(literal(b"\xe9", b"x"))),
    "a value with a line's end": _ask(_nope(literal(b"a", b"x\r\ny: z"))),
    "a value with NUL": _ask(_nope(literal(b"a", b"x\0y"))),
    "a value with spaces around": _ask(_nope(literal(b"a", b" x "))),
    "a value with a tab and high bytes": _ask(_nope(literal(b"a", b"\tx\xff"))),
    "an empty value": _ask(_nope(literal(b"a", b""))),
    "Connection": _ask(_nope(literal(b"connection", b"close"))),
    "Keep-Alive": _ask(_nope(literal(b"keep-alive", b"timeout=5"))),
    "Upgrade": _ask(_nope(literal(b"upgrade", b"websocket"))),
    "TE": _ask(_nope(literal(b"te", b"gzip"))),
    "Transfer-Encoding": _ask(_nope(literal(b"transfer-encoding", b"chunked"))),
    "Transfer-Encoding of no standard": _ask(_nope(literal(b"transfer-encoding", b"foo"))),
    "Transfer-Encoding with a body": _ask(
        _nope(literal(b"transfer-encoding", b"chunked"), method=b"POST"), _OPEN
    )
    + frame(DATA, 1, 1, b"abc"),
    "two cookies": _ask(_nope(literal(b"cookie", b"a=b") + literal(b"cookie", b"c=d"))),
    "Chrome": _ask(
        _nope(
            literal(b"user-agent", b"Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0")
        )
    ),
    "gzip": _ask(_nope(literal(b"accept-encoding", b"gzip"))),
    "gzip of the page": _ask(_PLAIN + literal(b"accept-encoding", b"gzip, br")),
    "gzip, HEAD": _ask(_nope(literal(b"accept-encoding", b"gzip"), path=b"/", method=b"HEAD")),
    "a range": _ask(_PLAIN + literal(b"range", b"bytes=1-9")),
    "a range that is not there": _ask(_PLAIN + literal(b"range", b"bytes=99999-")),
    "not changed": _ask(_PLAIN + literal(b"if-none-match", b"*")),
    "changed": _ask(_PLAIN + literal(b"if-match", b'"x"')),
    "a field of 4096 bytes": _ask(_nope(literal(b"a", _LONG))),
    "a field of 4097 bytes": _ask(_nope(literal(b"a", _LONG + b"a"))),
    "a name of 4097 bytes": _ask(_nope(literal(_LONG + b"a", b"x"))),
    "fields of too many bytes": _ask(_nope(literal(b"a", _LONG) * 4)),
    "fields of 16 KB": _ask(_nope(literal(b"a", _LONG[:4000]) * 4)),
    "many fields": _ask(_nope(literal(b"a", b"b") * 500)),
}
BLOCKS = {
    "index 0": _ask(b"\x80"),
    "an index of the table": _ask(_PLAIN + b"\xbe"),
    "an index out of the table": _ask(_PLAIN + b"\xff\x80\x7f"),
    "a name's index out of the table": _ask(_PLAIN + b"\x7f\x20\x01a"),
    "an index without its end": _ask(_PLAIN + b"\xff"),
    "an index that is too long": _ask(_PLAIN + b"\xff\xff\xff\xff\xff\xff\x01"),
    "indexed, then used": _ask(_nope(literal(b"a", b"b", 0x40))) + _ask(_PLAIN + b"\xbe", stream=3),
    "indexed as a name, then used": _ask(_nope(literal(b"a", b"b", 0x40)))
    + _ask(_PLAIN + b"\x7e\x01c", stream=3),
    "never indexed": _ask(_nope(literal(b"a", b"b", 0x10))) + _ask(_PLAIN + b"\xbe", stream=3),
    "indexed behind an error": _ask(_nope(literal(b"A", b"b") + literal(b"c", b"d", 0x40)))
    + _ask(_PLAIN + b"\xbe", stream=3),
    "too large for the table": _ask(_nope(literal(b"a", b"b", 0x40) + literal(b"c", _LONG, 0x40)))
    + _ask(_PLAIN + b"\xbe", stream=3),
    "a table of nothing": _ask(b"\x20" + _nope(literal(b"a", b"b", 0x40))) + _ask(_PLAIN + b"\xbe", stream=3),
    "a table of 4096": _ask(_number(4096, 5, 0x20) + _PLAIN),
    "a table of 4097": _ask(_number(4097, 5, 0x20) + _PLAIN),
    "a table resized at the end": _ask(_PLAIN + b"\x20"),
    "a table resized and nothing else": _ask(b"\x20"),
    "a table resized three times": _ask(b"\x20\x3f\x11\x20" + _PLAIN),
    "a value without its end": _ask(_PLAIN + b"\0\x01a\x7ab"),
    "a name without its end": _ask(_PLAIN + b"\0\x7aabc"),
    "a name and no value": _ask(_PLAIN + b"\0\x01a"),
    "a literal and nothing": _ask(_PLAIN + b"\0"),
    "a value without its end, in two": _ask(_PLAIN + b"\0\x01a\x7ab", 1)
    + frame(CONTINUATION, _BLOCK_END, 1, b"c"),
    "a length that is too long": _ask(_PLAIN + b"\0\x7f\xff\xff\xff\xff\x01"),
    "Huffman": _ask(
        _PLAIN + b"\0\x81" + _huffman.encode(b"a") + b"\x84" + _huffman.encode(b"value")[:4].ljust(4, b"\xff")
    ),
    "Huffman with wrong padding": _ask(_PLAIN + b"\0\x01a\x81\x18"),
    "Huffman with a byte of padding": _ask(_PLAIN + b"\0\x01a\x82\x1f\xff"),
    "Huffman with its end": _ask(_PLAIN + b"\0\x01a\x84\xff\xff\xff\xff"),
    "Huffman of nothing": _ask(_PLAIN + b"\0\x01a\x80"),
    "rubbish": _ask(bytes(range(200, 256))),
}
CORPUS = {**FRAMES, **STREAMS, **FIELDS, **BLOCKS}
"""Behind a preface and settings; a ping follows, which a server answers that has not ended the connection."""
WAITING = {
    "a preface and no more",
    "half a preface",
    "text behind the preface",
    "a frame that does not end",
    "an HTTP/1 request",
}
"""Where a server waits for more, and what follows would be part of it."""
ENDING = {"a thousand and one requests"}
"""Where a server ends the connection, and whether it looks at what follows is chance."""
OPENING, ACKNOWLEDGED = PREFACE + frame(SETTINGS), frame(SETTINGS, _ACK)
LAST = frame(PING, 0, 0, b"the last")
