"""What the host itself answers to everything that imitates no service: its own page, or that there is none."""

from __future__ import annotations

import zlib
from typing import ClassVar

from canaries.crypto.seeded_random import SeededRandom
from listener.personas import Answer, Persona, Request
from listener.protocol.host_character import MOST_BODY, WELCOME_PATHS
from listener.protocol.identity import Identity
from listener.protocol.nginx_paths import plain

_HTML = (("Content-Type", "text/html"),)


class Page(Persona):
    name: ClassVar[str] = "page"
    order: ClassVar[int] = 1000
    host_itself = True

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("page")
        self._host = identity.host
        self._pages = {
            status: Answer(status, _HTML, self._host.error_page(status), "dull")
            for status in (400, 403, 404, 405, 413)
        }
        headers, body = self._host.welcome()
        self._pages[200] = Answer(200, headers, body, "dull")
        # A page that embeds a script or an image from below a label must not break: that would show up in a console.
        self._by_suffix = {
            "gif": Answer(200, identity.headers("image/gif"), _gif(stream), "gif"),
            "png": Answer(200, identity.headers("image/png"), _png(stream), "png"),
            "js": Answer(200, identity.headers("application/javascript"), b"", "script"),
            "css": Answer(200, identity.headers("text/css"), b"", "style"),
        }

    def claims(self, request: Request) -> bool:
        return True

    def answer(self, request: Request) -> Answer:
        path = request.path
        if not path.startswith("/"):
            return self._pages[400]
        if len(length := request.header(b"content-length")) > 6 and _is_too_long(length):
            return self._pages[413]
        found = self._by_suffix.get(path.rpartition(".")[2].lower()) if "." in path else None
        if found is not None and request.baited(self.identity):
            return found
        file, root = plain(request.target), self._host.root
        if file not in WELCOME_PATHS or (root != 200 and file != b"/") or root == 404:
            return self._pages[404]
        if request.method in ("GET", "HEAD"):
            return self._pages[root]
        return self._pages[403 if root == 403 and request.method == "POST" else 405]


def _is_too_long(length: str) -> bool:
    return length.isascii() and length.isdigit() and int(length) > MOST_BODY


def _gif(stream: SeededRandom) -> bytes:
    """One transparent pixel (GIF89a), its unseen colours the installation's own."""
    screen = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + stream.draw_bytes("palette", 6)
    return (
        screen
        + b"\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b"
    )


def _png(stream: SeededRandom) -> bytes:
    """One transparent pixel (PNG, colour type 6), likewise."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = chunk(b"IHDR", b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00")
    pixel = chunk(b"IDAT", zlib.compress(b"\x00" + stream.draw_bytes("colour", 3) + b"\x00"))
    return b"\x89PNG\r\n\x1a\n" + header + pixel + chunk(b"IEND", b"")
