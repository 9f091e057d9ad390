"""The dull page: the answer to everything that imitates nothing, the same whether a token is known or not."""

from __future__ import annotations

import zlib
from typing import ClassVar

from canaries.core.render import render
from canaries.crypto.seeded_random import HEX, SeededRandom
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_TITLES = {
    200: ("It works", "Service online", "Status: OK", "Default site", "Up and running", "Welcome"),
    403: ("Forbidden", "Access denied", "Restricted area", "Permission denied", "Not allowed here"),
    404: ("Not found", "Page not found", "No such page", "Nothing here", "Unknown address"),
}
_SENTENCES = {
    200: (
        "This host serves applications only.",
        "No content is published at this address.",
        "Nothing to see on this node.",
    ),
    403: (
        "You have no access to this resource.",
        "This area is for internal use.",
        "Please sign in through the portal.",
    ),
    404: (
        "The requested address does not exist on this server.",
        "The page was moved or removed.",
        "Check the address.",
    ),
}
_NODES = ("edge", "web", "gw", "node", "srv", "app", "lb", "fe", "www", "core")
_TAGS = ("p", "div", "address", "small", "footer")


class Page(Persona):
    name: ClassVar[str] = "page"
    order: ClassVar[int] = 1000

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("page")
        status = stream.pick("status", tuple(_TITLES))
        page = render(
            "personas/page.html",
            title=stream.pick("title", _TITLES[status]),
            sentence=stream.pick("sentence", _SENTENCES[status]),
            node=f"{stream.pick('node', _NODES)}-{stream.text('number', HEX, 6)}",
            heading=stream.pick("heading", ("h1", "h2", "h3")),
            tag=stream.pick("tag", _TAGS),
            width=stream.between("width", 24, 60),
            shade=stream.text("shade", HEX, 6),
        ).encode()
        html = identity.headers(
            stream.pick("html", ("text/html", "text/html; charset=utf-8", "text/html; charset=UTF-8"))
        )
        # A page that embeds a script or an image from here must not break: that would show up in somebody's console.
        self._by_suffix = {
            "gif": Answer(200, identity.headers("image/gif"), _gif(stream), "gif"),
            "png": Answer(200, identity.headers("image/png"), _png(stream), "png"),
            "js": Answer(200, identity.headers("text/javascript"), b"", "script"),
            "css": Answer(200, identity.headers("text/css"), b"", "style"),
        }
        self._page = Answer(status, html, page, "dull")

    def claims(self, request: Request) -> bool:
        return True

    def answer(self, request: Request) -> Answer:
        return self._by_suffix.get(request.path.rpartition(".")[2].lower(), self._page)


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
