"""What a table says of itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from canaries.plant.rows import layout, table


def test_the_layout_says_what_must_be_filled(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, mail VARCHAR(9) UNIQUE, n INT NOT NULL, d TEXT NOT NULL DEFAULT 'x', "
        "g TEXT GENERATED ALWAYS AS (mail) VIRTUAL)"
    )
    connection.close()
    where = table.address(f"sqlite:///{tmp_path}/a.db?table=t")
    with table.opened(where) as opened:
        found = layout.layout(opened, where)
    fields = {field.name: field for field in found.fields}
    assert found.key == ("id",)
    assert [name for name, field in fields.items() if field.required] == ["n"]
    assert (fields["mail"].length, fields["mail"].single, fields["n"].numeric) == (9, True, True)
    assert "g" not in fields


def test_references_and_what_is_unique_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.executescript(
        "CREATE TABLE u (id INTEGER PRIMARY KEY);"
        "CREATE TABLE t (a INT REFERENCES u(id), b TEXT, c TEXT, seen TIMESTAMP, on_off BOOLEAN, UNIQUE (b, c));"
    )
    connection.close()
    where = table.address(f"sqlite:///{tmp_path}/a.db?table=t")
    with table.opened(where) as opened:
        found = layout.layout(opened, where)
    reference = found.reference("a")
    assert reference is not None
    assert (reference.table, reference.target) == ("u", "id")
    assert not any(field.single for field in found.fields), "b and c are unique together only"
    assert [field.sort for field in found.fields] == ["number", "text", "text", "moment", "truth"]
