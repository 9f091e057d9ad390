"""Each message exactly once: over restarts, renumbered folders, deletions, and servers that lie about numbers."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert

from canaries.core import store
from canaries.core.errors import StoreAwayError
from canaries.installation.home import Home
from listener.evidence.sighting import Sighting
from listener.following.positions import LogPositions
from listener.mailboxes.imap_session import MailboxError
from listener.mailboxes.mailbox_reader import SORT, MailboxLook, MailboxReader
from listener.mailboxes.mailbox_settings import Mailbox
from tests.listener.mailboxes.lying_server import lying_server, usual
from tests.mail_server import MailServer

Tls = tuple[ssl.SSLContext, Path]


class Taken:
    """Intake's exactly-once, without its hits: what has an id that is known is passed over."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.known: dict[str, Sighting] = {}
        self.offered = 0
        self.fail = False

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int:
        if self.fail:
            raise StoreAwayError("away")
        fresh = [one for one in sightings if one.id not in self.known]
        self.offered += len(sightings)
        self.known |= {one.id: one for one in fresh}
        assert offset is not None
        sort, name, number = segment.split(":")
        LogPositions(self._home.store, name, sort).save({number: offset})
        return len(fresh)

    @property
    def texts(self) -> list[str]:
        """What the messages say, in the order in which they were taken in."""
        return [one.raw.decode("latin-1").rstrip().rpartition("\r\n")[2] for one in self.known.values()]


class Reading:
    """A mailbox with a reader that can be started again."""

    def __init__(self, home: Home, mailbox: Mailbox) -> None:
        self.home, self.mailbox, self.taken = home, mailbox, Taken(home)
        self.reader = MailboxReader(mailbox, home.store, self.taken)

    def restart(self) -> None:
        self.reader.close()
        self.reader = MailboxReader(self.mailbox, self.home.store, self.taken)

    def look(self) -> MailboxLook:
        try:
            return self.reader.look()
        finally:
            self.reader.close()


@pytest.fixture
def reading(home: Home, server: MailServer) -> Reading:
    return Reading(home, server.mailbox())


def test_what_comes_after_the_first_look_is_taken_in_once_over_restarts(
    reading: Reading, server: MailServer
) -> None:
    server.deliver("before")
    assert reading.look() == MailboxLook()
    for number in range(45):
        server.deliver(f"text {number}")
        if number % 20 == 3:
            reading.restart()
            reading.look()
    reading.look()
    reading.restart()
    assert reading.look() == MailboxLook()
    assert reading.taken.texts == [f"text {number}" for number in range(45)]
    assert reading.taken.offered == 45
    assert reading.reader.counts == (45, 0)


def test_a_mailbox_can_be_read_from_its_start(home: Home, server: MailServer) -> None:
    server.deliver("before")
    assert Reading(home, server.mailbox(from_start=True)).look().messages == 1


def test_nothing_is_changed_in_the_mailbox(reading: Reading, server: MailServer) -> None:
    server.deliver("before")
    before = server.flags()
    reading.look()
    server.deliver("behind")
    assert reading.look().messages == 1
    assert [one for one in server.flags() if b"Seen" in one or b"Deleted" in one] == []
    assert server.flags()[: len(before)] == before


def test_a_folder_that_is_numbered_anew_gives_only_what_is_new(reading: Reading, server: MailServer) -> None:
    server.deliver("long before", at=1_790_000_000)
    server.deliver("just before", at=1_790_000_500)
    reading.look()
    server.deliver("first", at=1_790_000_500)
    server.deliver("moved here, and old", at=1_780_000_000)
    assert reading.look().messages == 2
    server.renumber(7)
    server.deliver("second", at=1_790_000_600)
    look = reading.look()
    assert look.news == ["its folder was numbered anew: everything in it is looked at again"]
    assert look.hits == 1
    reading.restart()
    assert reading.look() == MailboxLook()
    assert sorted(reading.taken.texts) == ["first", "moved here, and old", "second"]
    positions = LogPositions(reading.home.store, "june", SORT)
    assert len(positions._known) == 7, "the old numbers are forgotten"


def test_a_database_that_is_away_costs_nothing(reading: Reading, server: MailServer) -> None:
    reading.look()
    server.deliver("one")
    reading.taken.fail = True
    with pytest.raises(StoreAwayError):
        reading.look()
    reading.taken.fail = False
    reading.look()
    assert reading.taken.texts == ["one"]


def test_a_deleted_message_is_no_stumbling_block(reading: Reading, server: MailServer) -> None:
    reading.look()
    server.deliver("one")
    server.empty()
    server.deliver("two")
    reading.look()
    assert reading.taken.texts == ["two"]


def test_a_huge_message_is_kept_in_part(home: Home, server: MailServer) -> None:
    reading = Reading(home, server.mailbox(kept_bytes=4096))
    reading.look()
    server.deliver("y" * 3_000_000)
    server.deliver("small")
    reading.look()
    large, small = reading.taken.known.values()
    assert (len(large.raw), large.size > 3_000_000) == (4096, True)
    assert small.size == len(small.raw)
    assert reading.look().messages == 0


def test_what_is_known_of_a_message_is_noted(reading: Reading, server: MailServer) -> None:
    reading.look()
    server.deliver("one")
    reading.look()
    (one,) = reading.taken.known.values()
    assert one.trap == "sensors"
    assert one.via == {"how": "mailbox", "chain": ["june"]}
    assert one.source == ("127.0.0.1", 0), "who delivered it only its headers say"
    assert one.notes["address"] == "june.k@provider.example"
    assert one.notes["uid"]
    since, arrived = one.notes["since"], one.notes["arrived"]
    assert isinstance(since, int)
    assert isinstance(arrived, int)
    assert arrived * 1_000_000 <= one.observed_at
    assert since <= one.observed_at


class Liar:
    """A server with one folder, whose numbers a test can bend."""

    def __init__(self) -> None:
        self.validity, self.next_uid = 1, 10
        self.messages: dict[int, bytes] = {}
        self.unreadable: set[int] = set()
        self.extra = b""

    def script(self, tag: str, command: str) -> bytes:
        words = command.split()
        if words[0] == "EXAMINE":
            said = b"* %d EXISTS\r\n* OK [UIDVALIDITY %d]\r\n" % (len(self.messages), self.validity)
            return usual(tag, command, EXAMINE=said + b"* OK [UIDNEXT %d]\r\n" % self.next_uid)
        if words[:2] == ["UID", "SEARCH"]:
            found = b" ".join(b"%d" % one for one in self.messages)
            return usual(tag, command, SEARCH=b"* SEARCH %s\r\n%s" % (found, self.extra))
        if words[:2] == ["UID", "FETCH"]:
            uid = max(self.messages, default=0) if words[2] == "*" else int(words[2])
            content = self.messages.get(uid)
            if content is None or uid in self.unreadable:
                return usual(tag, command)
            said = b'* 1 FETCH (UID %d INTERNALDATE "17-Jul-2026 02:44:25 +0000" BODY[]<0> {%d}\r\n%s)\r\n'
            return usual(tag, command, FETCH=said % (uid, len(content), content))
        return usual(tag, command)


def message(text: str) -> bytes:
    return f"Subject: x\r\n\r\n{text}\r\n".encode()


def test_numbers_beyond_those_that_are_to_come_move_nothing(home: Home, server_tls: Tls) -> None:
    """A server that says 4294967295 once would else have us blind for everything behind it."""
    liar = Liar()
    with lying_server(server_tls, liar.script) as server:
        reading = Reading(home, server.mailbox())
        reading.look()
        liar.messages = {12_000: message("beyond")}
        look = reading.look()
        assert look.problems == ["the server gives message 12000, and says that the next one will be 10"]
        liar.messages = {10: message("a real one")}
        liar.next_uid = 11
        reading.look()
        assert sorted(reading.taken.texts) == ["a real one", "beyond"]


def test_a_first_look_at_a_liar_blinds_nobody(home: Home, server_tls: Tls) -> None:
    liar = Liar()
    liar.next_uid = 4_294_967_295
    with lying_server(server_tls, liar.script) as server:
        reading = Reading(home, server.mailbox())
        reading.look()
        liar.messages = {3: message("one")}
        reading.look()
        assert reading.taken.texts == ["one"]


def test_numbers_that_go_down_and_come_twice_are_one_message_each(home: Home, server_tls: Tls) -> None:
    liar = Liar()
    with lying_server(server_tls, liar.script) as server:
        reading = Reading(home, server.mailbox())
        reading.look()
        liar.messages = {7: message("seven"), 4: message("four"), 5: message("seven")}
        liar.extra = b"* SEARCH 7 7 4 0\r\n"
        reading.look()
        assert reading.taken.texts == ["four", "seven"], "what is the same byte for byte is one message"


def test_a_validity_that_flips_is_read_again_and_taken_in_once(home: Home, server_tls: Tls) -> None:
    liar = Liar()
    with lying_server(server_tls, liar.script) as server:
        reading = Reading(home, server.mailbox(from_start=True))
        liar.messages = {1: message("one"), 2: message("two")}
        for validity in (1, 2, 1, 2, 3):
            liar.validity = validity
            reading.look()
        assert reading.taken.texts == ["one", "two"]
        assert reading.taken.offered == 10


def test_a_message_that_is_never_handed_over_is_recorded_without_its_words(
    home: Home, server_tls: Tls
) -> None:
    """That it reached the mailbox is known: it is no way past the alarm. And it stops nothing behind it."""
    liar = Liar()
    with lying_server(server_tls, liar.script) as server:
        reading = Reading(home, server.mailbox())
        reading.look()
        liar.messages, liar.unreadable = {3: message("one"), 4: message("two")}, {3}
        assert reading.look().problems == []
        assert reading.taken.texts == ["two"]
        reading.restart()
        for _ in range(2):
            assert reading.look().problems == []
        assert reading.look().problems == [
            "message 3 cannot be fetched: that it came is all that is recorded"
        ]
        (bare,) = [one for one in reading.taken.known.values() if not one.raw]
        assert bare.notes["unread"]
        assert reading.look().messages == 0
        assert reading.reader.counts[1] == 1


def test_one_look_at_many_messages_has_an_end(
    home: Home, server_tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.mailboxes.mailbox_reader._MOST", 30)
    liar = Liar()
    liar.next_uid = 71
    with lying_server(server_tls, liar.script) as server:
        reading = Reading(home, server.mailbox(from_start=True))
        liar.messages = {one: message(f"text {one}") for one in range(1, 71)}
        assert [reading.look().more for _ in range(3)] == [True, True, False]
        assert len(reading.taken.known) == 70
        assert reading.taken.offered == 70


def test_a_session_that_the_server_ended_meanwhile_is_opened_anew(home: Home, server_tls: Tls) -> None:
    liar = Liar()
    with lying_server(server_tls, liar.script) as server:
        reader = MailboxReader(server.mailbox(), home.store, Taken(home))
        reader.look()
        server.script = lambda tag, command: b"* BYE\r\n"
        with pytest.raises(MailboxError):
            reader.look()
        server.script = liar.script
        reader.look()
        ends = ["EXAMINE"]
        server.script = lambda tag, said: (
            b"* BYE\r\n" if said.split()[0] in ends and ends.pop() else liar.script(tag, said)
        )
        reader.look()
        assert ends == [], "it was ended, and nobody is told"
        reader.close()


def test_other_positions_are_left_alone(home: Home, server: MailServer) -> None:
    with home.store.write() as connection:
        row = {"segment": "log:june:seen", "offset": 5, "done": False}
        connection.execute(insert(store.drained).values(**row))
    Reading(home, server.mailbox()).look()
    assert LogPositions(home.store, "june").seen_at == 5
