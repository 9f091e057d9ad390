"""The form of a signed redirect link: minting writes it, the front recognises it.

A tracking redirect must not be an open redirect, so its target is signed with the installation's ``front`` key, and
only what this installation signed is followed. The names of the two query parameters follow from the same key: no
constant in the link tells one installation's bait from any other site's links.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from canaries.crypto.seeded_random import SeededRandom

_TARGET_NAMES = ("u", "url", "to", "r", "dest", "next", "go", "link", "goto", "target", "out", "ref")
_SIGNATURE_NAMES = ("s", "k", "h", "c", "v", "t", "id", "key", "sid", "chk", "x", "e")
_LONGEST = 16384
"""Bytes of query beyond which nobody made the link here."""


def signature(front_key: bytes, purpose: str, value: str) -> str:
    """16 hexadecimal characters (64 bits of HMAC-SHA256) that only this installation can put to ``value``."""
    return hmac.new(front_key, f"{purpose}\0{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[
        :16
    ]


@lru_cache(maxsize=16)
def parameter_names(front_key: bytes) -> tuple[str, str]:
    """This installation's names of the parameters that carry the target and its signature."""
    stream = SeededRandom(hmac.new(front_key, b"redirect names", hashlib.sha256).digest())
    return stream.pick("target", _TARGET_NAMES), stream.pick("signature", _SIGNATURE_NAMES)


def redirect_query(front_key: bytes, target: str) -> str:
    """The query string (no question mark) that makes the front send its visitor on to ``target``."""
    target_name, signature_name = parameter_names(front_key)
    return urlencode({target_name: target, signature_name: signature(front_key, "redirect", target)})


def redirect_target(front_key: bytes, query: str) -> str | None:
    """Where ``query`` leads, or None where this installation did not sign it. Never raises."""
    target_name, signature_name = parameter_names(front_key)
    if len(query) > _LONGEST or f"{signature_name}=" not in query:
        return None
    try:
        fields = dict(parse_qsl(query, max_num_fields=32, errors="surrogateescape"))
    except ValueError:
        return None
    target, shown = fields.get(target_name, ""), fields.get(signature_name, "")
    # Both sides as bytes: compare_digest refuses text that is not ASCII.
    expected = signature(front_key, "redirect", target).encode()
    if not hmac.compare_digest(shown.encode("utf-8", "replace"), expected):
        return None
    return target if target.isprintable() else None
