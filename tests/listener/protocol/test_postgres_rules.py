"""Refusals by rule: the words of a statement to the words of the server."""

from __future__ import annotations

import pytest

from listener.protocol.postgres_rules import plain, refused


@pytest.mark.parametrize(
    ("statement", "code", "text"),
    [
        ("create database x", b"42501", b"permission denied to create database"),
        ("CREATE SCHEMA s", b"42501", b"permission denied for database crm"),
        ("CREATE TABLESPACE \"T\" LOCATION '/a'", b"42501", b'permission denied to create tablespace "T"'),
        ("CREATE INDEX i ON public.Members (id)", b"42501", b"must be owner of table members"),
        ("COPY t FROM PROGRAM 'id'", b"42501", b"pg_execute_server_program"),
        ("GRANT nobody TO ann", b"42704", b'role "nobody" does not exist'),
        ("ALTER SYSTEM SET a = 1", b"42501", b'permission denied to set parameter "a"'),
    ],
)
def test_code_and_text(statement: str, code: bytes, text: bytes) -> None:
    found = refused(statement, "crm")
    assert found is not None
    assert b"\0C" + code + b"\0" in found.said
    assert text in found.said


def test_a_query_is_none_of_them() -> None:
    assert refused("SELECT * FROM members", "crm") is None


def test_names_are_written_small_unless_in_quotes() -> None:
    assert (plain("Members"), plain('"Members"'), plain('public."M"')) == ("members", "Members", "public.M")
