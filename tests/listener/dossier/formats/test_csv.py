"""The table for spreadsheets: every cell quoted, no formula alive."""

from __future__ import annotations

import csv
import io

import pytest

from listener.dossier.case import Case
from listener.dossier.formats.csv import COLUMNS, Csv


@pytest.fixture
def table(case: Case) -> str:
    """The file's text."""
    [(name, content)] = Csv().files(case)
    assert name == "events/events.csv"
    return b"".join(content).decode()


def test_each_hit_is_a_row_with_address_and_port(table: str) -> None:
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["source_ip"], row["source_port"]) for row in rows] == [
        ("203.0.113.0", "40000"),
        ("203.0.113.1", "40001"),
        ("203.0.113.2", "40002"),
    ]
    assert tuple(rows[0]) == COLUMNS


def test_no_cell_begins_like_a_formula(table: str) -> None:
    cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert "\u202e" not in table
    assert all(line.startswith('"') and line.endswith('"') for line in table.split("\r\n")[:-1])
