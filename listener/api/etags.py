"""ETag and If-Match (RFC 9110, 13.1) on what two people may edit: who changes it says which state they saw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import request

from canaries.ledger.entries import canonical
from listener.api.problems import ApiError


def tag_of(value: Mapping[str, Any]) -> str:
    """Of what may be edited of it, and nothing else: a tag must not tell what its reader may not know."""
    return hashlib.sha256(canonical(value)).hexdigest()[:32]


def require_match(tag: str) -> None:
    """Raises ApiError: 428 without If-Match, 412 where it is of another state."""
    if not request.if_match:
        raise ApiError(
            428, "Precondition Required", "this needs If-Match", hint="send the ETag that you got with it"
        )
    if not request.if_match.contains(tag):
        raise ApiError(
            412, "Precondition Failed", "it was changed since you read it", hint="read it again, then decide"
        )


def headers(tag: str) -> dict[str, str]:
    """For the answer."""
    return {"ETag": f'"{tag}"'}
