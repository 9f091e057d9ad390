"""Words, strings and settings of a statement as the server tells them apart; in linear time, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.wire_proxy.sql_text import CopiedTable, Dialect, SettingChange, read_sql, without_secrets


@pytest.mark.parametrize(
    ("dialect", "text", "values"),
    [
        ("postgresql", "SELECT 'a''b', E'c\\'d', 'e\\', 7, x7, $1, $2", ["a'b", "c'd", "e\\", "7"]),
        ("postgresql", "SELECT $$it's$$, $q$ $$ $q$ -- 'no'\n, /* 'no' */ 'yes'", ["it's", " $$ ", "yes"]),
        ("postgresql", 'SELECT "9", 1.5, 12', ["1.5", "12"]),
        ("mysql", "SELECT 'a\\'b', \"c\", 0x41 # 'no'\n, 5", ["a'b", "c", "0x41", "5"]),
        ("mysql", "SELECT /*! 'yes' */ 1", ["yes", "1"]),
        ("mysql", "SELECT 'open", ["open"]),
    ],
)
def test_values_are_those_that_the_server_sees(dialect: Dialect, text: str, values: list[str]) -> None:
    assert list(read_sql(text, dialect).values) == values


def test_names_are_identifiers_and_not_strings() -> None:
    assert "honey" in read_sql('SELECT * FROM public."Honey"', "postgresql").names
    assert "honey" in read_sql("SELECT * FROM `HONEY`", "mysql").names
    assert "honey" in read_sql("SELECT * FROM /*!50000 honey */", "mysql").names
    for text in ("SELECT 'honey'", "SELECT 1 -- honey", "SELECT 1 /* honey */", "SELECT $$honey$$"):
        assert "honey" not in read_sql(text, "postgresql").names


def test_a_statement_that_mysql_prepares_is_a_string() -> None:
    found = read_sql("PREPARE p FROM 'SELECT * FROM honey WHERE id = 7'", "mysql")
    assert "honey" in found.names
    assert "7" in found.values


def change(name: str, value: str = "", parameter: int = 0, *, local: bool = False) -> SettingChange:
    return SettingChange(name, value, parameter, local=local)


@pytest.mark.parametrize(
    ("dialect", "text", "changes"),
    [
        ("postgresql", "SET trapline.reason = 'case ''7'", [change("reason", "case '7")]),
        ("postgresql", "set session app.actor to anna", [change("actor", "anna")]),
        ("postgresql", "SET LOCAL trapline.reason TO 'x'", [change("reason", "x", local=True)]),
        ("postgresql", "SET trapline.reason TO DEFAULT", [change("reason")]),
        ("postgresql", "SELECT set_config('trapline.reason', $2::text, true)", [change("reason", "", 2, local=True)]),
        ("postgresql", "RESET trapline.reason; DISCARD ALL", [change("reason"), change("")]),
        ("postgresql", "SELECT 'set trapline'", []),
        ("mysql", "SET @trapline_reason = 'case 7', @app_actor := 'anna'",
         [change("reason", "case 7"), change("actor", "anna")]),
        ("mysql", "SET trapline.reason = 'x'", []),
    ],
)  # fmt: skip
def test_settings(dialect: Dialect, text: str, changes: list[SettingChange]) -> None:
    assert list(read_sql(text, dialect).changes) == changes


@pytest.mark.parametrize(
    ("text", "made", "used"),
    [
        ("DECLARE c BINARY CURSOR FOR SELECT 1", "c", ""),
        ('DECLARE "My one" CURSOR FOR SELECT 1', "my one", ""),
        ("FETCH FORWARD 10 FROM c;", "", "c"),
        ('MOVE ALL IN "My one"', "", "my one"),
        ("PREPARE p (int) AS SELECT $1", "p", ""),
        ("EXECUTE p(7)", "", "p"),
        ("SELECT 1", "", ""),
    ],
)
def test_what_later_statements_go_back_to(text: str, made: str, used: str) -> None:
    found = read_sql(text, "postgresql")
    assert (found.makes, found.uses) == (made, used)


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ('COPY public."People" (id, "Name") TO stdout', CopiedTable("public", "people", ("id", "name"))),
        ("copy people to stdout with csv", CopiedTable("", "people", ())),
        ("COPY (SELECT * FROM people) TO STDOUT", CopiedTable("", "", ())),
        ("COPY people FROM STDIN", None),
    ],
)
def test_what_is_copied(text: str, copied: CopiedTable | None) -> None:
    assert read_sql(text, "postgresql").copied == copied


@pytest.mark.parametrize(
    "text",
    [
        "ALTER ROLE x PASSWORD 'geheim'",
        "ALTER ROLE x WITH ENCRYPTED PASSWORD E'ge\\'heim' geheim".replace(" geheim", ""),
        "CREATE USER a IDENTIFIED BY 'geheim'",
        'CREATE USER a IDENTIFIED WITH caching_sha2_password BY "geheim"',
        "SET PASSWORD FOR a = PASSWORD('geheim')",
        "SET PASSWORD = 'geheim",
    ],
)
def test_passwords_are_left_out(text: str) -> None:
    assert "heim" not in without_secrets(text)


@given(
    st.text(alphabet="'\"`$/*-#\\;@abse(), \n7xEcopytdrli_.=:", max_size=300),
    st.sampled_from(["postgresql", "mysql"]),
)
def test_anything_at_all_is_read(text: str, dialect: Dialect) -> None:
    read_sql(text, dialect)
    without_secrets(text)
