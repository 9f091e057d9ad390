"""What tells the right secret of a canary from a wrong one, without being the secret: in the canary's label.

A minted secret holds more than 100 bits of chance, so no hash of it leads back to it. Where a protocol proves a secret
without showing it, the label has what a server of that protocol would keep: MySQL's double hash, SCRAM's stored key,
for signatures of AWS and Azure the states that the key leaves in HMAC, of an RSA key its public half. VNC's eight
characters have nothing of that sort: its DES key is kept, which is the password. The label is sealed under the
``alerts`` key, which a thief of the database does not have.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping

from canaries.core.model import Token
from canaries.crypto import hmac_states, scram, service_keys, vnc_des

SECRETS = frozenset({"password", "secret", "token", "auth_token", "api_key", "private_key"})
"""Facets that are secrets themselves."""
_OLD_AWS: tuple[hmac_states.Hash, ...] = ("sha1", "sha256")
"""What AWS Signature Version 2 signs with: S3 with the first, the query API with either."""
_AZURE_KEY_BYTES = 64
"""Of a storage account's key; a bait's secret of that form is taken for one."""
_AZURE_TEXT = 88
"""Characters of such a key."""
_SHORTEST = 16
"""Characters. A shorter secret (VNC's eight) could be found from its hash."""


def verifiers(
    tokens: Iterable[Token],
    traps: Iterable[str],
    *,
    user: str = "",
    front_key: bytes = b"",
    text: str = "",
    states: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """By scheme, of a canary with these tokens that leads to ``traps``; empty where it has no secret.

    ``user``: the one that stands beside the secret; ``front_key``: from which follows what the trap will ask; ``text``:
    the bait's, which may hold a private key; ``states``: those of its `signing_keys`, if somebody has them already.
    """
    listed = list(tokens)
    secrets = [one.value for one in listed if one.facet in SECRETS]
    long = [one.encode() for one in secrets if len(one) >= _SHORTEST]
    found = {"clear": " ".join([hashlib.sha256(one).hexdigest() for one in long])} if long else {}
    if public := service_keys.public_half(text):
        found["rs256"] = public
    if len(secrets) != 1:
        return found
    if "vnc" in traps:
        found["vnc"] = vnc_des.key(secrets[0]).hex()
    if not long:
        return found
    if "mysql" in traps:
        once = hashlib.sha1(long[0]).digest()  # noqa: S324  the protocol's
        found["mysql_native_password"] = hashlib.sha1(once).hexdigest()  # noqa: S324
        found["caching_sha2_password"] = hashlib.sha256(hashlib.sha256(long[0]).digest()).hexdigest()
    if "mongodb" in traps and user and front_key:
        found |= {name: _stored(name, user, secrets[0], front_key) for name in scram.MECHANISMS}
    if states is None:
        states = {scheme: hmac_states.states(*key) for scheme, key in signing_keys(listed).items()}
    return {**found, **states}


def signing_keys(tokens: Iterable[Token]) -> dict[str, hmac_states.SigningKey]:
    """By scheme, the keys that the one secret among ``tokens`` signs with; none where there is no such."""
    listed = list(tokens)
    secrets = [one.value for one in listed if one.facet in SECRETS]
    if len(secrets) != 1 or len(secrets[0]) < _SHORTEST:
        return {}
    found: dict[str, hmac_states.SigningKey] = {}
    if any(one.facet == "access_key_id" for one in listed):
        secret = secrets[0].encode()
        found["aws4"] = b"AWS4" + secret, "sha256"
        found |= {f"aws2_{name}": (secret, name) for name in _OLD_AWS}
    if (key := azure_key(secrets[0])) is not None:
        found["azure"] = key, "sha256"
    return found


def azure_key(secret: str) -> bytes | None:
    """The key that a storage account's secret is the Base64 of; None where it is none."""
    if len(secret) != _AZURE_TEXT:
        return None
    try:
        key = base64.b64decode(secret, validate=True)
    except ValueError:
        return None
    return key if len(key) == _AZURE_KEY_BYTES else None


def _stored(mechanism: str, user: str, secret: str, front_key: bytes) -> str:
    salt, iterations = scram.salt(front_key, user, mechanism), scram.MECHANISMS[mechanism][1]
    key = scram.client_key(mechanism, user, secret, salt, iterations)
    return f"{iterations},{base64.b64encode(salt).decode()},{scram.stored_key(mechanism, key).hex()}"


def shown_in_clear(found: Mapping[str, str], secret: str) -> bool | None:
    """Whether ``secret`` is the canary's, or one of them; None where it has no verifier."""
    if "clear" not in found:
        return None
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest() in found["clear"].split()


def answers_mysql(found: Mapping[str, str], challenge: bytes, response: bytes) -> bool | None:
    """Whether the scramble ``response`` to ``challenge`` was made with the canary's secret; None where that cannot be
    said ("Native Authentication", "Caching_sha2_password information")."""
    salt = challenge[:20]
    if len(salt) != 20:
        return None
    if len(response) == 20 and "mysql_native_password" in found:
        twice = bytes.fromhex(found["mysql_native_password"])
        once = _xor(response, hashlib.sha1(salt + twice).digest())  # noqa: S324
        return hashlib.sha1(once).digest() == twice  # noqa: S324
    if len(response) == 32 and "caching_sha2_password" in found:
        twice = bytes.fromhex(found["caching_sha2_password"])
        once = _xor(response, hashlib.sha256(twice + salt).digest())
        return hashlib.sha256(once).digest() == twice
    return None


def answers_scram(
    found: Mapping[str, str], mechanism: str, salt: bytes, iterations: int, message: bytes, proof: bytes
) -> bool | None:
    """Whether ``proof`` of the exchange ``message`` was made with the canary's secret; None where it was asked for with
    another user's salt."""
    rounds, _, rest = found.get(mechanism, "").partition(",")
    kept, _, stored = rest.partition(",")
    if not stored or int(rounds) != iterations or base64.b64decode(kept) != salt:
        return None
    return scram.proves(mechanism, bytes.fromhex(stored), message, proof)


def answers_vnc(found: Mapping[str, str], challenge: bytes, response: bytes) -> bool | None:
    """Whether a viewer with the canary's password answers so."""
    if "vnc" not in found or len(challenge) != vnc_des.CHALLENGE_BYTES:
        return None
    return vnc_des.response(bytes.fromhex(found["vnc"]), challenge) == response


def aws_date_key(found: Mapping[str, str], day: str) -> bytes | None:
    """DateKey of an AWS signature (Signature Version 4), from which the others follow."""
    return hmac_states.digest(found["aws4"], day.encode()) if "aws4" in found else None


def aws2_signature(found: Mapping[str, str], message: bytes, name: hmac_states.Hash) -> bytes | None:
    """What AWS Signature Version 2 makes of ``message`` under the canary's key."""
    held = found.get(f"aws2_{name}")
    return None if held is None else hmac_states.digest(held, message, name)


def azure_signature(found: Mapping[str, str], message: bytes) -> bytes | None:
    """What a storage account's key makes of a string to sign."""
    return hmac_states.digest(found["azure"], message) if "azure" in found else None


def signed_rs256(found: Mapping[str, str], message: bytes, signature: bytes) -> bool | None:
    """Whether the canary's private key made ``signature`` (RSASSA-PKCS1-v1_5 with SHA-256)."""
    return service_keys.verifies(found["rs256"], message, signature) if "rs256" in found else None


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
