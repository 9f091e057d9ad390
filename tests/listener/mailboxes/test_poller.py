"""A mailbox that cannot be read is told once and tried again, later where trying harms; the password is nowhere."""

from __future__ import annotations

import threading

import pytest

from canaries.core.errors import StoreAwayError
from canaries.installation.home import Home
from listener.mailboxes.mailbox_settings import Mailbox
from listener.mailboxes.poller import MailboxPoller, SharedTaker
from tests.listener.mailboxes.test_mailbox_reader import Taken
from tests.mail_server import MailServer


class Poll:
    """A poller and what it told."""

    def __init__(self, home: Home, mailbox: Mailbox) -> None:
        self.taken, self.said, self.told = Taken(home), list[str](), list[str]()
        self.settled = 0
        self.poller = MailboxPoller(
            mailbox,
            home.store,
            SharedTaker(self.taken),
            say=self.said.append,
            told=self.told.append,
            settled=self.settle,
        )

    def look(self) -> float:
        try:
            return self.poller.look()
        finally:
            self.poller._reader.close()

    def settle(self) -> None:
        self.settled += 1


def test_a_wrong_password_is_told_once_and_seldom_tried(home: Home, server: MailServer) -> None:
    poll = Poll(home, server.mailbox(password="geheim"))
    assert poll.look() == 300
    assert poll.look() == 300
    assert poll.told == ["the server refused the user or the password"]
    assert poll.said == ["mailbox june: the server refused the user or the password"]


def test_a_server_that_is_away_is_tried_again_and_its_return_is_told(home: Home, server: MailServer) -> None:
    poll = Poll(home, server.mailbox(port=9, seconds=90))
    assert poll.look() == 90
    assert poll.told == ["127.0.0.1 port 9 cannot be reached (ConnectionRefusedError)"]
    poll.poller._reader._mailbox = server.mailbox()
    poll.look()
    assert poll.told[1:] == [""]
    assert poll.said[1:] == ["mailbox june: it is read again"]


def test_a_password_file_that_is_missing_is_told(home: Home, server: MailServer) -> None:
    poll = Poll(home, server.mailbox(password="", password_file="/nothing"))
    poll.look()
    assert poll.told == ["mailboxes.june.password_file cannot be read: No such file or directory"]


def test_what_came_before_is_taken_in_first(home: Home, server: MailServer) -> None:
    """An announcement that is still in the journal would make its own message an alarm."""
    poll = Poll(home, server.mailbox())
    assert poll.look() == 15
    assert poll.settled == 0
    server.deliver("one")
    poll.look()
    assert (poll.settled, poll.taken.texts) == (1, ["one"])
    poll.taken.fail = True
    server.deliver("two")
    with pytest.raises(StoreAwayError):
        poll.look()


def test_it_ends_when_it_is_told_to(home: Home, server: MailServer) -> None:
    stop = threading.Event()
    stop.set()
    poll = Poll(home, server.mailbox())
    poll.poller.run(stop)
    assert poll.said == poll.told == []
