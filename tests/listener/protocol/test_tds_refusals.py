"""Numbers and words of SQL Server's refusals."""

from __future__ import annotations

import pytest

from listener.protocol.sql_answers import SqlRefused
from listener.protocol.tds_refusals import ANYTHING, no_handle, refusal


@pytest.mark.parametrize(
    ("refused", "number", "severity", "text"),
    [
        (SqlRefused("dbo.members", "SELECT"), 229, 14, "object 'members', database 'crm', schema 'dbo'"),
        (
            SqlRefused("xp_cmdshell", "EXEC"),
            229,
            14,
            "The EXECUTE permission was denied on the object 'xp_cmdshell'",
        ),
        (SqlRefused("a", "SELECT", "column"), 207, 16, "Invalid column name 'a'."),
        (SqlRefused("@a", "SELECT", "variable"), 137, 15, '"@a"'),
        (SqlRefused("a", "SELECT", "function"), 195, 15, "'a' is not a recognized built-in function name."),
        (ANYTHING, 916, 14, 'principal "ann" is not able to access the database "crm"'),
    ],
)
def test_each_sort_has_its_number(refused: SqlRefused, number: int, severity: int, text: str) -> None:
    found = refusal(refused, "ann", "crm")
    assert found[:2] == (number, severity)
    assert text in found[2]


def test_a_handle_that_there_is_not_is_named() -> None:
    assert no_handle(7) == (8179, 16, "Could not find prepared statement with handle 7.")
