"""An Excel workbook with a linked picture at a trap."""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.content.documents import DocumentOutline
from canaries.core.errors import MintError
from canaries.core.render import render
from canaries.kinds._office import OfficeDocument

_PARTS = {
    "[Content_Types].xml": "types",
    "_rels/.rels": "rels",
    "xl/workbook.xml": "workbook",
    "xl/_rels/workbook.xml.rels": "workbook_links",
    "xl/worksheets/sheet1.xml": "sheet",
    "xl/worksheets/_rels/sheet1.xml.rels": "sheet_links",
    "xl/drawings/drawing1.xml": "drawing",
    "xl/drawings/_rels/drawing1.xml.rels": "drawing_links",
}
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_DRAWING_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
_NO_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_OURS = "drawing9001.xml"


class Xlsx(OfficeDocument):
    name: ClassVar[str] = "xlsx"
    service: ClassVar[str] = "docs"
    title: ClassVar[str] = "An Excel workbook with a linked picture at a trap"
    fired_by: ClassVar[str] = (
        "LibreOffice when it opens or converts the workbook (OPTIONS, then GET of the picture), with its version. "
        "Excel shows linked pictures by itself only where it trusts the file; openpyxl and previews load nothing."
    )
    ending: ClassVar[str] = "xlsx"
    noun: ClassVar[str] = "Excel workbook"

    def new(self, paper: DocumentOutline, url: str) -> dict[str, bytes]:
        return {
            name: render(f"kinds/xlsx/{template}.xml", paper=paper, url=url, drawing="rId1").encode()
            for name, template in _PARTS.items()
        }

    def instrument(self, parts: dict[str, bytes], url: str) -> None:
        """The first sheet without a drawing gets one."""
        sheets = sorted(name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
        free = [name for name in sheets if b"<drawing " not in parts[name]]
        types = parts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
        if not free or "</Types>" not in types:
            raise MintError(
                "the file has no sheet that can carry a picture",
                hint="give one saved as .xlsx with a sheet without pictures",
            )
        links_name = f"xl/worksheets/_rels/{free[0].rpartition('/')[2]}.rels"
        links = parts.get(links_name, b"").decode("utf-8", "replace") or _NO_LINKS
        link = f'<Relationship Id="rId9001" Type="{_DRAWING_LINK}" Target="../drawings/{_OURS}"/>'
        override = f'<Override PartName="/xl/drawings/{_OURS}" ContentType="{_DRAWING_TYPE}"/>'
        parts[free[0]] = _with_drawing(parts[free[0]].decode("utf-8", "replace")).encode()
        parts[links_name] = links.replace("</Relationships>", f"{link}</Relationships>").encode()
        parts[f"xl/drawings/{_OURS}"] = render("kinds/xlsx/drawing.xml").encode()
        parts[f"xl/drawings/_rels/{_OURS}.rels"] = render("kinds/xlsx/drawing_links.xml", url=url).encode()
        parts["[Content_Types].xml"] = types.replace("</Types>", f"{override}</Types>").encode()


_AFTER_DRAWING = re.compile(
    r"<(?:legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)[ />]"
)
"""What may only follow a sheet's drawing (ECMA-376, 18.3.1.99)."""


def _with_drawing(sheet: str) -> str:
    mark = '<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId9001"/>'
    found = _AFTER_DRAWING.search(sheet)
    place = found.start() if found else sheet.rfind("</worksheet>")
    if place < 0:
        raise MintError("the file's first sheet cannot be read", hint="save it anew as .xlsx")
    return sheet[:place] + mark + sheet[place:]
