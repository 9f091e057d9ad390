"""A list of made-up subscribers, and installations that issue copies of it."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from canaries.copies.issuing import CopyIssuer, CopyOrder, IssuedFolder
from canaries.installation.home import Home
from tests import steady

TOML = '[operator]\norganisation = "Test Trust"\n[bait]\ndomain = "mail.example.net"\n'
COLUMNS = ("id", "email", "first_name", "last_name", "phone", "country", "plan", "created_at", "score")
_FIRST = "Anna Ben Clara David Emma Frank Grace Henry Isla Jack".split()
_LAST = "Miller Smith Jones Brown Taylor Wilson Moore Clark Lewis Young".split()


def subscribers(count: int, gaps: int = 4) -> list[dict[str, str]]:
    """People of a list in the order of its ids, between which ``gaps`` - 1 numbers are free at most."""
    chance, number, rows = random.Random(7), 100, []
    for at in range(count):
        number += chance.randint(1, gaps)
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        mailbox = chance.choice((f"{first}.{last}", f"{first[0]}{last}{at}", f"{first}{at:03d}")).lower()
        day = f"2025-{at // 28 % 12 + 1:02d}-{at % 28 + 1:02d}T10:{at % 60:02d}:00Z"
        phone = f"({chance.randint(201, 989)}) 555-{chance.randint(1000, 9999)}" if at % 3 else ""
        row = (str(number), f"{mailbox}@example.org", first, last, phone, "US", "pro", day, str(at % 5))
        rows.append(dict(zip(COLUMNS, row, strict=True)))
    return rows


def as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_json_lines(rows: Sequence[dict[str, str]]) -> bytes:
    return "".join(json.dumps({**row, "score": int(row["score"])}) + "\n" for row in rows).encode()


def as_sql(rows: Sequence[dict[str, str]]) -> bytes:
    lines = ",\n".join(
        "("
        + ",".join(
            value if name == "id" else "NULL" if value == "" else "'" + value.replace("'", "''") + "'"
            for name, value in row.items()
        )
        + ")"
        for row in rows
    )
    created = ", ".join(f"{name} text" for name in COLUMNS)
    return (
        f"CREATE TABLE people ({created}, PRIMARY KEY (id));\nINSERT INTO people VALUES\n{lines};\n"
        "INSERT INTO plans (name) VALUES ('a;b');\nCOMMIT;\n"
    ).encode()


def installation(path: Path, more: str = "") -> Home:
    return steady.installation(path, TOML + more, "copies")


def issue(
    home: Home,
    folder: Path,
    source: bytes,
    recipients: Sequence[str],
    name: str = "list.csv",
    **order: Any,
) -> IssuedFolder:
    """An edition with draws that are the same in every run."""
    path = folder / name
    path.write_bytes(source)
    wanted = CopyOrder(path, recipients, "the list", **order)
    issuer = CopyIssuer(home, wanted, draw=steady.draw(f"issue {name}"), chance=random.Random(3))
    return issuer.issue(folder / f"out-{name}", lambda: ())


def copy(issued: IssuedFolder, number: int) -> bytes:
    """The only file of a copy."""
    _, folder, ((path, _),) = issued.copies[number]
    return (issued.folder / folder / path).read_bytes()
