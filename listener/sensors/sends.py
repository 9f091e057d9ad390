"""The ledger of authorised sends: what an alert service means to send, to which list, and when, said before it is sent.

A message that reaches a canary subscriber of the list, a mailbox or number of the operator's own among its recipients,
is held against it. A send is an entry of the ledger and a row here, whose words are sealed under the ``alerts`` key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import send as table
from canaries.crypto.sealed_box import Locker
from canaries.ledger.entries import new_id
from listener.sensors.wording_match import fits, has_words, plain

if TYPE_CHECKING:
    from canaries.installation.home import Home

LONGEST_MINUTES = 31 * 24 * 60
SHORTEST_PREFIX = 4
"""Digits of an id that are enough to name a send, where no other begins with them."""
PROPOSED, AUTHORISED, REVOKED = "proposed", "authorised", "revoked"


class SendWords(msgspec.Struct, frozen=True):
    """What is sealed of a send."""

    list: str
    text: str
    by: str
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class AuthorisedSend:
    """One row."""

    id: str
    state: str
    from_at: str
    """RFC 3339."""
    until_at: str
    copies: int
    """Messages that reached a canary subscriber and matched it."""
    list: str
    text: str
    """With ``{words}`` in place of what differs from one recipient to the next."""
    by: str
    approved_by: str


def two_people(home: Home) -> bool:
    """Whether a send needs the approval of an operator beside who asked for it."""
    return home.settings.traps.get("sensors", {}).get("two_people") in (True, "true", "1")


def authorise(home: Home, list_: str, text: str, minutes: int, *, by: str = "") -> str:
    """An operator announces a send; its id. Raises TraplineError."""
    send_id, now = new_id(), home.now()
    words = _checked(list_, text, minutes, by or home.operator)
    state = PROPOSED if two_people(home) else AUTHORISED
    row = _row(home, send_id, state, now, minutes, words)
    said = home.act("setting", _body(state, row, words), now)
    with home.store.write() as connection:
        connection.execute(insert(table).values(**row))
        home.writer.put(connection, said)
    return send_id


def take_announced(
    connection: Connection, home: Home, send_id: str, at: str, request: Any, sensor: str
) -> None:
    """What a sensor announced, once, from the journal, in the caller's transaction. ``request``: an `Announcement`."""
    if connection.execute(select(table.c.id).where(table.c.id == send_id)).first():
        return
    by = f"sensor {sensor}" + (f", for {request.by}" if request.by else "")
    words = SendWords(request.list, request.text, by)
    state = PROPOSED if two_people(home) else AUTHORISED
    row = _row(home, send_id, state, at, request.minutes, words)
    connection.execute(insert(table).values(**row))
    home.writer.record(connection, "setting", home.now(), f"sensor {sensor}", _body(state, row, words))


def approve(home: Home, send_id: str) -> None:
    """A second operator approves. Raises NotFoundError, TraplineError."""
    found = one(home, send_id)
    if found.state != PROPOSED:
        raise TraplineError(f"send {found.id} is {found.state}: there is nothing to approve")
    if found.by == home.operator:
        raise TraplineError("a send is approved by another operator than who asked for it")
    words = SendWords(found.list, found.text, found.by, home.operator)
    said = home.act("setting", {"section": "sends", "approved": found.id})
    _change(home, found, said, state=AUTHORISED, sealed=_sealed(home, found.id, words))


def revoke(home: Home, send_id: str, reason: str = "") -> None:
    """What is sent from now on matches it no more. Raises NotFoundError."""
    found = one(home, send_id)
    if found.state == REVOKED:
        raise TraplineError(f"send {found.id} is revoked already")
    said = home.act("setting", {"section": "sends", "revoked": found.id, "reason": reason})
    _change(home, found, said, state=REVOKED)


def one(home: Home, send_id: str) -> AuthorisedSend:
    """By its id or an unambiguous beginning. Raises NotFoundError."""
    clean = send_id.strip().lower()
    if len(clean) < SHORTEST_PREFIX or not set(clean) <= set("0123456789abcdef"):
        raise NotFoundError(f"{send_id!r} is not the id of a send", hint="see: trapline sends list")
    with home.store.read() as connection:
        rows = connection.execute(select(table).where(table.c.id.startswith(clean)).limit(2)).all()
    if len(rows) != 1:
        raise NotFoundError(f"there is no send {send_id}, or more than one", hint="see: trapline sends list")
    return opened(home, rows[0])


def sends(connection: Connection, home: Home, since: str = "") -> list[AuthorisedSend]:
    """All whose window ends after ``since``, newest first."""
    query = select(table).where(table.c.until_at > since).order_by(table.c.from_at.desc(), table.c.id.desc())
    return [opened(home, row) for row in connection.execute(query)]


def held_against(
    found: Sequence[AuthorisedSend],
    lists: Sequence[str],
    parts: Sequence[Sequence[str]],
    at: str,
    since: str = "",
) -> tuple[str, str]:
    """The id of the send that a message matches, or nothing and the reason why none does, after "because".

    ``parts``: of the message, each in the forms that its words may have been announced in: a text that hides behind
    another one, as HTML behind plain text does, must be announced as well. ``at``: when it arrived; with ``since``, the
    latest moment when it can have, and the earliest.
    """
    of_list = [item for item in found if item.list in lists]
    in_time = [item for item in of_list if item.from_at <= at and (since or at) <= item.until_at]
    words = [item for item in in_time if all(any(fits(item.text, form) for form in part) for part in parts)]
    for item in words:
        if item.state == AUTHORISED:
            return item.id, ""
    if words:
        return "", f"the one with these words is {words[0].state}"
    if in_time:
        return "", "none of those that are open for this list has these words"
    if of_list:
        return "", "none for this list is open at this time"
    return "", "none was announced for this list"


def count_copies(connection: Connection, send_ids: Sequence[str]) -> None:
    """So many messages matched."""
    for send_id in sorted(set(send_ids)):
        more = sum(one == send_id for one in send_ids)
        connection.execute(update(table).where(table.c.id == send_id).values(copies=table.c.copies + more))


def opened(home: Home, row: Any) -> AuthorisedSend:
    """A row, with its words."""
    words = msgspec.msgpack.decode(Locker(home.keys.alerts).open(row.sealed, row.id.encode()), type=SendWords)
    return AuthorisedSend(
        row.id, row.state, row.from_at, row.until_at, row.copies, words.list, words.text, words.by, words.approved_by
    )  # fmt: skip


def _checked(list_: str, text: str, minutes: int, by: str) -> SendWords:
    if not list_.strip() or not plain(text):
        raise TraplineError("a send needs a list and a text", hint="give the text by --text or --file")
    if not has_words(text):
        raise TraplineError(
            "this text is nothing but placeholders: any short message would match it",
            hint="write what it says, with {words} only in place of what differs",
        )
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise TraplineError(f"a send is open for 1 to {LONGEST_MINUTES} minutes")
    return SendWords(list_.strip(), text, by)


def _row(home: Home, send_id: str, state: str, at: str, minutes: int, words: SendWords) -> dict[str, Any]:
    until = rfc3339(parse_rfc3339(at) + timedelta(minutes=minutes))
    sealed = _sealed(home, send_id, words)
    return {"id": send_id, "state": state, "from_at": at, "until_at": until, "copies": 0, "sealed": sealed}


def _sealed(home: Home, send_id: str, words: SendWords) -> bytes:
    return Locker(home.keys.alerts).seal(msgspec.msgpack.encode(words), send_id.encode())


def _body(state: str, row: dict[str, Any], words: SendWords) -> dict[str, Any]:
    """Of the entry: the words' hash, not the words."""
    digest = hashlib.sha256(plain(words.text).encode()).hexdigest()
    shown = {"list": words.list, "text_sha256": digest, "by": words.by}
    return {"section": "sends", state: row["id"], "from": row["from_at"], "until": row["until_at"], **shown}


def _change(home: Home, found: AuthorisedSend, said: Any, **values: Any) -> None:
    """Where it still is as it was found: an approval must not undo what another operator revoked meanwhile."""
    same = (table.c.id == found.id) & (table.c.state == found.state)
    with home.store.write() as connection:
        if connection.execute(update(table).where(same).values(**values)).rowcount != 1:
            raise TraplineError(f"send {found.id} was changed meanwhile", hint="see: trapline sends list")
        home.writer.put(connection, said)
