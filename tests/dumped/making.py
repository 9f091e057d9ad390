"""How the dumps are made: of rows, of their CSV, of an archive."""

from __future__ import annotations

import csv
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import py7zr

Form = Callable[[Path, str], object]
"""Writes a dump into an empty folder; the address must stand in it."""
COLUMNS = ("id", "name", "email", "city")


def table(address: str) -> list[dict[str, Any]]:
    """Rows of a table of people, among them one with the address."""
    rows = [
        {"id": n, "name": f"Person {n}", "email": f"person.{n * 7919}@example.org", "city": f"City {n % 7}"}
        for n in range(200)
    ]
    return [*rows[:120], {"id": 990, "name": "Ida Roe", "email": address, "city": "City 3"}, *rows[120:]]


def of_rows(make: Callable[[list[dict[str, Any]]], str | bytes]) -> Form:
    def written(folder: Path, address: str) -> None:
        content = make(table(address))
        (folder / "dump").write_bytes(content if isinstance(content, bytes) else content.encode())

    return written


def each_row(line: str) -> Form:
    """One line a row."""
    return of_rows(lambda rows: "".join(line.format(**row) + "\n" for row in rows))


def of_csv(pack: Callable[[bytes], bytes]) -> Form:
    return of_rows(lambda rows: pack(csv_of(rows)))


def csv_of(rows: list[dict[str, Any]], **how: Any) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, **how)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tar_of(content: bytes, mode: Any = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        info = tarfile.TarInfo("people.csv")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zip_of(content: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "people.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def seven_zip_of(content: bytes, name: str = "people.csv", **how: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **how) as archive:
        archive.writestr(content, name)
    return out.getvalue()
