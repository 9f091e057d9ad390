"""The host's own answers: the same to all, a real server's, images and scripts where bait may need them."""

from __future__ import annotations

import struct
import zlib
from typing import Any

SHAPES: dict[str, Any] = {
    "page": [("GET", f"/{label}/x", {}) for label in ("q7f3k29xk2m5v8w1z4y6c", "d6y4z1w8v5m2kx92k3f7q")],
    "unsigned redirect": [("GET", f"/?u=https://a.example&s={'0' * 15}{digit}", {}) for digit in "01"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

LABEL = "q7f3k29xk2m5v8w1z4y6c"
SAME_EVERYWHERE = True
"""All hosts of one release say the same."""
KEYS = [bytes([number]) * 32 for number in range(30)]


def test_known_unknown_and_odd_get_one_answer(ask) -> None:  # type: ignore[no-untyped-def]
    shapes = [
        ("GET", "/q7f3k29xk2m5v8w1z4y6c/x"),
        ("GET", "/d6y4z1w8v5m2kx92k3f7q/y?a=b"),
        ("POST", "/login"),
        ("DELETE", "/a?a=b"),
    ]
    assert len({ask(method, path, user_agent=path) for method, path in shapes}) == 1


def test_the_root_is_the_package_page_an_empty_folder_or_nothing(ask) -> None:  # type: ignore[no-untyped-def]
    answers = [ask("GET", "/", key=key)[1] for key in KEYS]
    assert {answer.status for answer in answers} == {200, 403, 404}
    for answer, key in zip(answers, KEYS, strict=True):
        assert (b"Welcome to nginx!" in answer.body) == (answer.status == 200)
        assert ask("POST", "/", key=key)[1].status == (405 if answer.status == 200 else answer.status)


def test_images_are_only_where_bait_would_be(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/a.js")[1].status == ask("GET", "/zz.png")[1].status == 404
    assert ask("GET", "/x.gif", host=f"{LABEL}.hill.net")[1].status == 200


def test_an_image_is_an_image_of_one_pixel(ask) -> None:  # type: ignore[no-untyped-def]
    gif = ask("GET", f"/{LABEL}/pixel.GIF")[1]
    assert (gif.status, dict(gif.headers)["Content-Type"]) == (200, "image/gif")
    assert gif.body[:10] == b"GIF89a\x01\x00\x01\x00"
    png = ask("GET", f"/{LABEL}/logo.png?x=1")[1].body
    assert struct.unpack("!II", png[16:24]) == (1, 1)
    at, pixels = 8, b""
    while at < len(png):  # PNG specification, section 5.3: length, type, data, CRC
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + length]
        assert int.from_bytes(png[at + 8 + length : at + 12 + length], "big") == zlib.crc32(kind + data)
        pixels += data if kind == b"IDAT" else b""
        at += 12 + length
    assert len(zlib.decompress(pixels)) == 5
    assert len({ask("GET", f"/{LABEL}/a.gif", key=key)[1].body for key in KEYS}) == len(KEYS)


def test_scripts_and_styles_do_nothing(ask) -> None:  # type: ignore[no-untyped-def]
    for path, kind in ((f"/{LABEL}/a.js", "application/javascript"), (f"/{LABEL}/a.css", "text/css")):
        answer = ask("GET", path)[1]
        assert (answer.status, answer.body, dict(answer.headers)["Content-Type"]) == (200, b"", kind)
