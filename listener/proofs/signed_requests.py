"""Requests that are signed with a secret: HTTP Digest (RFC 7616) and AWS Signature Version 4, header and query."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from canaries.crypto.verifiers import aws_date_key
from listener.http.message import ParsedMessage, parse
from listener.proofs.given import GivenProof, Raw
from listener.proofs.request_parts import header, pairs

_CREDENTIAL = re.compile(r"([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


def _credential(seen: Mapping[str, Any], scheme: str) -> Mapping[str, str]:
    return next(one for one in seen.get("credentials", ()) if one.get("scheme") == scheme)


def digest(seen: Mapping[str, Any], _raw: Raw) -> GivenProof | None:
    """A Digest response. Raises LookupError, TypeError, ValueError where something of it is missing."""
    try:
        said = _credential(seen, "digest")
    except StopIteration:
        return None
    name = said.get("algorithm", "MD5").upper().removesuffix("-SESS")
    algorithm = {"MD5": "md5", "SHA-256": "sha256"}[name]
    user, realm, nonce, uri = said["username"], said.get("realm", ""), said["nonce"], said["uri"]
    counted = [said[part] for part in ("nc", "cnonce", "qop")] if said.get("qop") else []
    method, session = str(seen.get("method", "GET")), said.get("algorithm", "").lower().endswith("-sess")
    cnonce = said["cnonce"] if session else ""

    def hashed(text: str) -> str:
        return hashlib.new(algorithm, text.encode("utf-8", "replace")).hexdigest()

    def made_by(secret: str) -> bool:
        first = hashed(f"{user}:{realm}:{secret}")
        if session:
            first = hashed(f"{first}:{nonce}:{cnonce}")
        whole = ":".join((first, nonce, *counted, hashed(f"{method}:{uri}")))
        return hashed(whole) == said["response"].lower()

    return GivenProof("Digest response", nonce, said["response"], made_by, user)


def sigv4(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    """An AWS signature, of a request whose bytes are there. Raises LookupError, TypeError, ValueError."""
    signs = any(one.get("scheme") == "sigv4" for one in seen.get("credentials", ()))
    sent = raw() if signs else None
    if sent is None:
        return None
    message = parse(sent)
    found = _scope(message.fields.get("authorization", ""))
    query = pairs(message.query)
    if found is None:
        found = _scope(_presigned(query))
        query = [pair for pair in query if pair[0] != "X-Amz-Signature"]
        hashed, at = "UNSIGNED-PAYLOAD", dict(query).get("X-Amz-Date", "")
    else:
        hashed, at = _payload_hash(message, sent), message.fields.get("x-amz-date", "")
    if found is None or not hashed or not at:
        return None
    day, region, service, names, signature = found
    path = message.path or "/"
    canonical = "\n".join(
        (
            message.method,
            path if service == "s3" else quote(path, safe="/~"),
            "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query)),
            "".join(f"{name}:{header(message, name)}\n" for name in names.split(";")),
            names,
            hashed,
        )
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"

    def signed_with(key: bytes) -> bool:
        """``key`` is the DateKey."""
        for part in (region, service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, to_sign.encode(), "sha256").hex() == signature

    def made_by(secret: str) -> bool:
        return signed_with(hmac.digest(f"AWS4{secret}".encode(), day.encode(), "sha256"))

    def known_by(held: Mapping[str, str]) -> bool | None:
        key = aws_date_key(held, day)
        return None if key is None else signed_with(key)

    return GivenProof("AWS signature", f"{at} {canonical}", signature, made_by, known_by=known_by)


def _scope(text: str) -> tuple[str, str, str, str, str] | None:
    """(day, region, service, signed headers, signature) of ``NAME=VALUE, ...``, whatever is before the first name. One
    expression for all of it would take time by the cube of what a visitor sends."""
    pairs = (part.partition("=") for part in text.split(","))
    said = {name.split()[-1]: value.strip() for name, _, value in pairs if name.strip()}
    credential = _CREDENTIAL.fullmatch(said.get("Credential", ""))
    names, signature = said.get("SignedHeaders", ""), said.get("Signature", "")
    if credential is None or not names or not _SIGNATURE.fullmatch(signature):
        return None
    return credential[2], credential[3], credential[4], names, signature


def _presigned(query: list[tuple[str, str]]) -> str:
    said = dict(query)
    names = (
        ("Credential", "X-Amz-Credential"),
        ("SignedHeaders", "X-Amz-SignedHeaders"),
        ("Signature", "X-Amz-Signature"),
    )
    return ", ".join(f"{name}={said.get(field, '')}" for name, field in names)


def _payload_hash(message: ParsedMessage, sent: bytes) -> str:
    """As the client says it, or of the body as it came; empty where its coding was undone."""
    said = message.fields.get("x-amz-content-sha256", "")
    if said or "transfer-encoding" in message.fields or "content-encoding" in message.fields:
        return said
    return hashlib.sha256(message.body).hexdigest() if sent.endswith(message.body) else ""
