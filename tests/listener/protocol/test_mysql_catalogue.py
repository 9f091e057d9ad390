"""INFORMATION_SCHEMA as an account sees it."""

from __future__ import annotations

from listener.protocol import mysql_catalogue, sql_sessions

SESSION = sql_sessions.mysql("8.4.6", ("ann", "192.0.2.7"), "crm", 9)


def test_every_row_has_a_value_for_each_column() -> None:
    for name in ("SCHEMATA", "USER_PRIVILEGES", "PROCESSLIST", "CHARACTER_SETS", "COLLATIONS", "TABLES", "ENGINES",
                 "COLLATION_CHARACTER_SET_APPLICABILITY"):  # fmt: skip
        found = mysql_catalogue.table(name, SESSION, "SELECT 1")
        assert found is not None
        assert found.rows
        assert {len(row) for row in found.rows} == {len(found.columns)}, name


def test_names_are_known_in_any_case_and_others_are_none() -> None:
    found = mysql_catalogue.table("views", SESSION, "")
    assert found is not None
    assert list(found.rows) == []
    assert mysql_catalogue.table("nosuch", SESSION, "") is None


def test_the_own_database_is_among_those_that_are_seen() -> None:
    assert mysql_catalogue.databases(SESSION) == [
        "crm",
        "information_schema",
        "mysql",
        "performance_schema",
        "sys",
    ]
    assert mysql_catalogue.process(SESSION, "q") == (
        9,
        "ann",
        "192.0.2.7",
        "crm",
        "Query",
        0,
        "executing",
        "q",
    )
