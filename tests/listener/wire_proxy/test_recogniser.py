"""Rows by their keys, bait by its value, tables by their names; what only looks like one of them is not told."""

from __future__ import annotations

from pathlib import Path

from listener.hook.filter_file import Filter, filter_bytes
from listener.wire_proxy.known_rows import VERSION, KnownRows, ProxiedTable, key_hash, name_hash
from listener.wire_proxy.recogniser import Recogniser, WireColumn
from listener.wire_proxy.session import SeenStatement
from listener.wire_proxy.sql_text import read_sql

SECRET = "5e" * 32
KNOWN = KnownRows(
    VERSION,
    "salt",
    [
        ProxiedTable(
            *("public", "people", SECRET, {key_hash(bytes.fromhex(SECRET), "7"): "mark-7"}),
            *("id", ["shop/1/1"], ["id", "name", "email"]),
        )
    ],
    [name_hash("salt", "people_export_3")],
)


def text(raw: bytes) -> str:
    return raw.decode()


def made(tmp_path: Path) -> Recogniser:
    path = tmp_path / "filter.bin"
    path.write_bytes(filter_bytes([b"jane@bait.test", b"secret-token"]))
    return Recogniser("postgresql", KNOWN, Filter(path))


def statement(query: str) -> SeenStatement:
    return SeenStatement(query, read_sql(query, "postgresql"), "now", "", "")


KEY, NAME = (
    WireColumn("id", "shop/1/1", text=False, read=text),
    WireColumn("n", "shop/1/2", text=True, read=text),
)


def test_a_row_is_known_by_its_key_in_its_own_column_alone(tmp_path: Path) -> None:
    found, seen = made(tmp_path), statement("SELECT * FROM people")
    plan = found.plan([KEY, NAME])
    assert plan is not None
    found.row(plan, [b"8", b"7"], seen)
    found.row(plan, [None, None], seen)
    found.row(plan, [], seen)
    assert not seen.touched
    found.row(plan, [b"7", b"jane@bait.test"], seen)
    assert (seen.marks, seen.found) == (
        ["mark-7"],
        [],
    )  # a row that is known is not told a second time by its values
    found.row(plan, [b"9", b"Jane@BAIT.test"], seen)
    assert seen.found == [("row n", "Jane@BAIT.test")]


def test_without_filter_and_known_columns_nothing_is_looked_at(tmp_path: Path) -> None:
    assert Recogniser("postgresql", KNOWN, None).plan([NAME]) is None
    number = WireColumn("n", "", text=False, read=text)
    assert made(tmp_path).plan([number]) is None


def test_a_key_in_the_statement_counts_where_the_answer_does_not_show_it(tmp_path: Path) -> None:
    found = made(tmp_path)
    for query, parameters, rows, wanted in (
        ("SELECT name FROM people WHERE id = 7", (), 1, ["mark-7"]),
        ("SELECT name FROM people WHERE id = $1", ("7",), 1, ["mark-7"]),
        ("SELECT name FROM people WHERE id = $7", ("8",), 1, []),
        ("SELECT name FROM people WHERE id = 7", (), 0, []),
        ("SELECT name FROM orders WHERE id = 7", (), 1, []),
        ("UPDATE people SET name = 'x' WHERE id = '7'", (), 1, ["mark-7"]),
    ):
        seen = statement(query)
        seen.affected = rows
        found.end(seen, parameters)
        assert seen.marks == wanted, query
    seen = statement("SELECT id FROM people WHERE id = 7 OR true")
    plan = found.plan([KEY])
    assert plan is not None
    found.row(plan, [b"8"], seen)
    seen.rows = 1
    found.end(seen, ())
    assert seen.marks == []


def test_honey_and_bait_in_a_statement(tmp_path: Path) -> None:
    found, seen = made(tmp_path), statement("SELECT * FROM \"People_Export_3\" WHERE t = 'secret-token'")
    found.look(seen, ["JANE@bait.test", None, "x"])
    assert seen.found == [
        ("table in the statement", "people_export_3"),
        ("value in the statement", "secret-token"),
        ("value in the statement", "JANE@bait.test"),
    ]
    seen = statement("SELECT 'people_export_3'")
    found.look(seen)
    assert not seen.touched


def test_copy_by_the_place_of_the_key(tmp_path: Path) -> None:
    found = made(tmp_path)
    for query, row, wanted in (
        ("COPY people TO STDOUT", [b"7", b"8"], ["mark-7"]),
        ("COPY people TO STDOUT", [b"8", b"7"], []),
        ("COPY people (name, id) TO STDOUT", [b"8", b"7"], ["mark-7"]),
        ("COPY people (name) TO STDOUT", [b"7"], []),
        ("COPY (SELECT name, id FROM people) TO STDOUT", [b"8", b"7"], ["mark-7"]),
        ("COPY (SELECT name FROM orders) TO STDOUT", [b"7"], []),
    ):
        seen = statement(query)
        plan = found.copy_plan(seen, len(row), text)
        assert plan is not None
        found.row(plan, row, seen)
        assert seen.marks == wanted, query


def test_a_text_that_comes_again_is_read_once(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert found.read("SELECT 1") is found.read("SELECT 1")
    found.read("ALTER ROLE x PASSWORD 'geheim'")
    assert "geheim" not in str(found._texts)
    for number in range(300):
        found.read(f"SELECT {number}, 2")
    assert len(found._texts) <= 256
