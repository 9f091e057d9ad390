"""What is refused, in the words and numbers of MySQL."""

from __future__ import annotations

import pytest

from canaries.crypto.seeded_random import SeededRandom
from listener.protocol.mysql_refusals import refusal, statistics
from listener.protocol.sql_answers import SqlRefused


@pytest.mark.parametrize(
    ("refused", "database", "said"),
    [
        (
            SqlRefused("crm.members", "SELECT"),
            "crm",
            b"\xff\x76\x04#42000SELECT command denied to user 'a'@'h' for table 'members'",
        ),
        (
            SqlRefused("t", "DESCRIBE"),
            "",
            b"\xff\x76\x04#42000SELECT command denied to user 'a'@'h' for table 't'",
        ),
        (SqlRefused("c", "SELECT", "column"), "", b"\xff\x1e\x04#42S22Unknown column 'c' in 'field list'"),
        (SqlRefused("v", "SELECT", "variable"), "", b"\xff\xa9\x04#HY000Unknown system variable 'v'"),
        (SqlRefused("f", "SELECT", "function"), "crm", b"\xff\x19\x05#42000FUNCTION crm.f does not exist"),
        (
            SqlRefused("", "GRANT"),
            "crm",
            b"\xff\x14\x04#42000Access denied for user 'a'@'h' to database 'crm'",
        ),
        (SqlRefused("", "GRANT"), "", b"\xff\x16\x04#3D000No database selected"),
    ],
)
def test_each_refusal_has_its_number_and_its_words(refused: SqlRefused, database: str, said: bytes) -> None:
    assert refusal(refused, "a", "h", database) == said


def test_statistics_grow_with_the_time() -> None:
    stream = SeededRandom(bytes(32))
    first, second = (
        int(statistics(stream, at * 1_000_000).split()[1]) for at in (1_795_902_638, 1_795_902_698)
    )
    assert second - first == 60
    assert b"  Queries per second avg: 0." in statistics(stream, 0)
