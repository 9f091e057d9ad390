"""Prepared statements and savepoints: held beside MariaDB (`test_mysql_beside_mariadb`); here their bounds."""

from __future__ import annotations

from listener.protocol import sql_answers, sql_sessions
from listener.protocol.sql_answers import SqlDone, SqlRefused
from listener.protocol.sql_values import SqlValue


def said(kept: dict[str, SqlValue], *statements: str) -> object:
    answer: object = None
    for statement in statements:
        session = sql_sessions.mysql("8.0.36", ("ann", "h"), "crm", 1, kept=kept)
        answer = next(sql_answers.answers(statement, session))
    return answer


def test_what_is_kept_is_bounded() -> None:
    kept: dict[str, SqlValue] = {}
    said(kept, "BEGIN", *(f"SAVEPOINT s{number}" for number in range(200)))
    assert isinstance(said(kept, "ROLLBACK TO s199"), SqlDone)
    assert isinstance(said(kept, "ROLLBACK TO s0"), SqlRefused)
    said(kept, *(f"PREPARE p{number} FROM 'SELECT 1'" for number in range(400)))
    assert len(kept) <= 257
    assert max(len(str(value)) for value in kept.values()) <= 4096


def test_no_statement_reads_what_is_kept_under_no_name() -> None:
    kept: dict[str, SqlValue] = {}
    said(kept, "BEGIN", "SAVEPOINT s", "PREPARE p FROM 'SELECT 1'")
    for name in kept:
        assert isinstance(said(kept, f"SELECT `{name}`"), SqlRefused)
