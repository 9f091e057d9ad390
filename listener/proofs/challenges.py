"""Answers to a challenge that a trap has sent: MySQL's scrambles, SCRAM, VNC.

MySQL ("Native Authentication", "Caching_sha2_password information"), SCRAM (RFC 5802, RFC 7677; MongoDB's own SHA-1
form), VNC (RFC 6143, 7.2.2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from canaries.crypto import scram, vnc_des
from canaries.crypto.verifiers import answers_mysql, answers_scram, answers_vnc
from listener.proofs.given import GivenProof, Raw

_MOST_ITERATIONS = 100_000


def mysql(seen: Mapping[str, Any], _raw: Raw) -> GivenProof | None:
    """A scramble. Raises LookupError, TypeError, ValueError where there is none."""
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

    def known_by(held: Mapping[str, str]) -> bool | None:
        return answers_mysql(held, salt, response)

    user = str(seen.get("user", ""))
    return GivenProof("MySQL scramble", salt.hex(), response.hex(), made_by, user, known_by)


def mongodb(seen: Mapping[str, Any], _raw: Raw) -> GivenProof | None:
    """A client-final-message. Raises LookupError, TypeError, ValueError where there is none."""
    first, server, final = str(seen["asked"]), str(seen["challenge"]), str(seen["response"])
    bare = first.split(",", 2)[2]
    without, _, proof = final.rpartition(",p=")
    fields = dict(part.split("=", 1) for part in server.split(","))
    salt, rounds = base64.b64decode(fields["s"], validate=True), int(fields["i"])
    mechanism = "SCRAM-SHA-1" if seen["mechanism"] == "SCRAM-SHA-1" else "SCRAM-SHA-256"
    wanted, user = base64.b64decode(proof, validate=True), str(seen.get("user", ""))
    size = 20 if mechanism == "SCRAM-SHA-1" else 32
    if not without or not 0 < rounds <= _MOST_ITERATIONS or len(wanted) != size:
        return None
    message = ",".join((bare, server, without)).encode()

    def made_by(secret: str) -> bool:
        key = scram.client_key(mechanism, user, secret, salt, rounds)
        return scram.proves(mechanism, scram.stored_key(mechanism, key), message, wanted)

    def known_by(held: Mapping[str, str]) -> bool | None:
        return answers_scram(held, mechanism, salt, rounds, message, wanted)

    return GivenProof("SCRAM proof", fields["r"], proof, made_by, user, known_by)


def vnc(seen: Mapping[str, Any], _raw: Raw) -> GivenProof | None:
    """A viewer's response. Raises LookupError, TypeError, ValueError where there is none."""
    asked, response = bytes.fromhex(seen["challenge"]), bytes.fromhex(seen["response"])
    if not len(asked) == len(response) == vnc_des.CHALLENGE_BYTES:
        return None

    def made_by(secret: str) -> bool:
        return hmac.compare_digest(vnc_des.response(vnc_des.key(secret), asked), response)

    def known_by(held: Mapping[str, str]) -> bool | None:
        return answers_vnc(held, asked, response)

    return GivenProof("VNC response", asked.hex(), response.hex(), made_by, known_by=known_by)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
