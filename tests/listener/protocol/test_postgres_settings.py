"""Settings: what may be changed by whom, and what they are."""

from __future__ import annotations

import pytest

from listener.protocol.postgres_settings import refusal, shown


@pytest.mark.parametrize(
    "statement",
    ["SET work_mem = '64MB'", "SET LOCAL statement_timeout TO 1000", "SET a.b = 'c'", "RESET ALL",
     "SET enable_seqscan = off",
     "SET statement_timeout = DEFAULT", "SET NAMES 'utf8'", "SET application_name = 'x'", "SET extra_float_digits = 3"],
)  # fmt: skip
def test_what_clients_set_is_set(statement: str) -> None:
    assert refusal(statement) is None


@pytest.mark.parametrize(
    ("statement", "code"),
    [("SET nosuch = 1", "42704"), ("SET port = 1", "55P02"), ("SET log_statement = 'all'", "42501"),
     ("SET work_mem = 'x'", "22023"), ("SET enable_seqscan = maybe", "22023"), ("RESET nosuch", "42704")],
)  # fmt: skip
def test_what_is_refused(statement: str, code: str) -> None:
    found = refusal(statement)
    assert found is not None
    assert found[0] == code


def test_what_they_are() -> None:
    assert (shown("work_mem"), shown("SHARED_BUFFERS")) == ("4MB", "128MB")
    assert shown("hba_file")[0] == "42501"
    assert shown("nosuch")[0] == "42704"
