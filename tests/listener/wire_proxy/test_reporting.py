"""A report is one that the listener takes, however long the statement and however much it touched."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from listener.hook.reporter import encoded
from listener.sensors.report import LARGEST, parse_report
from listener.wire_proxy.reporting import reports
from listener.wire_proxy.session import SeenStatement, WireSession
from listener.wire_proxy.sql_text import read_sql


def seen(text: str, marks: int, found: list[tuple[str, str]]) -> SeenStatement:
    made = SeenStatement(text, read_sql("", "mysql"), "2026-11-27T08:00:00.000000Z", "case 7", "anna")
    made.marks, made.found = [f"{number:032x}" for number in range(marks)], found
    return made


def test_a_large_copy_is_several_reports_of_one_statement() -> None:
    told = list(
        reports(seen("SELECT 1", 450, [("row n", "x" * 5_000)] * 70), WireSession("10.0.0.5", 7), "now")
    )
    parsed = [parse_report(encoded(one)) for one in told]
    assert [len(one.rows) for one in parsed] == [200, 200, 50]
    assert sum(len(one.found) for one in parsed) == 70
    assert len({one.id for one in parsed}) == 3
    assert len({json.dumps(one.facts) for one in parsed}) == 1
    assert parsed[0].facts["client"] == "10.0.0.5"
    assert list(reports(seen("SELECT 1", 0, []), WireSession("", 0), "now")) == []


def test_of_a_long_statement_beginning_and_end_are_told_without_its_secrets() -> None:
    text = "SELECT " + "x" * 9_000 + " PASSWORD 'geheim' /*reason='case%209'*/"
    [told] = reports(seen(text, 1, []), WireSession("", 0), "now")
    assert (len(told["facts"]["query"]), len(told["facts"]["tail"])) == (3_000, 1_000)
    assert told["facts"]["tail"].endswith("PASSWORD '***' /*reason='case%209'*/")
    assert "client" not in told["facts"]


@given(st.text(max_size=400), st.lists(st.tuples(st.text(max_size=20), st.text(max_size=3_000)), max_size=40))
def test_whatever_a_client_sends_is_taken(text: str, found: list[tuple[str, str]]) -> None:
    session = WireSession("10.0.0.5", 1, certificate=text[:60], user=text[:63], application=text)
    for told in reports(
        seen(text * 20, 250, [(where[:128], value) for where, value in found]), session, "now"
    ):
        body = encoded(told)
        assert len(body) <= LARGEST
        parse_report(body)
