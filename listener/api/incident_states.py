"""What two people may edit of an incident: state, who looks after it, which hits it has; and the tag of that state."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from canaries.core.errors import NotFoundError
from listener.api import etags
from listener.incidents import queries

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.incidents.model import Incident

EDITING = threading.Lock()
"""Held from the look at the tag to the end of the change."""
SEEN = {"If-Match": "Required: the ETag of the state that you saw."}
"""The header that such a route declares."""


def find(home: Home, id_: str) -> Incident:
    """By its whole id: a beginning of one is for people. Raises NotFoundError."""
    found = queries.incident(home, id_)
    if found.id != id_:
        raise NotFoundError(f"there is no incident {id_}")
    return found


def tag(home: Home, found: Incident) -> str:
    """For its ETag. A new hit changes nothing of it: nobody could close an incident that goes on."""
    written = [note.id for note in found.notes if note.state or note.assigned]
    with home.store.read() as connection:
        moved = [
            one.id
            for one in home.reader.entries(connection, "regrouped")
            if found.id in (one.body.get("incident"), one.body.get("into"))
        ]
    return etags.tag_of({"id": found.id, "state": found.state, "written": written, "moved": moved})


def require_match(home: Home, id_: str) -> Incident:
    """The incident as whoever asks saw it. Raises NotFoundError; ApiError where it was changed since."""
    found = find(home, id_)
    etags.require_match(tag(home, found))
    return found


def shown(home: Home, id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The incident as it is now, and its ETag: what a route answers. Raises NotFoundError."""
    found = find(home, id_)
    return found.as_dict(), etags.headers(tag(home, found))
