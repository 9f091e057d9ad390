"""The table for spreadsheets: every cell quoted, no formula alive."""

from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.text import cell
from canaries.ledger.entries import canonical
from listener.dossier.case import Case
from listener.dossier.formats.csv import COLUMNS, Csv, _cells, _json

_TEXTS = st.one_of(st.text(), st.sampled_from(["\x7f", "\x1b[0m", "/", "\u2028", 'a"\\b', "\U0001f600"]))
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(1 << 63), (1 << 63) - 1), _TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=12,
)


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


@given(_VALUES.filter(lambda value: value is not None))
def test_nested_values_are_what_any_python_writes_of_them(value: object) -> None:
    """The verifier makes them with the standard library's JSON, in ASCII."""
    assert _json(msgspec.Raw(canonical(value))) == json.dumps(
        value, ensure_ascii=True, separators=(",", ":"), sort_keys=True
    )


@given(st.lists(st.one_of(_TEXTS, st.integers(), st.sampled_from(["=1", "\uff0b1", "-", ""]))))
def test_cells_are_made_harmless_one_by_one_or_together(values: list[object]) -> None:
    assert _cells(values) == list(map(cell, values))
