"""What an alert service announces over the sensors' way in: one JSON object, ``POST /sends``, signed like a report.

{"id": "0123...", "list": "subscribers", "text": "Hello {name}, ...", "minutes": 120, "by": "who asked for it"}
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from listener.sensors.keys import RefusedReportError, decoded
from listener.sensors.sends import LONGEST_MINUTES
from listener.sensors.wording_match import has_words


class Announcement(msgspec.Struct, frozen=True):
    """A send that is about to begin."""

    id: Annotated[str, Meta(min_length=8, max_length=64)]
    list: Annotated[str, Meta(min_length=1, max_length=128)]
    text: Annotated[str, Meta(min_length=1, max_length=50_000)]
    minutes: Annotated[int, Meta(ge=1, le=LONGEST_MINUTES)] = 120
    by: Annotated[str, Meta(max_length=128)] = ""


_decoder = msgspec.json.Decoder(Announcement)


def parse_announcement(body: bytes) -> Announcement:
    """Raises RefusedReportError."""
    found = decoded(_decoder, body, "this announces no send")
    if not (found.list.strip() and has_words(found.text)):
        raise RefusedReportError(
            400, "this announces no send: a list and a text with words of its own are needed"
        )
    return msgspec.structs.replace(found, list=found.list.strip())
