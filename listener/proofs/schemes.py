"""Which proofs a trap may have observed, and the one that it has: all of it is read from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from listener.proofs.aws_signature2 import sigv2
from listener.proofs.azure_signatures import shared_access, shared_key
from listener.proofs.challenges import mongodb, mysql, vnc
from listener.proofs.given import GivenProof, Raw
from listener.proofs.jwt_assertions import rs256
from listener.proofs.signed_requests import digest, sigv4

SCHEMES: dict[str, tuple[Callable[[Mapping[str, Any], Raw], GivenProof | None], ...]] = {
    "mysql": (mysql,),
    "mongodb": (mongodb,),
    "vnc": (vnc,),
    "http": (sigv4, sigv2, shared_key, shared_access, rs256, digest),
}
"""By trap. All other traps are shown secrets in clear alone."""
_SIGNED_IN = {"http": ("credentials", "query", "form")}
"""Where a proof is, by trap: what was observed without any of these has none."""


def given_proof(trap: str, seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    """The proof that was observed by ``trap``, or None. Never raises: what is no proof of its form is none."""
    places = _SIGNED_IN.get(trap)
    if places and not any(seen.get(place) for place in places):
        return None
    for scheme in SCHEMES.get(trap, ()):
        try:
            found = scheme(seen, raw)
        except (AttributeError, LookupError, TypeError, ValueError):
            continue
        if found is not None:
            return found
    return None
