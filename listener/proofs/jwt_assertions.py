"""Assertions that a service account signs with its private key (RFC 7523, 2.1; RFC 7515): the bait holds the key."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from canaries.crypto import service_keys
from canaries.crypto.verifiers import signed_rs256
from listener.proofs.given import GivenProof, Raw
from listener.proofs.request_parts import observed_pairs

_LONGEST = 16_384


def rs256(seen: Mapping[str, Any], _raw: Raw) -> GivenProof | None:
    """A JWT in a form, signed as RS256. Raises LookupError, TypeError, ValueError where there is none."""
    assertion = observed_pairs(seen, "form").get("assertion", "")
    if assertion.count(".") != 2 or len(assertion) > _LONGEST:
        return None
    signed, _, signature = assertion.rpartition(".")
    first, _, second = signed.partition(".")
    head, claims = json.loads(_plain(first)), json.loads(_plain(second))
    if head["alg"] != "RS256":
        return None
    answer, message = _plain(signature), signed.encode()

    def made_by(key: str) -> bool:
        return service_keys.verifies(key, message, answer)

    def known_by(held: Mapping[str, str]) -> bool | None:
        return signed_rs256(held, message, answer)

    return GivenProof("signed assertion", signed, signature, made_by, str(claims.get("iss", "")), known_by)


def _plain(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
