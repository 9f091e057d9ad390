"""Office documents and PDF."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import docx
import openpyxl
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from tests.dumped.making import Form, table, zip_of


def _spreadsheet(folder: Path, address: str) -> None:
    book = openpyxl.Workbook()
    for row in table(address):
        book.active.append(list(row.values()))
    book.save(folder / "people.xlsx")


def _document(folder: Path, address: str) -> None:
    document = docx.Document()
    grid = document.add_table(rows=0, cols=4)
    for row in table(address)[115:125]:
        for cell, value in zip(grid.add_row().cells, row.values(), strict=True):
            cell.text = str(value)
    document.save(str(folder / "people.docx"))


def _open_document(folder: Path, address: str) -> None:
    cells = "".join(
        f"<table:table-row><table:table-cell><text:p>{escape(row['email'])}</text:p></table:table-cell></table:table-row>"
        for row in table(address)
    )
    (folder / "people.ods").write_bytes(
        zip_of(f"<office:document>{cells}</office:document>".encode(), name="content.xml")
    )


def _pdf(folder: Path, address: str, *, compressed: int = 1, letters: bool = False) -> None:
    rl_config.useA85 = letters
    canvas = Canvas(str(folder / "people.pdf"), pageCompression=compressed)
    for line, row in enumerate(table(address)[110:130]):
        canvas.drawString(72, 780 - 20 * line, f"{row['name']} {row['email']}")
    canvas.save()


FORMS: dict[str, Form] = {
    "xlsx": _spreadsheet,
    "docx": _document,
    "ods": _open_document,
    "PDF": _pdf,
    "PDF, in letters": lambda folder, address: _pdf(folder, address, letters=True),
    "PDF, not packed": lambda folder, address: _pdf(folder, address, compressed=0),
}
