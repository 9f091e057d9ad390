"""The dull page: one answer for all, another in every installation, images and scripts where they are asked for."""

from __future__ import annotations

import struct
import zlib
from typing import Any

SHAPES: dict[str, Any] = {
    "page": [("GET", f"/{label}/x", {}) for label in ("q7f3k29xk2m5v8w1z4y6c", "d6y4z1w8v5m2kx92k3f7q")],
    "unsigned redirect": [("GET", f"/?u=https://a.example&s={'0' * 15}{digit}", {}) for digit in "01"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEYS = [bytes([number]) * 32 for number in range(30)]


def test_known_unknown_and_odd_get_one_answer(ask) -> None:  # type: ignore[no-untyped-def]
    shapes = [
        ("GET", "/"),
        ("GET", "/q7f3k29xk2m5v8w1z4y6c/x"),
        ("POST", "/login"),
        ("DELETE", "/%00?a=b"),
        ("OPTIONS", "*"),
    ]
    assert len({ask(method, path, user_agent=path) for method, path in shapes}) == 1


def test_no_two_installations_have_the_same_page(ask) -> None:  # type: ignore[no-untyped-def]
    answers = [ask("GET", "/", key=key)[1] for key in KEYS]
    assert len({answer.body for answer in answers}) == len(KEYS)
    assert len({answer.headers for answer in answers}) > len(KEYS) // 2
    assert {answer.status for answer in answers} == {200, 403, 404}


def test_an_image_is_an_image_of_one_pixel(ask) -> None:  # type: ignore[no-untyped-def]
    gif = ask("GET", "/a/pixel.GIF")[1]
    assert (gif.status, dict(gif.headers)["Content-Type"]) == (200, "image/gif")
    assert gif.body[:10] == b"GIF89a\x01\x00\x01\x00"
    png = ask("GET", "/logo.png?x=1")[1].body
    assert struct.unpack("!II", png[16:24]) == (1, 1)
    at, pixels = 8, b""
    while at < len(png):  # PNG specification, section 5.3: length, type, data, CRC
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + length]
        assert int.from_bytes(png[at + 8 + length : at + 12 + length], "big") == zlib.crc32(kind + data)
        pixels += data if kind == b"IDAT" else b""
        at += 12 + length
    assert len(zlib.decompress(pixels)) == 5
    assert len({ask("GET", "/a.gif", key=key)[1].body for key in KEYS}) == len(KEYS)


def test_scripts_and_styles_do_nothing(ask) -> None:  # type: ignore[no-untyped-def]
    for path, kind in (("/a.js", "text/javascript"), ("/a.css", "text/css")):
        answer = ask("GET", path)[1]
        assert (answer.status, answer.body, dict(answer.headers)["Content-Type"]) == (200, b"", kind)
