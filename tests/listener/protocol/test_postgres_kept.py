"""What a session of PostgreSQL keeps; each value as release 15 shows it."""

from __future__ import annotations

import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import postgres_kept, sql_answers, sql_sessions
from listener.protocol.postgres_kept import KeptSettings
from listener.protocol.sql_answers import SqlDone, SqlRows


def shown(kept: KeptSettings, text: str) -> object:
    """The value in the last answer of a batch."""
    session = sql_sessions.postgres("15.4 (Debian)", "gcc", "app", "crm", zone="Etc/UTC", kept=kept)
    for answer in sql_answers.answers(text, session):
        if isinstance(answer, SqlDone):  # as `postgres_blocks` does it
            kept.take(answer.words)
    assert isinstance(answer, SqlRows)
    return answer.rows[0][0]


@pytest.fixture
def kept() -> KeptSettings:
    made = KeptSettings()
    made.begin("Etc/UTC", {"user": "app", "application_name": "psql", "DateStyle": "ISO"})
    return made


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("statement_timeout=5", "statement_timeout", "5ms"), ("statement_timeout='5000'", "statement_timeout", "5s"),
        ("statement_timeout TO '90min'", "statement_timeout", "90min"), ("lock_timeout=0", "lock_timeout", "0"),
        ("application_name TO 'x y'", "application_name", "x y"), ("datestyle = 'german'", "datestyle", "German, DMY"),
        ("TIME ZONE 'Europe/Berlin'", "timezone", "Europe/Berlin"), ("NAMES 'latin1'", "client_encoding", "LATIN1"),
        ("client_encoding TO 'utf-8'", "client_encoding", "UTF8"), ("SESSION work_mem='64MB'", "work_mem", "64MB"),
        ('search_path TO a, "B", public', "search_path", 'a, "B", public'), ("my.var='7'", "my.var", "7"),
        ("standard_conforming_strings=0", "standard_conforming_strings", "off"),
        ("intervalstyle='ISO_8601'", "intervalstyle", "iso_8601"), ("extra_float_digits=3", "extra_float_digits", "3"),
        ("lock_timeout TO DEFAULT", "lock_timeout", "0"),
    ],
)  # fmt: skip
def test_what_is_set_is_shown_as_the_server_writes_it(
    kept: KeptSettings, said: str, name: str, value: str
) -> None:
    assert shown(kept, f"SET {said}; SHOW {name}") == value
    assert shown(kept, f"SHOW {name}") == value


def test_what_the_client_wants_from_the_start_is_what_reset_leads_back_to(kept: KeptSettings) -> None:
    assert shown(kept, "SHOW application_name") == "psql"
    assert shown(kept, "SET application_name=other; SET my.a=1; SHOW application_name") == "other"
    assert shown(kept, "RESET application_name; SHOW application_name") == "psql"
    assert shown(kept, "SET search_path=a; DISCARD ALL; SHOW search_path") == '"$user", public'
    assert kept.values == {}


def test_drivers_are_told_of_some_once(kept: KeptSettings) -> None:
    shown(kept, "SET datestyle=german; SET work_mem='1MB'; SET TIME ZONE 'UTC'; SELECT 1")
    assert kept.changed() == {"DateStyle": "German, DMY", "TimeZone": "UTC"}
    assert kept.changed() == {}
    shown(kept, "DISCARD ALL; SELECT 1")
    assert kept.changed() == {"DateStyle": "ISO, MDY", "TimeZone": "Etc/UTC"}


def test_times_are_told_in_the_zone_that_was_set(kept: KeptSettings) -> None:
    assert str(shown(kept, "SELECT now()")).endswith("+00")
    shown(kept, "SET TIME ZONE 'Asia/Tokyo'; SELECT 1")
    assert str(shown(kept, "SELECT now()")).endswith("+09")
    shown(kept, "SET timezone TO 'nowhere'; SELECT 1")
    assert str(shown(kept, "SELECT now()")).endswith("+00")


def test_what_is_kept_is_bounded(kept: KeptSettings) -> None:
    for number in range(200):
        kept.take(f"SET my.v{number} = '{'x' * 5000}'")
    assert len(kept.values) == 64
    assert max(len(str(value)) for value in kept.values.values()) < 300


@given(st.text(alphabet="SETRESETDISCARD ALL time zone=to'\",a.;datestyle", max_size=60))
def test_any_statement_is_taken_or_passed_over(text: str) -> None:
    kept = KeptSettings()
    kept.take(text)
    kept.take(f"SET datestyle = {text}")
    kept.take(f"SET search_path TO {text}")


def test_the_systems_time_zones_are_looked_for_once_at_most(
    kept: KeptSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That walks folders, and a session tells the time with every statement."""
    calls: list[None] = []
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: calls.append(None) or {"Europe/Berlin"})
    postgres_kept._zones.cache_clear()
    shown(kept, "SELECT 1")
    assert not calls
    for _ in range(3):
        assert shown(kept, "SET TIME ZONE 'Europe/Berlin'; SHOW timezone") == "Europe/Berlin"
    assert len(calls) == 1
    postgres_kept._zones.cache_clear()
