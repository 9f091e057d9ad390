"""The ledger of sends: announced, approved by a second person where that is asked for, matched, counted, revoked."""

from __future__ import annotations

import pytest

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.sensors import sends

TEXT = "Hello {name}, all clear."


def known(home: Home) -> list[sends.AuthorisedSend]:
    with home.store.read() as connection:
        return sends.sends(connection, home)


def held(
    home: Home, text: str = "Hello June, all clear.", list_: str = "subscribers", at: str = ""
) -> tuple[str, str]:
    return sends.held_against(known(home), [list_], [["other form", text]], at or home.now())


def test_an_announced_send_is_an_entry_and_matches_its_copies(any_home: Home) -> None:
    home = any_home
    made = sends.authorise(home, "subscribers", TEXT, 5)
    assert held(home) == (made, "")
    with home.store.write() as connection:
        sends.count_copies(connection, [made, made])
    (one,) = known(home)
    assert (one.copies, one.list, one.text, one.by, one.state) == (
        2,
        "subscribers",
        TEXT,
        home.operator,
        "authorised",
    )
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "setting")
    assert (entry.body["authorised"], entry.body["list"]) == (made, "subscribers")
    assert "all clear" not in str(entry.body), "the words' hash is enough"


def test_why_nothing_matches_is_said(home: Home) -> None:
    assert held(home)[1] == "none was announced for this list"
    sends.authorise(home, "subscribers", TEXT, 5)
    assert held(home, list_="staff")[1] == "none was announced for this list"
    assert held(home, at="2020-01-01T00:00:00.000000Z")[1] == "none for this list is open at this time"
    assert held(home, "Turn yourself in.")[1] == "none of those that are open for this list has these words"
    sends.revoke(home, known(home)[0].id, "a mistake")
    assert held(home)[1] == "the one with these words is revoked"


def test_it_takes_two_where_that_is_asked_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAPLINE_TRAPS_SENSORS_TWO_PEOPLE", "true")
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    home = Home.open(home.path)
    made = sends.authorise(home, "subscribers", TEXT, 5)
    assert held(home)[1] == "the one with these words is proposed"
    with pytest.raises(TraplineError, match="another operator"):
        sends.approve(home, made)
    monkeypatch.setenv("TRAPLINE_OPERATOR", "bob")
    sends.approve(home, made[:12])
    assert held(home) == (made, "")
    assert known(home)[0].approved_by == "bob"
    with pytest.raises(TraplineError, match="nothing to approve"):
        sends.approve(home, made)
    home.close()


@pytest.mark.parametrize(
    ("list_", "text", "minutes"),
    [("", "x", 5), ("l", " ", 5), ("l", "x", 0), ("l", "x", 10**6), ("l", "{a} {b}", 5)],
)
def test_what_cannot_be_announced_is_refused_and_leaves_nothing(
    home: Home, list_: str, text: str, minutes: int
) -> None:
    with pytest.raises(TraplineError):
        sends.authorise(home, list_, text, minutes)
    assert known(home) == []


def test_a_send_that_is_not_there_is_said(home: Home) -> None:
    for act in (sends.approve, sends.revoke):
        with pytest.raises(NotFoundError):
            act(home, "0123")


@pytest.mark.parametrize("name", ["", " ", "%", "________", "0"])
def test_what_is_no_id_names_no_send(home: Home, name: str) -> None:
    """Not even where there is only one: an empty variable of a script must revoke nothing."""
    sends.authorise(home, "subscribers", TEXT, 5)
    with pytest.raises(NotFoundError, match="is not the id of a send"):
        sends.revoke(home, name)
    assert known(home)[0].state == sends.AUTHORISED


def test_an_approval_does_not_undo_what_was_revoked_meanwhile(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sends, "two_people", lambda _home: True)
    made = sends.authorise(home, "subscribers", TEXT, 5, by="alice")
    before = sends.one(home, made)
    sends.revoke(home, made)
    monkeypatch.setattr(sends, "one", lambda _home, _id: before)
    with pytest.raises(TraplineError, match="changed meanwhile"):
        sends.approve(home, made)
    monkeypatch.undo()
    assert known(home)[0].state == sends.REVOKED
    with pytest.raises(TraplineError, match="revoked already"):
        sends.revoke(home, made)
    with home.store.read() as connection:
        assert len(list(home.reader.entries(connection, "setting"))) == 2


def test_every_part_of_a_message_must_be_announced(home: Home) -> None:
    """Mail programs show the HTML: an announced text beside it must not vouch for it."""
    made = sends.authorise(home, "subscribers", "All clear", 5)

    def found(*parts: list[str]) -> str:
        return sends.held_against(known(home), ["subscribers"], parts, home.now())[0]

    assert found(["All clear"], ["<b>All</b> clear", "All clear"]) == made
    assert found(["All clear"], ["Turn yourself in."]) == ""
    assert found([""]) == ""
