"""A second person's approval: asked for by doing it, given by another who may do the same, used once."""

from __future__ import annotations

import pytest

from canaries.accounts import accounts, approvals
from canaries.accounts.approvals import NeedsApprovalError
from canaries.accounts.permissions import Actor, actor
from canaries.core import settings
from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError, NotFoundError, SettingsError, TraplineError
from canaries.installation.home import Home

ABOUT = "hit 0123"


@pytest.fixture
def asked(home: Home) -> Home:
    """An installation in which raw requests need a second person."""
    home.clock = FixedClock(home.clock.now())
    path = home.path / settings.FILE
    path.write_text(path.read_text() + '\n[console]\napprovals = ["raw", "accounts"]\n')
    home.__dict__.pop("settings", None)
    return home


def somebody(home: Home, name: str, role: str) -> Actor:
    made, _ = accounts.add(home, name, role)
    return actor(made.id, name, role)


def acting(home: Home, who: Actor) -> Home:
    return home.acting(who.name, who.allowed)


def ask(home: Home, who: Actor, reason: str = "counsel asked") -> str:
    with pytest.raises(NeedsApprovalError, match="another operator has to approve") as refused:
        approvals.require(acting(home, who), who, "raw", ABOUT, reason)
    return refused.value.sentence.partition("request ")[2].partition(" ")[0]


def test_asked_approved_done_once_and_each_step_is_an_entry(asked: Home) -> None:
    ana, ben = somebody(asked, "ana", "analyst"), somebody(asked, "ben", "analyst")
    id_ = ask(asked, ana)
    assert ask(asked, ana) == id_, "it waits already"
    assert len(approvals.listing(asked, ben)) == 1
    done = approvals.decide(acting(asked, ben), ben, id_, "seen the letter", approve=True)
    assert (done.state, done.by, done.decided_by, done.reason) == ("approved", "ana", "ben", "counsel asked")
    for who, deed, about in ((ben, "raw", ABOUT), (ana, "raw", "hit 9999"), (ana, "accounts", ABOUT)):
        with pytest.raises(NeedsApprovalError):  # for this person, this deed, this thing
            approvals.require(acting(asked, who), who, deed, about, "x")
    approvals.require(acting(asked, ana), ana, "raw", ABOUT, "counsel asked")
    with pytest.raises(NeedsApprovalError):
        approvals.require(acting(asked, ana), ana, "raw", ABOUT, "once more")
    with asked.store.read() as connection:
        said = [one for one in asked.reader.entries(connection, "account") if one.body.get("request") == id_]
    assert [(one.body["act"], one.by, one.body["reason"]) for one in said] == [
        ("approval-asked", "ana", "counsel asked"),
        ("approved", "ben", "seen the letter"),
        ("approval-used", "ana", "counsel asked"),
    ]


def test_what_is_not_named_and_who_has_the_keys_is_asked_nothing(asked: Home) -> None:
    approvals.require(asked, somebody(asked, "ana", "analyst"), "dossier", "incident 1", "x")
    approvals.require(asked, None, "raw", ABOUT, "x")
    assert approvals.listing(asked, None) == []


def test_who_cannot_decide(asked: Home) -> None:
    ana, id_ = somebody(asked, "ana", "analyst"), ""
    id_ = ask(asked, ana)
    with pytest.raises(AccessError, match="asked for themselves"):
        approvals.decide(acting(asked, ana), ana, id_, "me", approve=True)
    for name, role in (("pat", "planter"), ("aud", "auditor")):
        other = somebody(asked, name, role)
        assert approvals.listing(asked, other) == []
        with pytest.raises(NotFoundError):
            approvals.decide(acting(asked, other), other, id_, "x", approve=True)
    boss = somebody(asked, "boss", "admin")
    with pytest.raises(NeedsApprovalError):
        approvals.require(acting(asked, boss), boss, "accounts", "x: role admin", "x")
    ben = somebody(asked, "ben", "analyst")
    of_accounts = next(one for one in approvals.listing(asked, boss) if one.deed == "accounts")
    with pytest.raises(NotFoundError):  # an analyst may not do that themselves
        approvals.decide(acting(asked, ben), ben, of_accounts.id, "x", approve=True)
    with pytest.raises(TraplineError, match="needs a reason"):
        approvals.decide(acting(asked, ben), ben, id_, " ", approve=True)


def test_refused_is_refused_and_can_be_asked_again(asked: Home) -> None:
    ana, ben = somebody(asked, "ana", "analyst"), somebody(asked, "ben", "analyst")
    id_ = ask(asked, ana)
    assert approvals.decide(acting(asked, ben), ben, id_, "no need", approve=False).state == "refused"
    with pytest.raises(TraplineError, match="does not wait any more"):
        approvals.decide(acting(asked, ben), ben, id_, "after all", approve=True)
    assert ask(asked, ana) != id_


def test_requests_and_approvals_end(asked: Home) -> None:
    assert isinstance(asked.clock, FixedClock)
    ana, ben = somebody(asked, "ana", "analyst"), somebody(asked, "ben", "analyst")
    id_ = ask(asked, ana)
    asked.clock.advance(days=7)
    assert approvals.find(asked, ben, id_).state == "expired"
    with pytest.raises(TraplineError, match="does not wait any more"):
        approvals.decide(acting(asked, ben), ben, id_, "late", approve=True)
    later = ask(asked, ana)
    approvals.decide(acting(asked, ben), ben, later, "yes", approve=True)
    asked.clock.advance(days=1)
    with pytest.raises(NeedsApprovalError):
        approvals.require(acting(asked, ana), ana, "raw", ABOUT, "too late")


def test_an_unknown_deed_is_refused_by_name_and_the_names_are_those_of_the_table() -> None:
    with pytest.raises(SettingsError, match="choose from reveal, raw, dossier, accounts"):
        settings.parse({"console": {"approvals": ["everything"]}}, {})
    assert settings.parse({"console": {"approvals": list(approvals.DEEDS)}}, {}).console.approvals
