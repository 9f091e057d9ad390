"""A Word document with a linked picture at a trap."""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.content.documents import DocumentOutline
from canaries.core.errors import MintError
from canaries.core.render import render
from canaries.kinds._office import OfficeDocument

_DOCUMENT, _LINKS = "word/document.xml", "word/_rels/document.xml.rels"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_NO_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_PARTS = {"[Content_Types].xml": "types", "_rels/.rels": "rels", _DOCUMENT: "document", _LINKS: "links"}


class Docx(OfficeDocument):
    name: ClassVar[str] = "docx"
    service: ClassVar[str] = "docs"
    title: ClassVar[str] = "A Word document with a linked picture at a trap"
    fired_by: ClassVar[str] = (
        "LibreOffice when it opens or converts the document (OPTIONS, then GET of the picture), with its version. Word "
        "shows linked pictures by itself only where it trusts the document; python-docx and previews load nothing."
    )
    ending: ClassVar[str] = "docx"
    noun: ClassVar[str] = "Word document"

    def new(self, paper: DocumentOutline, url: str) -> dict[str, bytes]:
        return {
            name: render(f"kinds/docx/{template}.xml", paper=paper, url=url).encode()
            for name, template in _PARTS.items()
        }

    def instrument(self, parts: dict[str, bytes], url: str) -> None:
        body = parts.get(_DOCUMENT, b"").decode("utf-8", "replace")
        if "</w:body>" not in body:
            raise MintError("the file is not a Word document", hint="give one saved as .docx")
        links = parts.get(_LINKS, b"").decode("utf-8", "replace") or _NO_LINKS
        number = 1 + max((int(found) for found in re.findall(r'Id="rId(\d+)"', links)), default=0)
        link = f'<Relationship Id="rId{number}" Type="{_IMAGE}" Target="{url}" TargetMode="External"/>'
        picture = render("kinds/docx/picture.xml", link=f"rId{number}").strip()
        # The section's properties, where there are any, must stay the body's last child (ECMA-376, 17.2.2).
        tail = body[body.rfind("</w:p>") :]
        place = body.rfind("<w:sectPr") if "<w:sectPr" in tail else body.rfind("</w:body>")
        parts[_DOCUMENT] = (body[:place] + picture + body[place:]).encode()
        parts[_LINKS] = links.replace("</Relationships>", f"{link}</Relationships>").encode()
