"""Mailboxes that nobody looks into, and messages that could not be fetched, are told."""

from __future__ import annotations

from canaries.core.clock import parse_rfc3339
from canaries.installation.home import Home
from listener.following.positions import LogPositions
from listener.health.checks.mailboxes import MailboxesCheck
from listener.health.state import Level
from listener.mailboxes.mailbox_reader import SORT
from tests.listener.health.conftest import Look


def test_each_mailbox_is_told_as_it_is(home: Home, look: Look) -> None:
    assert look(MailboxesCheck) == []
    with (home.path / "trapline.toml").open("a") as file:
        file.write(
            '\n[mailboxes.june]\nhost = "imap.x.example"\nuser = "june@x.example"\npassword = "geheim"\n'
        )
    (part,) = look(MailboxesCheck)
    assert (part.part, part.level, part.says) == ("mailbox june", Level.NOTE, "was never looked into")
    now = int(parse_rfc3339(home.now()).timestamp())
    LogPositions(home.store, "june", SORT).looked(now, 3, 0)
    (part,) = look(MailboxesCheck, {})
    assert part.level is Level.WELL
    assert part.says.startswith("3 messages came, the last look that was noted at ")
    LogPositions(home.store, "june", SORT).looked(now, 1, 1)
    (part,) = look(MailboxesCheck)
    assert part.level is Level.NOTE
    assert part.says.endswith("1 of them could not be fetched")


def test_one_that_is_no_longer_looked_into_is_failing_and_one_in_trouble_is_told_once(
    home: Home, look: Look
) -> None:
    with (home.path / "trapline.toml").open("a") as file:
        file.write(
            '\n[mailboxes.june]\nhost = "imap.x.example"\nuser = "june@x.example"\npassword = "geheim"\n'
        )
    LogPositions(home.store, "june", SORT).looked(int(parse_rfc3339(home.now()).timestamp()) - 2000, 0, 0)
    (part,) = look(MailboxesCheck, {})
    assert part.level is Level.FAILING
    assert "nobody looks into it" in part.says
    assert look(MailboxesCheck)[0].level is Level.WELL, "without a listener its own check says so"
    waits = {"back": {"report": {"parts": {"mailbox june": {"state": "waits", "problem": "away"}}}}}
    assert look(MailboxesCheck, waits) == []
