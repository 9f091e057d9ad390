"""A PDF with a visible link and a QR code that lead to a trap: the honest form, which a person must follow."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any, ClassVar

from canaries.content.documents import DocumentOutline, draft
from canaries.core import extras
from canaries.core.clock import parse_rfc3339
from canaries.core.model import Bait, BaitFile
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Kind, NoOptions, Order


class Pdf(Kind):
    name: ClassVar[str] = "pdf"
    service: ClassVar[str] = "docs"
    title: ClassVar[str] = "A PDF with a visible link and QR code that lead to a trap"
    fired_by: ClassVar[str] = (
        "A person who follows the link or scans the code, with their browser or phone. It does not fire by being "
        "opened: no reader in common use follows a PDF's hidden actions any more, so there are none in it."
    )
    plant_hint: ClassVar[str] = (
        "On a file share, in a backup or a mailbox; the link promises the full version."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        site, paper = order.site(), draft(order.stream, order.locale)
        url = f"{site.url}/"
        file = BaitFile(f"{paper.file}.pdf", _page(order.stream, paper, url, order.created_at), 0o644)
        return Bait(
            site.tokens, f"{url}\n", files=(file,), row={"url": url, "host": site.host}, stem="report"
        )


def _page(stream: SeededRandom, paper: DocumentOutline, url: str, moment: str) -> bytes:
    """One A4 page; reportlab's ``invariant`` keeps its own clock and ids out of it."""
    extras.require("reportlab", "pdf", "a bait PDF")
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True, pageCompression=False)
    canvas.setTitle(paper.title)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 760, paper.title)
    canvas.setFont("Helvetica", 11)
    height = 725
    for line in (*paper.lines, "", *(f"{label}: {figure}" for label, figure in paper.rows)):
        canvas.drawString(72, height, line)
        height -= 18
    canvas.setFillColorRGB(0.1, 0.2, 0.7)
    canvas.drawString(72, height - 18, url)
    canvas.linkURL(url, (72, height - 22, 520, height - 6))
    canvas.setFillColorRGB(0, 0, 0)
    _code(canvas, url, 72, height - 140)
    canvas.setProducer(stream.pick("producer", _PRODUCERS))
    canvas.setCreator(stream.pick("creator", ("Writer", "Word", "Pages", "Impress")))
    canvas.save()
    content = out.getvalue().replace(_NO_DATE, _date(stream, moment)).replace(_THEIR_MARK, _USUAL_MARK)
    return _SIGNATURE.sub(lambda found: b" " * len(found[0]), content)  # every offset stays what it was


_PRODUCERS = (
    "LibreOffice 7.4",
    "LibreOffice 7.6",
    "LibreOffice 24.2",
    "Microsoft: Print To PDF",
    "macOS Quartz PDFContext",
)
_THEIR_MARK, _USUAL_MARK = b"%\x93\x8c\x8b\x9e", b"%\xe2\xe3\xcf\xd3"
"""The line of bytes above 127 that a PDF begins with (ISO 32000-1, 7.5.2): reportlab's own, and most programs'."""
_SIGNATURE = re.compile(rb"% ReportLab generated[^\n]*|ReportLab Generated[^\n]*")
_NO_DATE = b"20000101000000+00'00'"
"""What reportlab writes in place of its own clock; the same length as any other date (ISO 32000-1, 7.9.4)."""


def _date(stream: SeededRandom, moment: str) -> bytes:
    """Some weeks before the bait was made."""
    made = parse_rfc3339(moment) - timedelta(seconds=stream.between("age", 86_400, 20_000_000))
    return made.strftime("%Y%m%d%H%M%S+00'00'").encode()


def _code(canvas: Any, url: str, left: float, bottom: float) -> None:
    """The URL as a QR code (ISO/IEC 18004), 100 points wide."""
    import segno

    rows = [tuple(row) for row in segno.make(url, error="m").matrix]
    size = 100 / len(rows)
    for number, row in enumerate(rows):
        for column, dark in enumerate(row):
            if dark:
                top = bottom + (len(rows) - 1 - number) * size
                canvas.rect(left + column * size, top, size, size, stroke=0, fill=1)
