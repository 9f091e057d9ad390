"""Reading one mailbox: each message that is new there, taken in exactly once.

A message is new by its UID, while the folder's UIDVALIDITY stays (RFC 3501, section 2.3.1.1); where reading stopped
moves in the transaction of the hits. Where UIDVALIDITY is another one, everything in the folder is looked at again: a
message is then known by its bytes, which make the id of its sighting. So is one that a server gives twice.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from canaries.core import clock
from listener.evidence.shapes import Via
from listener.evidence.sighting import Sighting
from listener.following.log_reader import LogTaker
from listener.following.positions import LogPositions
from listener.mailboxes.imap_session import FolderState, ImapSession, MailboxError
from listener.mailboxes.mailbox_settings import Mailbox
from listener.protocol.imap_answers import FetchedMessage

if TYPE_CHECKING:
    from canaries.core.store import Store

SORT = "mail"
"""Of its positions."""
HERE = "127.0.0.1", 0
ANSWER = "mailbox"
"""What stands in a sighting in place of a trap's answer."""
_FIRST, _FLOOR, _NEWEST = "first", "floor", "newest"
"""Of the positions: the UIDVALIDITY of the first look, when the newest message came that was there before (by the
server's clock, in seconds), and the beginning of its id."""
_BATCH, _BATCH_BYTES = 20, 4 << 20
_MOST = 500
"""Messages of one look."""
_TRIES = 3
_NOTED_SECONDS = 300


@dataclass(slots=True)
class MailboxLook:
    """What one look came to."""

    messages: int = 0
    hits: int = 0
    more: bool = False
    """Whether there is more, for the next look."""
    problems: list[str] = field(default_factory=list)
    """What is wrong with the folder, a sentence each; none of it stops the reading."""
    news: list[str] = field(default_factory=list)
    """What is worth a line in the listener's log."""


class MailboxReader:
    """Reads one mailbox. Not thread safe."""

    def __init__(
        self,
        mailbox: Mailbox,
        database: Store,
        taker: LogTaker,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        """``settled``: returns when what came before is taken in, announcements among it. Raises StoreError."""
        self._mailbox, self._taker, self._settled = mailbox, taker, settled
        self._positions = LogPositions(database, mailbox.name, SORT)
        self._session: ImapSession | None = None
        self._tries: dict[int, int] = {}
        self._looked = self._positions.seen_at * 1_000_000
        """When the last look began, microseconds since the epoch; 0: never."""

    @property
    def counts(self) -> tuple[int, int]:
        """(messages, those that could not be read) since the mailbox was first read."""
        return self._positions.counts

    def look(self) -> MailboxLook:
        """Fetch what is new. Raises MailboxError, SettingsError, StoreError."""
        look, began = MailboxLook(), clock.micros()
        session, state = self._examined()
        try:
            position = self._position(session, state, look)
            self._read(session, state, position, look)
        except BaseException:
            self.close()
            raise
        self._looked = began
        if look.messages or began / 1e6 - self._positions.seen_at >= _NOTED_SECONDS:
            self._positions.looked(int(began / 1e6), 0, 0)
        return look

    def close(self) -> None:
        """Give the connection back; the next look opens another."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _examined(self) -> tuple[ImapSession, FolderState]:
        """A session; one that the server has ended meanwhile, as it may, is opened anew."""
        if self._session is not None:
            try:
                return self._session, self._session.examine()
            except MailboxError:
                self.close()
        self._session = ImapSession(self._mailbox)
        try:
            return self._session, self._session.examine()
        except BaseException:
            self.close()
            raise

    def _position(self, session: ImapSession, state: FolderState, look: MailboxLook) -> int:
        """The last UID that was taken in."""
        positions, name = self._positions, str(state.validity)
        found = positions.get(name)
        if found is not None:
            return found
        if not positions.seen_at and not self._mailbox.told.from_start:
            newest = session.newest()
            found = newest.uid if newest else 0
            message = session.fetch(found) if found else None
            marks = {_FIRST: state.validity, _FLOOR: _seconds(message)}
            if message and message.content is not None:
                marks[_NEWEST] = _short(self._id(message.content, whole=True))
            positions.save({name: found, **marks})
            positions.looked(int(clock.micros() / 1e6), 0, 0)
            return found
        if positions.seen_at:
            look.news.append("its folder was numbered anew: everything in it is looked at again")
        positions.save({name: 0})
        positions.keep_only([name, _FIRST, _FLOOR, _NEWEST])
        self._tries.clear()
        return 0

    def _read(self, session: ImapSession, state: FolderState, position: int, look: MailboxLook) -> None:
        batch: list[Sighting] = []
        weight = last = unread = 0
        waits = False
        for number, uid in enumerate(session.after(position, state.next_uid)):
            if number >= _MOST:
                look.more = True
                break
            message = session.fetch(uid)
            if (message is None or message.content is None) and not self._given_up(uid):
                # gone meanwhile, or in a moment there: its place is kept, and nobody waits for it
                waits = True
                continue
            if message is None or message.content is None:
                look.problems.append(f"message {uid} cannot be fetched: that it came is all that is recorded")
                unread += 1
            batch += self._sighting(state, uid, message)
            weight += len(message.content or b"") if message else 0
            look.messages += 1
            last = last if waits else self._last(uid, state, look)
            if len(batch) >= _BATCH or weight >= _BATCH_BYTES:
                self._take(batch, state, last or position, look)
                batch, weight = [], 0
        self._take(batch, state, last or position, look)
        if look.messages:
            self._positions.looked(int(clock.micros() / 1e6), look.messages, unread)

    def _last(self, uid: int, state: FolderState, look: MailboxLook) -> int:
        """How far reading has come with ``uid``: no further than the server itself says that UIDs go."""
        if state.next_uid and uid >= state.next_uid:
            look.problems.append(
                f"the server gives message {uid}, and says that the next one will be {state.next_uid}"
            )
            return state.next_uid - 1
        return uid

    def _given_up(self, uid: int) -> bool:
        self._tries[uid] = self._tries.get(uid, 0) + 1
        return self._tries[uid] >= _TRIES

    def _take(self, batch: list[Sighting], state: FolderState, last: int, look: MailboxLook) -> None:
        if not batch and last == self._positions.get(str(state.validity)):
            return
        self._settled()
        look.hits += self._taker.ingest(batch, self._positions.segment(str(state.validity)), last)
        self._positions.moved(str(state.validity), last)

    def _sighting(self, state: FolderState, uid: int, message: FetchedMessage | None) -> Iterator[Sighting]:
        """Of one message; none of one that was there before this mailbox was first read."""
        whole = message is not None and message.content is not None
        raw = message.content or b"" if message else b""
        number = self._id(raw if whole else struct.pack(">QQ", state.validity, uid), whole=whole)
        arrived, now, name = _seconds(message), clock.micros(), self._mailbox.name
        if self._was_there(state, number, arrived):
            return
        told = self._mailbox.told
        yield Sighting(
            number,
            "sensors",
            now,
            HERE,
            HERE,
            "imap",
            raw,
            max(len(raw), message.size) if message and len(raw) >= told.kept_bytes else len(raw),
            f"mailbox-{name}",
            0,
            0,
            clock.quality().as_dict(),
            None,
            Via(how="mailbox", chain=[name]),
            ANSWER,
            {
                "sensor": name,
                "mailbox": name,
                "address": self._mailbox.address,
                "server": told.host,
                "folder": told.folder,
                "uidvalidity": state.validity,
                "uid": uid,
                "arrived": arrived,
                "since": max(self._looked, min(arrived * 1_000_000 or now, now)),
                **({} if whole else {"unread": "the server did not hand it over"}),
            },
        )

    def _was_there(self, state: FolderState, number: str, arrived: int) -> bool:
        """Whether it was passed over at the first look; asked where UIDs no longer tell."""
        positions = self._positions
        if not arrived or positions.get(_FIRST) in (None, state.validity):
            return False
        floor = positions.get(_FLOOR) or 0
        return arrived < floor or (arrived == floor and _short(number) == positions.get(_NEWEST))

    def _id(self, content: bytes, *, whole: bool) -> str:
        """The same for the same message, wherever a server puts it. ``whole``: it is its bytes, and not its number."""
        return hashlib.sha256(b"%s\n%d\n%s" % (self._mailbox.name.encode(), whole, content)).hexdigest()[:32]


def _seconds(message: FetchedMessage | None) -> int:
    """When it came, by the server's clock, since the epoch; 0: not known."""
    return max(0, int(message.arrived.timestamp())) if message and message.arrived else 0


def _short(number: str) -> int:
    """As much of an id as a position holds."""
    return int(number[:15], 16)
