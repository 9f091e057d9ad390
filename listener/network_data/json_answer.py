"""A JSON object out of the answer of a web service that nobody vouches for: bounded in time and size."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from canaries.core.errors import TraplineError

_PART = 16
"""Bytes: of one that drips, so many are waited for before the time is looked at."""


class StreamedAnswer(Protocol):
    """What this needs of `requests.Response`, asked for with ``stream=True``."""

    def iter_content(self, chunk_size: int) -> Iterable[bytes]:
        """The content, in parts of at most so many bytes."""


def json_object(
    answer: StreamedAnswer,
    host: str,
    *,
    largest: int,
    until: float,
    refusal: Callable[[str], TraplineError],
) -> dict[str, Any]:
    """The object, of at most ``largest`` bytes that have come by ``until``, a time of `time.monotonic`.

    Raises what ``refusal`` makes of one sentence.
    """
    content = bytearray()
    for part in answer.iter_content(_PART):
        content += part
        if len(content) > largest or time.monotonic() > until:
            raise refusal(f"{host} sends too much, or too slowly")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise refusal(f"{host} answered with something else than a JSON object")
    return found
