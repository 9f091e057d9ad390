"""Proofs that a client knows a secret without showing it, and whether a given secret would have made them.

MySQL ("Native Authentication", "Caching_sha2_password information"), SCRAM (RFC 5802, RFC 7677; MongoDB's own SHA-1
form), VNC (RFC 6143, 7.2.2), HTTP Digest (RFC 7616), AWS Signature Version 4. All of it is read from what was recorded.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from canaries.core.lazily import lazily
from listener.http.message import ParsedMessage, parse

Raw = Callable[[], bytes | None]
"""The bytes as they came, or None where they are not kept whole."""
_MOST_ITERATIONS = 100_000
_CREDENTIAL = re.compile(r"([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class GivenProof:
    """One answer to a challenge."""

    how: str
    """The scheme's name: ``MySQL scramble``."""
    asked: str
    """The challenge, or what takes its place: two proofs of the same one are the same exchange."""
    response: str
    """The answer itself."""
    made_by: Callable[[str], bool]
    """Whether this secret makes the answer."""
    user: str = ""

    def shows(self, secret: str) -> bool:
        """Whether this secret makes the answer; what cannot be computed, as something of it is missing, does not."""
        try:
            return self.made_by(secret)
        except (LookupError, TypeError, ValueError):
            return False

    @lazily
    def mark(self) -> str:
        """What a copy of this answer has too."""
        return f"{self.how}:{self.response}"


def given_proof(trap: str, seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    """The proof that was observed by ``trap``, or None. Never raises: what is no proof of its form is none."""
    for scheme in _SCHEMES.get(trap, ()):
        try:
            found = scheme(seen, raw)
        except (LookupError, TypeError, ValueError):
            continue
        if found is not None:
            return found
    return None


def _mysql(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    salt, response = bytes.fromhex(seen["challenge"])[:20], bytes.fromhex(seen["response"])
    if len(response) not in (20, 32) or len(salt) != 20:
        return None

    def made_by(secret: str) -> bool:
        if len(response) == 20:
            once = hashlib.sha1(secret.encode()).digest()  # noqa: S324  the protocol's
            twice = hashlib.sha1(once).digest()  # noqa: S324
            return _xor(once, hashlib.sha1(salt + twice).digest()) == response  # noqa: S324
        once = hashlib.sha256(secret.encode()).digest()
        twice = hashlib.sha256(once).digest()
        return _xor(once, hashlib.sha256(twice + salt).digest()) == response

    return GivenProof("MySQL scramble", salt.hex(), response.hex(), made_by, str(seen.get("user", "")))


def _scram(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    first, server, final = str(seen["asked"]), str(seen["challenge"]), str(seen["response"])
    bare = first.split(",", 2)[2]
    without, _, proof = final.rpartition(",p=")
    fields = dict(part.split("=", 1) for part in server.split(","))
    salt, rounds = base64.b64decode(fields["s"], validate=True), int(fields["i"])
    algorithm = "sha1" if seen["mechanism"] == "SCRAM-SHA-1" else "sha256"
    wanted, user = base64.b64decode(proof, validate=True), str(seen.get("user", ""))
    if not without or not 0 < rounds <= _MOST_ITERATIONS or len(wanted) != hashlib.new(algorithm).digest_size:
        return None
    message = ",".join((bare, server, without)).encode()

    def made_by(secret: str) -> bool:
        if (
            algorithm == "sha1"
        ):  # MongoDB hashes user and password first (its specification of authentication)
            secret = hashlib.md5(f"{user}:mongo:{secret}".encode("utf-8", "replace")).hexdigest()  # noqa: S324
        salted = hashlib.pbkdf2_hmac(algorithm, secret.encode(), salt, rounds)
        client = hmac.new(salted, b"Client Key", algorithm).digest()
        signed = hmac.new(hashlib.new(algorithm, client).digest(), message, algorithm).digest()
        return hmac.compare_digest(_xor(client, signed), wanted)

    return GivenProof("SCRAM proof", fields["r"], proof, made_by, user)


def _vnc(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    asked, response = bytes.fromhex(seen["challenge"]), bytes.fromhex(seen["response"])
    if len(asked) != 16 or len(response) != 16:
        return None

    def made_by(secret: str) -> bool:
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
        from cryptography.hazmat.primitives.ciphers import Cipher, modes

        key = secret.encode("latin-1", "replace")[:8].ljust(8, b"\0")
        mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
        sealing = Cipher(TripleDES(mirrored * 3), modes.ECB()).encryptor()  # noqa: S305  the protocol's
        return sealing.update(asked) == response

    return GivenProof("VNC response", asked.hex(), response.hex(), made_by)


def _credential(seen: Mapping[str, Any], scheme: str) -> Mapping[str, str]:
    return next(one for one in seen.get("credentials", ()) if one.get("scheme") == scheme)


def _digest(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
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

    def digest(text: str) -> str:
        return hashlib.new(algorithm, text.encode("utf-8", "replace")).hexdigest()

    def made_by(secret: str) -> bool:
        first = digest(f"{user}:{realm}:{secret}")
        if session:
            first = digest(f"{first}:{nonce}:{cnonce}")
        whole = ":".join((first, nonce, *counted, digest(f"{method}:{uri}")))
        return digest(whole) == said["response"].lower()

    return GivenProof("Digest response", nonce, said["response"], made_by, user)


def _sigv4(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    signs = any(one.get("scheme") == "sigv4" for one in seen.get("credentials", ()))
    sent = raw() if signs else None
    if sent is None:
        return None
    message = parse(sent)
    found = _scope(message.fields.get("authorization", ""))
    query = _pairs(message.query)
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
            "".join(f"{name}:{_header(message, name)}\n" for name in names.split(";")),
            names,
            hashed,
        )
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"

    def made_by(secret: str) -> bool:
        key = f"AWS4{secret}".encode()
        for part in (day, region, service, "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest() == signature

    return GivenProof("AWS signature", f"{at} {canonical}", signature, made_by)


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


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(unquote(name), unquote(value)) for name, _, value in parts]


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


def _header(message: ParsedMessage, name: str) -> str:
    values = [" ".join(value.split()) for key, value in message.headers if key.lower() == name]
    return ",".join(values)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


_SCHEMES: dict[str, tuple[Callable[[Mapping[str, Any], Raw], GivenProof | None], ...]] = {
    "mysql": (_mysql,),
    "mongodb": (_scram,),
    "vnc": (_vnc,),
    "http": (_sigv4, _digest),
}
