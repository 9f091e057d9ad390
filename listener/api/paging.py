"""Cursors: where a page ended, as a text that only this API reads. A forged one is refused, and tells nothing."""

from __future__ import annotations

import base64
import binascii
import json
import re

from listener.api.problems import ApiError

MOST, USUAL = 200, 50
_PART = re.compile(r"[0-9A-Za-z:.-]{0,64}")


def cursor(*parts: str) -> str:
    """The place behind an item whose sorting keys are ``parts``."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def opened(text: str, count: int) -> tuple[str, ...] | None:
    """The ``count`` parts; None where there is no cursor. Raises ApiError."""
    if not text:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        if (
            isinstance(parts, list)
            and len(parts) == count
            and all(isinstance(part, str) and _PART.fullmatch(part) for part in parts)
        ):
            return tuple(parts)
    except (ValueError, binascii.Error, UnicodeEncodeError, RecursionError):
        pass
    raise ApiError(422, "Unprocessable Content", "the cursor is not one that this API gave out")
