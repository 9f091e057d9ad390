"""What is held about somebody beside the ledger: canaries that name them, their account, where they signed in."""

from __future__ import annotations

from sqlalchemy import insert

from canaries.accounts import accounts
from canaries.core import store
from canaries.installation.home import Home
from canaries.mint import amending, minting
from listener.incidents import subject_records


def test_a_canary_names_its_owner_recipient_and_memo_also_after_a_change(home: Home) -> None:
    first = next(minting.mint(home, "url", recipient="Ida Roe", memo="for Jan")).canary
    next(minting.mint(home, "url", recipient="Somebody Else"))
    amending.amend(home, [first], recipient="Kim Doe", reason="moved")
    for person in ("Ida Roe", "Jan", "Kim Doe"):
        (found,) = subject_records.canaries(home, lambda text, person=person: person in text)  # type: ignore[misc]
        assert found.title == f"canary {first.id} (url)"
        assert {"recipient: Ida Roe", "recipient: Kim Doe", "memo: for Jan"} <= set(found.lines)
        assert {"Ida Roe", "Kim Doe"} <= set(found.people)
        assert not [token.value for token in first.tokens if token.value in str(found)], "no bait in clear"
    assert not list(subject_records.canaries(home, lambda text: text == "nobody"))


def test_an_account_has_its_sessions_and_no_secret(home: Home) -> None:
    made, code = accounts.add(home, "alice", "analyst")
    accounts.add(home, "bob", "analyst")
    row = {"digest": bytes(32), "account_id": made.id, "version": 1, "until": "2026-11-23", "used_at": ""}
    with home.store.write() as connection:
        at = {"created_at": "2026-11-22", "network": "203.0.113.7"}
        connection.execute(insert(store.account_session).values(**row, **at))
        failure = {"key": "alice 203.0.113.7", "failures": 3, "at": "2026-11-21", "until": ""}
        connection.execute(insert(store.sign_in_failure).values(**failure))
    (found,) = subject_records.accounts(home, "Alice")
    assert found.title == "account alice"
    assert "role analyst" in found.lines
    assert "session from 203.0.113.7, 2026-11-22 to 2026-11-23" in found.lines
    assert code not in str(found)
    titles = [one.title for one in subject_records.sign_ins(home, "203.0.113.7")]
    assert titles == ["a session from 203.0.113.7", "failed sign-ins from 203.0.113.7"]
    assert not list(subject_records.sign_ins(home, "203.0.113.8"))
