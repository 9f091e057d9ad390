"""What a session has set holds for the statements behind it, for as long as the server says."""

from __future__ import annotations

from listener.wire_proxy.session import SeenStatement, WireSession
from listener.wire_proxy.sql_text import read_sql


def said(session: WireSession, text: str, *parameters: str) -> SeenStatement:
    sql = read_sql(text, "postgresql")
    seen = session.begin(text, sql, "now")
    session.apply(seen.sql.changes, parameters)
    return seen


def test_a_reason_holds_until_it_is_reset_or_its_transaction_ends() -> None:
    session = WireSession("10.0.0.5", 50_000)
    said(session, "SET trapline.reason = 'case 1'")
    assert said(session, "SELECT 1").reason == "case 1"
    said(session, "SELECT set_config('app.actor', $1, false)", "anna")
    said(session, "SET LOCAL trapline.reason = 'case 2'")
    assert (said(session, "SELECT 1").reason, said(session, "SELECT 1").actor) == ("case 2", "anna")
    session.idle()
    assert said(session, "SELECT 1").reason == "case 1"
    said(session, "RESET trapline.reason")
    assert (session.reason, session.actor) == ("", "anna")
    said(session, "DISCARD ALL")
    assert session.actor == ""


def test_a_cursor_is_told_with_the_statement_that_made_it_and_few_are_kept() -> None:
    session = WireSession("", 0)
    said(session, "DECLARE c CURSOR FOR SELECT * FROM people WHERE id = 7")
    seen = said(session, "FETCH ALL FROM c")
    assert seen.text == "FETCH ALL FROM c /* of: DECLARE c CURSOR FOR SELECT * FROM people WHERE id = 7 */"
    assert "people" in seen.sql.names
    assert "7" in seen.sql.values
    for number in range(100):
        said(session, f"DECLARE c{number} CURSOR FOR SELECT 1")
    assert "of:" not in said(session, "FETCH ALL FROM c").text


def test_what_was_told_is_not_told_again() -> None:
    seen = WireSession("", 0).begin("SELECT 1", read_sql("SELECT 1", "postgresql"), "now")
    seen.mark("a")
    seen.bait("row email", "x@y")
    first = seen.taken()
    assert (first.marks, first.found, first.began) == (["a"], [("row email", "x@y")], "now")
    seen.mark("a")
    seen.bait("row email", "x@y")
    assert not seen.touched
    seen.mark("b")
    assert seen.taken().marks == ["b"]
