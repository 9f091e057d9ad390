"""The folder from which copies are handed out: one for each copy, a receipt to sign, and a list of who gets what."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterable
from pathlib import Path

from canaries.core.text import cell, visible

MANIFEST = "copies.csv"
RECEIPTS = "receipts"
_NAME = re.compile(r"[^A-Za-z0-9._-]+")

Handed = tuple[str, str, tuple[tuple[str, str], ...]]
"""(recipient, folder, (path, SHA-256) of each file)."""


def folder_of(number: int, recipient: str) -> str:
    """Of a copy: its number and what a file name may have of the recipient's."""
    slug = _NAME.sub("-", recipient).strip("-.")[:60]
    return f"{number + 1:04d}-{slug}" if slug else f"{number + 1:04d}"


def put(path: Path, content: bytes) -> str:
    """Write a new file; its SHA-256 comes back."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def sync(path: Path) -> None:
    """Put a file's content on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_lists(top: Path, edition: str, copies: Iterable[Handed]) -> None:
    """Who gets which folder, and a receipt for each to sign; neither is part of a copy."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["recipient", "folder", "file", "sha256"])
    for recipient, folder, files in copies:
        for path, digest in files:
            writer.writerow([cell(recipient), folder, cell(path), digest])
        listed = "".join(f"  {digest}  {visible(path)}\n" for path, digest in files)
        receipt = (
            f"Receipt\n\nEdition {edition}\nRecipient: {visible(recipient)}\n\n"
            f"Received these files (SHA-256):\n{listed}\n"
            "This copy was made for the recipient named above and for nobody else.\n\nDate, name, signature:\n"
        )
        put(top / RECEIPTS / f"{folder}.txt", receipt.encode())
    put(top / MANIFEST, table.getvalue().encode())
