"""An OpenDocument text with a linked picture of ours."""

from __future__ import annotations

from typing import ClassVar

from canaries.errors import MintError
from canaries.kinds import Kind, NoOptions, Order
from canaries.model import Bait, BaitFile
from canaries.packages import pack, unpack
from canaries.render import render
from canaries.words import Draft, draft

_TYPE = b"application/vnd.oasis.opendocument.text"


class Odt(Kind):
    name: ClassVar[str] = "odt"
    title: ClassVar[str] = "An OpenDocument text with a linked picture of ours"
    fired_by: ClassVar[str] = (
        "LibreOffice when it opens or converts the document (OPTIONS, then GET of the picture), with its version. "
        "Previews and libraries that only read the text load nothing."
    )
    plant_hint: ClassVar[str] = (
        "On a file share, in a backup or a mailbox, beside documents of the same sort."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"
    takes_source: ClassVar[bool] = True

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site, paper = order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/{order.stream.text('picture', 'abcdefghijkmnpqrstuvwxyz23456789', 8)}.png"
        parts = _instrumented(order.source, url) if order.source else _new(paper, url)
        content = pack(parts, order.created_at, stored_first="mimetype")
        file = BaitFile(f"{paper.file}.odt", content, 0o644)
        return Bait(site.tokens, f"{url}\n", files=(file,), row={"url": url, "host": site.host})


def _new(paper: Draft, url: str) -> dict[str, bytes]:
    return {
        "mimetype": _TYPE,
        "META-INF/manifest.xml": render("kinds/odt/manifest.xml").encode(),
        "content.xml": render("kinds/odt/content.xml", paper=paper, url=url).encode(),
    }


def _instrumented(source: bytes, url: str) -> dict[str, bytes]:
    """The operator's own document, with the picture at its end. Raises MintError where it is none."""
    parts = unpack(source, "OpenDocument text")
    body = parts.get("content.xml", b"").decode("utf-8", "replace")
    if "</office:text>" not in body or parts.get("mimetype", b"").strip() != _TYPE:
        raise MintError("the file is no OpenDocument text", hint="give one saved as .odt")
    picture = render("kinds/odt/picture.xml", url=url).strip()
    parts["content.xml"] = body.replace("</office:text>", f"{picture}</office:text>").encode()
    return parts
