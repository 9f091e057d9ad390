"""What every form of a table promises: old bytes stay, old records read the same, new ones read as they were meant."""

from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.copies import datasets
from canaries.copies.datasets import DataFormat
from canaries.core.errors import MintError
from canaries.core.plugins import classes
from tests.issued import as_csv, as_json_lines, as_sql, subscribers

FORMS = {"csv": as_csv, "json-lines": as_json_lines, "sql": as_sql}
NAMES = {"csv": "a.csv", "json-lines": "a.jsonl", "sql": "a.sql"}


def test_every_form_is_tried_here() -> None:
    assert set(classes(datasets.FOLDER, DataFormat)) == set(FORMS)  # type: ignore[type-abstract]


@pytest.mark.parametrize("name", FORMS)
def test_records_go_between_records_and_nothing_else_changes(name: str) -> None:
    form, content = datasets.of(PurePath(NAMES[name])), FORMS[name](subscribers(12))
    data = form.read(content, "")
    assert data.with_records([]) == content
    assert len(data.rows) == 12
    fresh = {**data.rows[3], "first_name": 'O\'Brien, "Zo\u00eb"', "phone": data.rows[0]["phone"]}
    for places in ([0], [5, 5, 2], [12], [0, 12, 12]):
        again = form.read(data.with_records([(place, form.record(fresh, data)) for place in places]), "")
        rows = list(data.rows)
        for place in sorted(places, reverse=True):
            rows.insert(place, fresh)
        assert list(again.rows) == rows
        assert again.columns == data.columns


@pytest.mark.parametrize("name", FORMS)
@given(content=st.binary(max_size=300))
def test_rubbish_is_refused_or_read_to_the_byte(name: str, content: bytes) -> None:
    form = datasets.of(PurePath(NAMES[name]))
    try:
        data = form.read(content, "")
    except MintError:
        return
    assert data.with_records([]) == content


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(MintError, match="no form that copies"):
        datasets.of(PurePath("a.parquet"))
    with pytest.raises(MintError, match="UTF-8"):
        datasets.of(PurePath("a.csv")).read(b"a,b\n\xff,1\n", "")
