"""Requests that come in pieces, with a pause behind each: bodies that are announced and withheld, ``Expect``, and heads
that stop; `test_http_withheld.py` sends them.

``{MISSING}``, ``{PAGE}`` and ``{BEHIND}`` stand for a path of none, for the page at the root, and for a path that is
passed on to a server behind.
"""

from __future__ import annotations

_EXPECT = b"Expect: 100-continue\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"
_THREE = b"Content-Length: 3\r\n"
PLACES = ("MISSING", "PAGE", "BEHIND")
_NEXT = b"GET {MISSING} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def _head(fields: bytes, method: bytes = b"POST", version: bytes = b"1.1") -> bytes:
    return b"%b {AT} HTTP/%b\r\nHost: x\r\n%b\r\n" % (method, version, fields)


EVERYWHERE = {
    "no body": [_head(b"")],
    "Expect and no body": [_head(_EXPECT)],
    "Expect and no body, GET": [_head(_EXPECT, b"GET")],
    "Expect and no body, HEAD": [_head(_EXPECT, b"HEAD")],
    "Expect and no body, then another": [_head(_EXPECT, b"GET"), _NEXT],
    "Expect and no body, and another": [_head(_EXPECT, b"GET") + _NEXT],
    "Expect, a length of 0": [_head(_EXPECT + b"Content-Length: 0\r\n")],
    "Expect, the body withheld": [_head(_EXPECT + _THREE)],
    "Expect, the body behind": [_head(_EXPECT + _THREE), b"abc"],
    "Expect, the body behind, and another": [_head(_EXPECT + _THREE), b"abc" + _NEXT],
    "Expect, the body behind, then another": [_head(_EXPECT + _THREE), b"abc", _NEXT],
    "Expect, the body at once": [_head(_EXPECT + _THREE) + b"abc"],
    "Expect, the body at once, and another": [_head(_EXPECT + _THREE) + b"abc" + _NEXT],
    "Expect, a part of the body at once": [_head(_EXPECT + _THREE) + b"a", b"bc"],
    "Expect, the body by the byte": [_head(_EXPECT + _THREE), b"a", b"b", b"c"],
    "Expect, PUT": [_head(_EXPECT + _THREE, b"PUT"), b"abc"],
    "Expect, GET": [_head(_EXPECT + _THREE, b"GET"), b"abc"],
    "Expect, GET, the body at once": [_head(_EXPECT + _THREE, b"GET") + b"abc"],
    "Expect, GET, the body withheld": [_head(_EXPECT + _THREE, b"GET")],
    "Expect, HEAD": [_head(_EXPECT + _THREE, b"HEAD"), b"abc"],
    "Expect, TRACE": [_head(_EXPECT + _THREE, b"TRACE")],
    "Expect, 1.0": [_head(_EXPECT + _THREE, version=b"1.0")],
    "Expect, 1.0, the body behind": [_head(_EXPECT + _THREE, version=b"1.0"), b"abc"],
    "Expect, 1.0, kept alive": [
        _head(_EXPECT + _THREE + b"Connection: keep-alive\r\n", version=b"1.0"),
        b"abc",
    ],
    "Expect, 1.2": [_head(_EXPECT + _THREE, version=b"1.2"), b"abc"],
    "Expect in capitals": [_head(b"EXPECT: 100-CONTINUE\r\n" + _THREE), b"abc"],
    "Expect in mixed case": [_head(b"expect: 100-Continue\r\n" + _THREE), b"abc"],
    "Expect, spaces round it": [_head(b"Expect:   100-continue  \r\n" + _THREE), b"abc"],
    "Expect behind a tab": [_head(b"Expect:\t100-continue\r\n" + _THREE), b"abc"],
    "Expect with a parameter": [_head(b"Expect: 100-continue;a=b\r\n" + _THREE), b"abc"],
    "Expect with more": [_head(b"Expect: 100-continue, x\r\n" + _THREE), b"abc"],
    "Expect something else": [_head(b"Expect: 200-ok\r\n" + _THREE), b"abc"],
    "Expect nothing": [_head(b"Expect:\r\n" + _THREE), b"abc"],
    "Expect twice": [_head(_EXPECT + _EXPECT + _THREE), b"abc"],
    "Expect in two requests": [_head(_EXPECT + _THREE), b"abc", _head(_EXPECT + _THREE), b"abc"],
    "Expect in two requests at once": [2 * (_head(_EXPECT + _THREE) + b"abc")],
    "Expect chunks": [_head(_EXPECT + _CHUNKED), b"3\r\nabc\r\n0\r\n\r\n"],
    "Expect chunks, withheld": [_head(_EXPECT + _CHUNKED)],
    "Expect chunks, at once": [_head(_EXPECT + _CHUNKED) + b"3\r\nabc\r\n0\r\n\r\n"],
    "Expect chunks by the piece": [_head(_EXPECT + _CHUNKED), b"3\r\n", b"abc\r\n", b"0\r\n", b"\r\n"],
    "Expect chunks, bad": [_head(_EXPECT + _CHUNKED), b"zz"],
    "Expect chunks, bad at once": [_head(_EXPECT + _CHUNKED) + b"zz"],
    "Expect chunks, GET, bad at once": [_head(_EXPECT + _CHUNKED, b"GET") + b"zz"],
    "Expect chunks, GET, bad": [_head(_EXPECT + _CHUNKED, b"GET"), b"zz"],
    "Expect chunks and a length": [_head(_EXPECT + _CHUNKED + _THREE), b"1\r\na\r\n0\r\n\r\n"],
    "Expect chunks of gzip": [_head(_EXPECT + b"Transfer-Encoding: gzip, chunked\r\n")],
    "Expect a bad length": [_head(_EXPECT + b"Content-Length: x\r\n")],
    "Expect, and close": [_head(_EXPECT + _THREE + b"Connection: close\r\n"), b"abc"],
    "Expect, and close, withheld": [_head(_EXPECT + _THREE + b"Connection: close\r\n")],
    "Expect a body that is too long": [_head(_EXPECT + b"Content-Length: 99999999\r\n")],
    "a body that is too long": [_head(b"Content-Length: 99999999\r\n")],
    "a body that is too long, GET": [_head(b"Content-Length: 99999999\r\n", b"GET")],
    "a body that is too long, begun": [_head(b"Content-Length: 99999999\r\n") + b"abc", b"def"],
    "a chunk that is too long": [_head(_CHUNKED), b"5f5e0ff\r\n"],
    "a chunk that is too long, at once": [_head(_CHUNKED) + b"5f5e0ff\r\n"],
    "a chunk that is too long, begun": [_head(_CHUNKED) + b"5f5e0ff\r\na", b"b"],
    "a body withheld": [_head(_THREE)],
    "a body withheld, and close": [_head(_THREE + b"Connection: close\r\n")],
    "a body behind": [_head(_THREE), b"abc"],
    "a body behind, and close": [_head(_THREE + b"Connection: close\r\n"), b"abc"],
    "a body behind, and another": [_head(_THREE), b"abc" + _NEXT],
    "a body in pieces, and another": [_head(_THREE) + b"a", b"b", b"c" + _NEXT],
    "a request within a body": [
        _head(b"Content-Length: 30\r\n"),
        b"GET / HTTP/1.1\r\nHost: within\r\n",
        _NEXT,
    ],
    "a body that is cut": [_head(_THREE) + b"a"],
    "chunks withheld": [_head(_CHUNKED)],
    "chunks behind": [_head(_CHUNKED), b"3\r\nabc\r\n0\r\n\r\n" + _NEXT],
    "chunks that stop": [_head(_CHUNKED) + b"3\r\na"],
    "chunks that stop in a size": [_head(_CHUNKED) + b"3"],
    "chunks that stop before the end": [_head(_CHUNKED) + b"3\r\nabc\r\n0\r\n"],
    "chunks with lone line feeds": [_head(_CHUNKED) + b"3\nabc\n0\n\n" + _NEXT],
    "chunks with extensions": [_head(_CHUNKED) + b"3 a;b\r\nabc\r\n0;c\r\nA: b\r\n\r\n" + _NEXT],
    "chunks with a long extension": [_head(_CHUNKED) + b"3;" + b"a" * 5000 + b"\r\nabc\r\n0\r\n\r\n" + _NEXT],
    "chunks with odd trailers": [_head(_CHUNKED) + b"0\r\n\0 no header\r\n\n" + _NEXT],
    **{
        f"a bad chunk, {bad!r}": [_head(_CHUNKED), bad]
        for bad in (
            b" 3",
            b"g",
            b"3g",
            b"3\r\r",
            b"\r\n",
            b";",
            b"3\r\nabcd",
            b"3\r\nabc\rx",
            b"0\r\n\rx",
            b"-",
            b"f" * 16,
        )
    },
}
"""At each of the places."""
_LINE, _HOST = b"GET {MISSING} HTTP/1.1\r\n", b"Host: x\r\n"
HEADS = {
    "half a line": [b"GET {MISSING} HT"],
    "a line": [_LINE],
    "a line and half a header": [_LINE + b"Host: x"],
    "no empty line": [_LINE + _HOST],
    "two Hosts": [_LINE + _HOST, _HOST],
    "two Hosts, other headers behind": [_LINE + _HOST + _HOST + b"A: b\r\n"],
    "a bad Host": [_LINE, b"Host: a..b\r\n"],
    "a bad Host without its end": [_LINE, b"Host: a..b"],
    "Expect twice": [_LINE + _HOST + _EXPECT, _EXPECT],
    "a length twice": [_LINE + _HOST + _THREE, _THREE],
    "a bad length": [_LINE + _HOST, b"Content-Length: x\r\n"],
    "NUL in a value": [_LINE + _HOST, b"A: b\0"],
    "NUL in a name": [_LINE + _HOST, b"A\0"],
    "NUL behind a bad name": [_LINE + _HOST, b"A(: b\0"],
    "a bare CR in a value": [_LINE + _HOST, b"A: b\r", b"c"],
    "a bare CR in a name": [_LINE + _HOST, b"A\r", b"c"],
    "CR behind the headers": [_LINE + _HOST, b"\r", b"x"],
    "no colon": [_LINE + _HOST + b"bad\r\n"],
    "a lone line feed": [b"GET {MISSING} HTTP/1.1\n", b"\n"],
    "no slash": [b"GET n"],
    "a backslash": [b"GET \\"],
    "a control character": [b"GET /\x01"],
    "NUL in the target": [b"GET /\0"],
    "a scheme that stops": [b"GET http:"],
    "a scheme without slashes": [b"GET http:a"],
    "a bad version": [b"GET / HTTP/x"],
    "another protocol": [b"GET / HTTQ"],
    "a version without its point": [b"GET / HTTP/1x"],
    "version 2": [b"GET / HTTP/2"],
    "version 2.0": [b"GET / HTTP/2.0"],
    "lower case": [b"g"],
    "a digit in the method": [b"GET1"],
    "a long way out of the root": [b"GET /../ HTTP/1.1\r\n"],
    "a bad encoding": [b"GET /%zz HTTP/1.1\r\n"],
    "a bad encoding without its line": [b"GET /%zz HTTP/1.1"],
    "empty lines": [b"\r\n", b"\r\n", b"\n" + _NEXT],
    "CR and no LF before": [b"\rGET"],
}
CORPUS = {
    f"{place}, {name}": [piece.replace(b"{AT}", b"{%b}" % place.encode()) for piece in pieces]
    for place in PLACES
    for name, pieces in EVERYWHERE.items()
} | {f"head, {name}": pieces for name, pieces in HEADS.items()}
