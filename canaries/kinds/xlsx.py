"""An Excel workbook with a linked picture of ours."""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.errors import MintError
from canaries.kinds import Kind, NoOptions, Order
from canaries.model import Bait, BaitFile
from canaries.packages import pack, unpack
from canaries.render import render
from canaries.words import Draft, draft

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
_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"


class Xlsx(Kind):
    name: ClassVar[str] = "xlsx"
    title: ClassVar[str] = "An Excel workbook with a linked picture of ours"
    fired_by: ClassVar[str] = (
        "LibreOffice when it opens or converts the workbook (OPTIONS, then GET of the picture), with its version. "
        "Excel shows linked pictures by itself only where it trusts the file; openpyxl and previews load nothing."
    )
    plant_hint: ClassVar[str] = (
        "On a file share, in a backup or a mailbox, beside workbooks of the same sort."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"
    takes_source: ClassVar[bool] = True

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site, paper = order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/{order.stream.text('picture', 'abcdefghijkmnpqrstuvwxyz23456789', 8)}.png"
        parts = _instrumented(order.source, url) if order.source else _new(paper, url)
        file = BaitFile(f"{paper.file}.xlsx", pack(parts, order.created_at), 0o644)
        return Bait(site.tokens, f"{url}\n", files=(file,), row={"url": url, "host": site.host})


def _new(paper: Draft, url: str) -> dict[str, bytes]:
    return {
        name: render(f"kinds/xlsx/{template}.xml", paper=paper, url=url, drawing="rId1").encode()
        for name, template in _PARTS.items()
    }


def _instrumented(source: bytes, url: str) -> dict[str, bytes]:
    """The operator's own workbook: its first sheet without a drawing gets one. Raises MintError where none can."""
    parts = unpack(source, "Excel workbook")
    sheets = sorted(name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
    free = [name for name in sheets if b"<drawing " not in parts[name]]
    types = parts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
    if not free or "</Types>" not in types:
        raise MintError(
            "the file has no sheet that can carry a picture",
            hint="give one saved as .xlsx with a sheet without pictures",
        )
    sheet, drawing = free[0], "drawing9001.xml"
    links_name = f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels"
    links = parts.get(links_name, b"").decode("utf-8", "replace") or (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    link = f'<Relationship Id="rId9001" Type="{kind}" Target="../drawings/{drawing}"/>'
    parts[links_name] = links.replace("</Relationships>", f"{link}</Relationships>").encode()
    parts[sheet] = _with_drawing(parts[sheet].decode("utf-8", "replace")).encode()
    parts[f"xl/drawings/{drawing}"] = render("kinds/xlsx/drawing.xml").encode()
    parts[f"xl/drawings/_rels/{drawing}.rels"] = render("kinds/xlsx/drawing_links.xml", url=url).encode()
    override = f'<Override PartName="/xl/drawings/{drawing}" ContentType="{_DRAWING}"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", f"{override}</Types>").encode()
    return parts


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
