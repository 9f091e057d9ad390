"""The back half of a message out of a mailbox: what it says, as at the SMTP trap, and whose mailbox it came to."""

from __future__ import annotations

from canaries.core.clock import from_micros, rfc3339
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import mail
from listener.protocol.candidates import text_candidates
from listener.protocol.mail import MailObserved


class MailboxObserved(MailObserved, total=False):
    """What a message in a mailbox shows. That it is there, and since when, is that server's word."""

    reported: dict[str, object]
    """``at``: when it came by that server's clock, RFC 3339 to the second."""
    mailbox: dict[str, object]
    """``source`` is ``provider_mailbox``, ``clock`` is ``theirs``; its name in the settings, and its place there."""


def read_mailbox_message(sighting: Sighting) -> Reading:
    """Observed details and candidates of one message. Never raises; ``observed`` is a `MailboxObserved`."""
    notes = sighting.notes
    place = {name: notes.get(name) for name in ("server", "folder", "uidvalidity", "uid")}
    observed = MailboxObserved(
        request="mail",
        mailbox={"source": "provider_mailbox", "clock": "theirs", "name": notes.get("mailbox"), **place},
    )
    arrived = notes.get("arrived")
    if isinstance(arrived, int) and arrived:
        observed["reported"] = {"at": rfc3339(from_micros(arrived * 1_000_000))}
    if isinstance(unread := notes.get("unread"), str):
        observed["unread"] = unread
    address = notes.get("address")
    reached = [address] if isinstance(address, str) and address else []
    if reached:
        observed["recipients"] = reached
    whole = sighting.size == len(sighting.raw)
    said = text_candidates(mail.observe_message(sighting.raw, whole, observed))
    found = [one.encode("utf-8", "surrogateescape") for one in mail.addresses(reached)]
    return Reading(observed, [*found, *said.all()], said.bounds)
