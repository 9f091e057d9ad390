"""The credentials a request shows, taken apart by scheme.

Basic (RFC 7617), Bearer (RFC 6750), Digest and its kin (RFC 7616), AWS Signature Version 4 and 2, Azure SharedKey, and
keys in headers and query fields of their own. Observed only: nothing is checked against anything here.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache

from canaries.core.text import decoded
from listener.http.message import ParsedMessage

Credential = dict[str, str]
"""``scheme``, ``in`` (the header or query field) and what the scheme holds: ``user``, ``password``, ``token`` ..."""

_KEYISH = re.compile(
    r"api[-_]?key|access[-_]?key|subscription-key|^key$|token|secret|passw|^auth|[-_]auth|session|signature"
)
_NOT_KEYS = frozenset({"authorization", "proxy-authorization", "x-amz-signedheaders", "x-amz-date"})
_PAIRS = re.compile(r'([A-Za-z_-]{1,40})\s*=\s*(?:"([^"]*)"|([^\s,"]+))')
_SCOPED = re.compile(r"Credential=([^,\s]+)")
_SIGNED = re.compile(r"Signature=([0-9A-Za-z+/=]+)")
_MOST = 50


def find_credentials(message: ParsedMessage, query: list[tuple[str, str]]) -> list[Credential]:
    """Every credential in the headers and the query of ``message``, in that order."""
    found: list[Credential] = []
    for name, value in message.headers:
        lower = name.lower()
        if lower in ("authorization", "proxy-authorization"):
            found.append({"in": lower, **_authorization(value)})
        elif value and _holds_key(lower):
            found.append({"in": lower, "scheme": "header", "token": value})
    for name, value in query:
        if name == "X-Amz-Credential":
            found.append({"in": "query", "scheme": "sigv4", **_scope(value)})
        elif value and _holds_key(name.lower()):
            found.append({"in": f"query {name}", "scheme": "query", "token": value})
    return found[:_MOST]


@lru_cache(maxsize=1024)
def _holds_key(name: str) -> bool:
    return name not in _NOT_KEYS and _KEYISH.search(name) is not None


def _authorization(value: str) -> Credential:
    word, _, rest = value.partition(" ")
    rest = rest.strip()
    scheme = word.lower()
    if scheme == "basic":
        return {"scheme": "basic", **_basic(rest)}
    if scheme in ("bearer", "token"):
        return {"scheme": scheme, "token": rest}
    if scheme.startswith("aws4-"):
        return {"scheme": "sigv4", **_sigv4(rest)}
    if scheme in ("aws", "sharedkey", "sharedkeylite"):
        owner, _, signature = rest.partition(":")
        return {
            "scheme": scheme,
            "access_key_id" if scheme == "aws" else "account": owner,
            "signature": signature,
        }
    if scheme in ("digest", "oauth", "hawk", "signature"):
        pairs = {name.lower(): quoted or bare for name, quoted, bare in _PAIRS.findall(rest)[:30]}
        return {**pairs, "scheme": scheme, **({"user": pairs["username"]} if "username" in pairs else {})}
    return {"scheme": scheme, "token": rest} if rest else {"scheme": "", "token": value}


def _basic(value: str) -> Credential:
    try:
        pair = decoded(binascii.a2b_base64(value.encode() + b"=="))
    except binascii.Error:
        return {"token": value}
    user, _, password = pair.partition(":")
    return {"user": user, "password": password, "pair": pair}


def _sigv4(value: str) -> Credential:
    scope, signature = _SCOPED.search(value), _SIGNED.search(value)
    return {
        **(_scope(scope[1]) if scope else {"token": value}),
        **({"signature": signature[1]} if signature else {}),
    }


def _scope(value: str) -> Credential:
    """``AKIA.../20261122/eu-west-1/s3/aws4_request``; SigV4A's scope has no region."""
    parts = value.split("/")
    names = (
        ("access_key_id", "date", "region", "service")
        if len(parts) > 4
        else ("access_key_id", "date", "service")
    )
    return dict(zip(names, parts, strict=False))
