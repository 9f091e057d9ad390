"""Who gets a copy: a file with a recipient a line, or in the first column of a CSV file."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from canaries.core.errors import MintError

if TYPE_CHECKING:
    from pathlib import Path


def read_recipients(path: Path) -> list[str]:
    """Each once, in the order of the file. Raises MintError where there is none, or one stands twice."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = [row[0].strip() for row in csv.reader(file) if row and row[0].strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MintError(f"{path} cannot be read as CSV in UTF-8: {error}") from None
    twice = next((name for name, count in Counter(found).items() if count > 1), None)
    if twice is not None:
        raise MintError(
            f"{twice!r} stands twice in {path}", hint="one copy for each: a leak must name one of them"
        )
    if not found:
        raise MintError(f"{path} names nobody", hint="write a recipient a line")
    return found
