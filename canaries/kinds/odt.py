"""An OpenDocument text with a linked picture at a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.content.documents import DocumentOutline
from canaries.core.errors import MintError
from canaries.core.render import render
from canaries.kinds._office import OfficeDocument

_TYPE = b"application/vnd.oasis.opendocument.text"


class Odt(OfficeDocument):
    name: ClassVar[str] = "odt"
    service: ClassVar[str] = "docs"
    title: ClassVar[str] = "An OpenDocument text with a linked picture at a trap"
    fired_by: ClassVar[str] = (
        "LibreOffice when it opens or converts the document (OPTIONS, then GET of the picture), with its version. "
        "Previews and libraries that only read the text load nothing."
    )
    ending: ClassVar[str] = "odt"
    noun: ClassVar[str] = "OpenDocument text"
    stored_first: ClassVar[str] = "mimetype"

    def new(self, paper: DocumentOutline, url: str) -> dict[str, bytes]:
        return {
            "mimetype": _TYPE,
            "META-INF/manifest.xml": render("kinds/odt/manifest.xml").encode(),
            "content.xml": render("kinds/odt/content.xml", paper=paper, url=url).encode(),
        }

    def instrument(self, parts: dict[str, bytes], url: str) -> None:
        body = parts.get("content.xml", b"").decode("utf-8", "replace")
        if "</office:text>" not in body or parts.get("mimetype", b"").strip() != _TYPE:
            raise MintError("the file is not an OpenDocument text", hint="give one saved as .odt")
        picture = render("kinds/odt/picture.xml", url=url).strip()
        parts["content.xml"] = body.replace("</office:text>", f"{picture}</office:text>").encode()
