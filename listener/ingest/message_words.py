"""What a message to a canary subscriber says, in the forms it may have been announced in: mail, text message, push."""

from __future__ import annotations

from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.http.push_request import FACET, read_push_request
from listener.protocol import mail
from listener.sensors.wording_match import text_of_html

REACHED = frozenset({"email", "number", FACET})
"""Facets of tokens that are where a subscriber is reached."""
UNREAD = [[""]]
"""Of a message whose words are not known: no send has none."""


def words_of(facet: str, sighting: Sighting, reading: Reading, lookup_key: bytes) -> list[list[str]] | None:
    """Each part of a message, such as its text and its HTML, in each of its forms; nothing where only its recipient was
    named; None where this is no message at all."""
    if facet == FACET:
        return _pushed(sighting, lookup_key)
    mailbox = "mailbox" in sighting.notes
    if sighting.trap == "sensors" and not mailbox:
        said = sighting.notes.get("message")
        return [[str(said)]] if isinstance(said, str) else None
    if sighting.trap != "smtp" and not mailbox:
        return None
    if reading.observed.get("request") != "mail":
        return []
    whole = sighting.size == len(sighting.raw)
    return _mailed(sighting.raw if mailbox else mail.unstuffed(sighting.raw)[0], whole=whole)


def _pushed(sighting: Sighting, lookup_key: bytes) -> list[list[str]] | None:
    if sighting.trap != "http":
        return None
    found = read_push_request(sighting.raw, lookup_key)
    return None if found is None else [found.wordings()]


def _mailed(message: bytes, *, whole: bool) -> list[list[str]]:
    try:
        letter = mail.read_letter(message, whole=whole)
    except Exception:  # noqa: BLE001  the parser raises what it likes on hostile mail
        return UNREAD
    if not letter.whole:  # what was cut off may be what programs show
        return UNREAD
    subject = str(letter.shown.get("subject", ""))
    bodies = zip(letter.bodies, letter.pages, strict=True)
    parts = [[body, text_of_html(body)] if page else [body] for body, page in bodies if body.strip()]
    return [[*part, *(f"{subject} {form}" for form in part)] for part in parts] or [[subject]]
