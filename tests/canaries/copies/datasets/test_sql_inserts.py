"""Dumps: a row more in the right statement, strings of both dialects, and nothing taken for what it is not."""

from __future__ import annotations

import sqlite3

import pytest

from canaries.copies.datasets.sql_inserts import SqlInserts
from canaries.core.errors import MintError
from tests.issued import as_sql, subscribers


def test_sqlite_reads_the_rows_that_were_put_in() -> None:
    data = SqlInserts().read(as_sql(subscribers(4)), "")
    fresh = {**data.rows[0], "id": 7, "last_name": "O'Hara"}
    shop = sqlite3.connect(":memory:")
    shop.execute("CREATE TABLE plans (name text)")
    script = data.with_records([(1, SqlInserts().record(fresh, data))])
    shop.executescript(script.decode().replace("COMMIT;", ""))
    assert [one for (one,) in shop.execute("SELECT last_name FROM people LIMIT 2")][1] == "O'Hara"
    assert shop.execute("SELECT name FROM plans").fetchall() == [("a;b",)]


def test_a_statement_for_each_row_and_escapes_with_backslashes() -> None:
    dump = (
        b"INSERT INTO `t` (`id`, `mail`, `at`) VALUES (1, 'it\\'s@x\\\\', NOW()); -- a\n"
        b"INSERT INTO `u` VALUES (9);\n"
        b"INSERT INTO `t` (`id`, `mail`, `at`) VALUES (2, 'b@x', NOW());\n"
    )
    data = SqlInserts().read(dump, "")
    assert [row["mail"] for row in data.rows] == ["it's@x\\", "b@x"]
    made = data.with_records([(1, SqlInserts().record({**data.rows[0], "id": 3}, data))])
    again = SqlInserts().read(made, "t")
    assert [row["id"] for row in again.rows] == [1, 3, 2]
    assert again.rows[1]["mail"] == "it's@x\\"
    assert b"(3, 'it''s@x\\\\', NOW())" in made


@pytest.mark.parametrize(
    ("dump", "table", "said"),
    [
        ("SELECT 1;", "", "no INSERT"),
        ("INSERT INTO t (a) VALUES (1);", "u", "fills a table 'u'"),
        ("INSERT INTO t VALUES (1);", "", "which columns"),
        ("INSERT INTO t (a) VALUES ('x);", "", "cannot be read"),
        ("INSERT INTO t (a) VALUES (1);\nINSERT INTO t (b) VALUES (1);", "", "same columns"),
    ],
)
def test_what_cannot_be_read_is_refused(dump: str, table: str, said: str) -> None:
    with pytest.raises(MintError, match=said):
        SqlInserts().read(dump.encode(), table)


def test_quotes_without_an_end_cost_no_time() -> None:
    with pytest.raises(MintError):
        SqlInserts().read(b"INSERT INTO t (a) VALUES ('" + b"''" * 50_000 + b"a);", "")
