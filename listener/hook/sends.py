"""Announcing a send, for the program that is about to send it: what was not announced is an alarm."""

from __future__ import annotations

import http.client
import json
import os
from pathlib import Path
from typing import Any

from .reporter import connect, post


class NotAnnouncedError(Exception):
    """The listener has not recorded it: do not send, or expect an alarm."""


def announce(
    sensor_file: str | os.PathLike[str],
    list_name: str,
    text: str,
    *,
    minutes: int = 120,
    by: str = "",
    ca_file: str | None = None,
) -> str:
    """Tell the listener what goes to this list within the next ``minutes``; returns once it is on the listener's disk.

    ``text``: with ``{words}`` in place of what differs from one recipient to the next. ``by``: who asked for it.
    Returns the announcement's id. Raises NotAnnouncedError.
    """
    told: dict[str, Any] = json.loads(Path(sensor_file).read_text("utf-8"))
    its_id, said = os.urandom(16).hex(), "there is nowhere to announce it"
    body = json.dumps({"id": its_id, "list": list_name, "text": text, "minutes": minutes, "by": by}).encode()
    for place in told["report_to"]:
        connection = connect(place, ca_file)
        try:
            status, said = post(connection, told["name"], told["key"].encode(), "/sends", body)
        except (OSError, http.client.HTTPException) as error:
            said = type(error).__name__
            continue
        finally:
            connection.close()
        if status == 200:
            return its_id
    raise NotAnnouncedError(f"the send was not announced: {said}")
