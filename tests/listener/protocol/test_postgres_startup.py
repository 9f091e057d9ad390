"""A StartupMessage is read as PostgreSQL reads it, and refused in its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.postgres_startup import StartupRefusedError, startup_values


def test_names_and_values() -> None:
    assert startup_values(b"user\0ann\0user\0bob\0database\0x\0\0") == {"user": "bob", "database": "x"}
    assert startup_values(b"\0") == {}


@pytest.mark.parametrize("body", [b"", b"user\0", b"user\0ann\0", b"user\0ann\0\0more", b"user"])
def test_a_list_that_does_not_end_where_it_must(body: bytes) -> None:
    with pytest.raises(StartupRefusedError) as refused:
        startup_values(body)
    assert b"invalid startup packet layout" in refused.value.said


@pytest.mark.parametrize("value", ["maybe", "", "o", "2", "Database"])
def test_no_kind_of_replication(value: str) -> None:
    with pytest.raises(StartupRefusedError) as refused:
        startup_values(b"user\0ann\0replication\0" + value.encode() + b"\0\0")
    assert b'invalid value for parameter "replication"' in refused.value.said
    assert refused.value.values["user"] == "ann", "kept for the record"


@pytest.mark.parametrize("value", ["true", "T", "on", "of", "1", "database", "yes"])
def test_kinds_of_replication(value: str) -> None:
    assert startup_values(b"replication\0" + value.encode() + b"\0\0") == {"replication": value}


@given(st.binary(max_size=80))
def test_nothing_hostile_raises_another_error(body: bytes) -> None:
    try:
        startup_values(body)
    except StartupRefusedError:
        return
