"""A Word document with a linked picture of ours."""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.errors import MintError
from canaries.kinds import Kind, NoOptions, Order
from canaries.model import Bait, BaitFile
from canaries.packages import pack, unpack
from canaries.render import render
from canaries.words import Draft, draft

_DOCUMENT, _LINKS = "word/document.xml", "word/_rels/document.xml.rels"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


class Docx(Kind):
    name: ClassVar[str] = "docx"
    title: ClassVar[str] = "A Word document with a linked picture of ours"
    fired_by: ClassVar[str] = (
        "LibreOffice when it opens or converts the document (OPTIONS, then GET of the picture), with its version. Word "
        "shows linked pictures by itself only where it trusts the document; python-docx and previews load nothing."
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
        file = BaitFile(f"{paper.file}.docx", pack(parts, order.created_at), 0o644)
        return Bait(site.tokens, f"{url}\n", files=(file,), row={"url": url, "host": site.host})


def _new(paper: Draft, url: str) -> dict[str, bytes]:
    values = {"paper": paper, "url": url}
    names = ("[Content_Types].xml", "_rels/.rels", _DOCUMENT, _LINKS)
    templates = ("types", "rels", "document", "links")
    return {
        name: render(f"kinds/docx/{template}.xml", **values).encode()
        for name, template in zip(names, templates, strict=True)
    }


def _instrumented(source: bytes, url: str) -> dict[str, bytes]:
    """The operator's own document, with the picture at its end. Raises MintError where it is none."""
    parts = unpack(source, "Word document")
    body = parts.get(_DOCUMENT, b"").decode("utf-8", "replace")
    if "</w:body>" not in body:
        raise MintError("the file is no Word document", hint="give one saved as .docx")
    links = parts.get(_LINKS, b"").decode("utf-8", "replace") or (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    number = 1 + max((int(found) for found in re.findall(r'Id="rId(\d+)"', links)), default=0)
    link = f'<Relationship Id="rId{number}" Type="{_IMAGE}" Target="{url}" TargetMode="External"/>'
    picture = render("kinds/docx/picture.xml", link=f"rId{number}").strip()
    # The section's properties, where there are any, must stay the body's last child (ECMA-376, 17.2.2).
    place = (
        body.rfind("<w:sectPr") if "<w:sectPr" in body[body.rfind("</w:p>") :] else body.rfind("</w:body>")
    )
    parts[_DOCUMENT] = (body[:place] + picture + body[place:]).encode()
    parts[_LINKS] = links.replace("</Relationships>", f"{link}</Relationships>").encode()
    return parts
