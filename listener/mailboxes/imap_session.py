"""A session with the IMAP server of one mailbox: logged in, its folder examined, messages fetched as they are.

It changes nothing there: EXAMINE opens the folder for reading only (RFC 3501, section 6.3.2), BODY.PEEK sets no flag
(6.4.5). What the server says in words is kept out of every sentence: it may repeat the password.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from canaries.core.errors import TraplineError
from listener.mailboxes.bounded_imap import BoundedImap
from listener.mailboxes.mailbox_settings import Mailbox
from listener.protocol import imap_answers
from listener.protocol.imap_answers import LARGEST_UID, FetchedMessage

_SECONDS = 30.0
"""For one command."""
_ANSWER = 1 << 20
"""Bytes of an answer, beside the message in it."""
_SPAN = 20_000
"""UIDs that are asked for at a time: their answer is no longer than 220 KB."""
_JUST_NOW = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\b")
"""Codes of a server that cannot log anybody in at the moment (RFC 5530, section 3)."""


class MailboxError(TraplineError):
    """A mailbox cannot be read. ``refused``: it will not be until somebody changes something."""

    def __init__(self, sentence: str, *, refused: bool = False, hint: str | None = None) -> None:
        super().__init__(sentence, hint=hint)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class FolderState:
    """What EXAMINE says."""

    validity: int
    """UIDVALIDITY: while it is the same, a UID is the same message."""
    next_uid: int
    """UIDNEXT; 0: the server did not say."""
    messages: int


class ImapSession:
    """One login. Not thread safe; every method raises MailboxError."""

    def __init__(self, mailbox: Mailbox) -> None:
        told, self._mailbox = mailbox.told, mailbox
        password = mailbox.password()
        with _sentences(mailbox):
            context = ssl.create_default_context(cafile=told.ca_file or None)
            self._imap = BoundedImap(
                told.host, mailbox.port, context, starttls=told.security == "starttls", seconds=_SECONDS
            )
        try:
            self._log_in(told.user, password)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, without a word."""
        with contextlib.suppress(OSError):
            self._imap.shutdown()

    def examine(self) -> FolderState:
        """Open the folder for reading only, and say how it is."""
        folder = self._mailbox.told.folder
        with self._command():
            status, answer = self._imap.select(imap_answers.folder_name(folder), readonly=True)
        if status != "OK":
            raise MailboxError(f"there is no folder {folder!r} that may be read", refused=True)
        with _sentences(self._mailbox):
            found = [self._imap.response(name)[1] for name in ("UIDVALIDITY", "UIDNEXT")]
            validity, next_uid = ((imap_answers.numbers(one) or [0])[-1] for one in found)
            messages = (imap_answers.numbers(answer) or [0])[-1]
        if not validity:
            raise MailboxError(
                "the server gives no UIDVALIDITY: what is new in the folder cannot be told", refused=True
            )
        return FolderState(validity, next_uid, messages)

    def newest(self) -> FetchedMessage | None:
        """The message with the highest UID, without its content; None: the folder is empty."""
        found = imap_answers.fetched(self._uid("FETCH", "*", "(UID INTERNALDATE)"))
        return max(found, key=lambda one: one.uid, default=None)

    def after(self, uid: int, next_uid: int) -> Iterator[int]:
        """The UIDs above ``uid``, ascending. ``next_uid``: where looking may end; 0: nowhere."""
        low, span = uid + 1, _SPAN
        while low <= LARGEST_UID:
            high = min(low + span - 1, LARGEST_UID)
            answer = self._uid("SEARCH", "UID", f"{low}:{high}")
            found = [one for one in imap_answers.numbers(answer) if low <= one <= high]
            yield from found
            if next_uid and high >= next_uid - 1:
                return
            low, span = high + 1, span if found else span * 8

    def fetch(self, uid: int) -> FetchedMessage | None:
        """One message; None: it is no longer there, or is not given."""
        kept = self._mailbox.told.kept_bytes
        answer = self._uid(
            "FETCH", str(uid), f"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.{kept}>)", size=kept
        )
        return next((one for one in imap_answers.fetched(answer) if one.uid == uid), None)

    def _uid(self, command: str, *words: str, size: int = 0) -> imap_answers.Answer:
        with self._command(size):
            status, answer = self._imap.uid(command, *words)
        if status != "OK":
            raise MailboxError(
                f"the server refused to {'search' if command == 'SEARCH' else 'hand over messages'}"
            )
        return answer or ()

    def _log_in(self, user: str, password: str) -> None:
        offered = self._imap.capabilities
        if "AUTH=PLAIN" in offered:  # RFC 4616: UTF-8

            def log_in() -> None:
                self._imap.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())

        elif "LOGINDISABLED" not in offered and (user + password).isascii():

            def log_in() -> None:
                self._imap.login(imap_answers.quoted(user), password)

        else:
            raise MailboxError("the server offers no way to log in with this user and password", refused=True)
        with self._command():
            try:
                log_in()
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                if _JUST_NOW.search(str(error)):
                    raise MailboxError("the server lets nobody log in just now") from None
                hint = "many providers want a password of its own for each program, and IMAP switched on"
                raise MailboxError(
                    "the server refused the user or the password", refused=True, hint=hint
                ) from None

    @contextlib.contextmanager
    def _command(self, size: int = 0) -> Iterator[None]:
        self._imap.allow(_ANSWER + size, _SECONDS)
        with _sentences(self._mailbox):
            yield


@contextlib.contextmanager
def _sentences(mailbox: Mailbox) -> Iterator[None]:
    """What goes wrong in here becomes a MailboxError, without the server's words."""
    place = f"{mailbox.told.host} port {mailbox.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(f"the certificate of {place} is not valid ({error.verify_message})") from None
    except ssl.SSLError:
        raise MailboxError(f"no TLS connection to {place} came about") from None
    except socket.gaierror:
        raise MailboxError(f"the name {mailbox.told.host} cannot be resolved") from None
    except TimeoutError:
        raise MailboxError(f"{place} did not answer in time") from None
    except FileNotFoundError:
        raise MailboxError(f"ca_file {mailbox.told.ca_file} is not there", refused=True) from None
    except OSError as error:
        raise MailboxError(f"{place} cannot be reached ({type(error).__name__})") from None
    except (imaplib.IMAP4.error, ValueError, LookupError):  # imaplib's own ways with what is no answer
        raise MailboxError(f"{place} broke off, or does not speak IMAP as it should") from None
