"""The part of the back that looks into one mailbox again and again, and says where it cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from canaries.core.errors import SettingsError
from listener.evidence.sighting import Sighting
from listener.following.log_reader import LogTaker
from listener.mailboxes.imap_session import MailboxError
from listener.mailboxes.mailbox_reader import MailboxReader
from listener.mailboxes.mailbox_settings import Mailbox

if TYPE_CHECKING:
    from canaries.core.store import Store

_REFUSED_SECONDS = 300.0
"""Before another try where the server refused: who tries a wrong password too often is locked out."""
_AWAY_SECONDS = 60.0
_AGAIN_SECONDS = 1.0


class SharedTaker:
    """Intake for several threads, one at a time."""

    def __init__(self, taker: LogTaker) -> None:
        self._taker, self._turn = taker, threading.Lock()

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int:
        """As `listener.ingest.intake.Intake.ingest`. Raises StoreError."""
        with self._turn:
            return self._taker.ingest(sightings, segment, offset)


class MailboxPoller:
    """Looks into one mailbox. ``told``: takes what is wrong with it now, a sentence, or nothing."""

    def __init__(
        self,
        mailbox: Mailbox,
        database: Store,
        taker: LogTaker,
        *,
        say: Callable[[str], None],
        told: Callable[[str], None],
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._mailbox, self._say, self._told = mailbox, say, told
        self._reader = MailboxReader(mailbox, database, taker, settled)
        self._problem = ""

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. Raises StoreError."""
        try:
            while not stop.wait(self.look()):
                pass
        finally:
            self._reader.close()

    def look(self) -> float:
        """One look; the seconds until the next. Raises StoreError."""
        try:
            look = self._reader.look()
        except SettingsError as error:
            self._tell(error.sentence)
            return _REFUSED_SECONDS
        except MailboxError as error:
            self._tell(error.sentence)
            return _REFUSED_SECONDS if error.refused else max(self._mailbox.told.seconds, _AWAY_SECONDS)
        for news in look.news:
            self._say(f"mailbox {self._mailbox.name}: {news}")
        self._tell("; ".join(dict.fromkeys(look.problems)))
        return min(_AGAIN_SECONDS, self._mailbox.told.seconds) if look.more else self._mailbox.told.seconds

    def _tell(self, problem: str) -> None:
        if problem == self._problem:
            return
        if problem:
            self._say(f"mailbox {self._mailbox.name}: {problem}")
        else:
            self._say(f"mailbox {self._mailbox.name}: it is read again")
        self._problem = problem
        self._told(problem)
