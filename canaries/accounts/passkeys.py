"""Passkeys: keys that an authenticator keeps for one host name (W3C Web Authentication, Level 3), by py_webauthn.

A passkey signs in by itself: the authenticator has asked its owner for a PIN or a finger (*user verification*), which
is required. No attestation is asked for: which make of authenticator it is, is nobody's business here.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Row, delete, func, insert, select, update

from canaries.accounts import accounts, backoff, sessions
from canaries.core import store
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.core.schema_accounts import passkey
from canaries.core.text import visible

if TYPE_CHECKING:
    from canaries.accounts.challenges import Challenges
    from canaries.accounts.sessions import SignedIn
    from canaries.installation.home import Home

MOST, _LONGEST = 20, 32_768
"""Passkeys of one account; characters of what a browser sends."""
_REGISTER, _SIGN_IN = "passkey of {}", "sign in by passkey"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom a passkey is for."""

    id: str
    """The host's name; authenticators give a passkey to no other."""
    origin: str
    """Scheme, host and port that the browser has to name."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of an account's."""

    id: str
    name: str
    """What its owner calls it."""
    host: str
    """The name under which the console has to be opened for it."""
    created_at: str
    used_at: str
    """Empty: never."""


def relying_party(origin: str) -> RelyingParty | None:
    """For ``https://trapline.example.net``; None where browsers know no passkeys: at an address, or without TLS."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return RelyingParty(host, origin) if parts.scheme == "https" or host == "localhost" else None
    return None


def options_to_register(home: Home, account_id: str, party: RelyingParty, challenges: Challenges) -> str:
    """JSON for ``navigator.credentials.create``."""
    import webauthn
    from webauthn.helpers import structs

    account = accounts.find(home, account_id)
    with home.store.read() as connection:
        known = connection.execute(_of(account_id)).all()
    made = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=home.settings.operator.organisation or "Trapline",
        user_id=account.id.encode(),
        user_name=account.name,
        challenge=challenges.make(_REGISTER.format(account_id)),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=row.credential) for row in known],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(made)


def register(
    home: Home, account_id: str, party: RelyingParty, challenges: Challenges, credential: str, name: str
) -> Passkey:
    """Keep what ``navigator.credentials.create`` gave. Raises AccessError, TraplineError."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    account, given, clean = accounts.find(home, account_id), _parsed(credential), name.strip()
    if not clean or len(clean) > 80 or clean != visible(clean):
        raise TraplineError(
            "a passkey needs a name of at most 80 plain characters", hint="phone, key on the ring"
        )
    challenge, purpose = _challenge(given), _REGISTER.format(account_id)
    challenges.check(purpose, challenge)
    try:
        proven = webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refusal() from error
    challenges.spend(purpose, challenge)
    now, table = home.now(), passkey
    values: dict[str, Any] = {"id": secrets.token_hex(8), "account_id": account.id, "name": clean}
    values |= {"digest": _digest(proven.credential_id), "credential": proven.credential_id}
    values |= {"public_key": proven.credential_public_key, "signs": proven.sign_count}
    values |= {"relying_party": party.id, "created_at": now}
    body = {"account": account.name, "act": "passkey-added", "passkey": values["id"], "name": clean}
    said = home.act("account", body, now)
    with home.store.write() as connection:
        mine = table.c.account_id == account.id
        if connection.execute(select(func.count()).select_from(table).where(mine)).scalar_one() >= MOST:
            raise TraplineError(f"{account.name} has {MOST} passkeys", hint="remove those that nobody uses")
        if connection.scalar(select(table.c.id).where(table.c.digest == values["digest"])) is not None:
            raise TraplineError("this passkey is known already")
        connection.execute(insert(table).values(**values))
        home.writer.put(connection, said)
    return Passkey(values["id"], clean, party.id, now, "")


def options_to_sign_in(party: RelyingParty, challenges: Challenges) -> str:
    """JSON for ``navigator.credentials.get``: the same for everybody, so that it tells of no account."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    made = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenges.make(_SIGN_IN),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(made)


def sign_in(home: Home, party: RelyingParty, challenges: Challenges, credential: str, ip: str) -> SignedIn:
    """A session for what ``navigator.credentials.get`` gave. Raises AccessError: one sentence, whatever was wrong."""
    network, table = backoff.network_of(ip), passkey
    backoff.check(home, "", network)
    row: Row[Any] | None = None
    try:
        given = _parsed(credential)
        challenge = _challenge(given)
        challenges.check(_SIGN_IN, challenge)
        row = _row(home, given)
        signs = _proven(given, challenge, party, row)
        challenges.spend(_SIGN_IN, challenge)
    except AccessError:
        raise sessions.failure(home, None, "", network, _refusal().sentence) from None
    account = store.account
    with home.store.write() as connection:
        same = (table.c.id == row.id) & (table.c.signs == row.signs)
        done = connection.execute(update(table).where(same).values(signs=signs, used_at=home.now())).rowcount
        found = connection.execute(select(account).where(account.c.id == row.account_id)).first()
    if found is None or found.disabled_at or done != 1:
        raise sessions.failure(home, found, "", network, _refusal().sentence)
    return sessions.begin(home, found, network, "passkey")


def listing(home: Home, account_id: str) -> list[Passkey]:
    """Those of an account, newest first."""
    with home.store.read() as connection:
        rows = connection.execute(_of(account_id).order_by(passkey.c.created_at.desc())).all()
    return [Passkey(row.id, row.name, row.relying_party, row.created_at, row.used_at) for row in rows]


def remove(home: Home, account_id: str, passkey_id: str, reason: str = "") -> None:
    """It signs in nobody any more. Raises NotFoundError where the account has none of that id."""
    account, table = accounts.find(home, account_id), passkey
    if passkey_id not in [one.id for one in listing(home, account_id)]:
        raise NotFoundError("there is no such passkey")
    body = {"account": account.name, "act": "passkey-removed", "passkey": passkey_id, **accounts.why(reason)}
    said = home.act("account", body)
    with home.store.write() as connection:
        connection.execute(delete(table).where(table.c.id == passkey_id, table.c.account_id == account_id))
        home.writer.put(connection, said)


def _of(account_id: str) -> Any:
    return select(passkey).where(passkey.c.account_id == account_id)


def _row(home: Home, given: dict[str, Any]) -> Row[Any]:
    """The passkey that the browser names. Raises AccessError; its owner too, where the authenticator names another."""
    from webauthn import base64url_to_bytes

    try:
        named = base64url_to_bytes(given["rawId"])
        handle = base64url_to_bytes(given["response"].get("userHandle") or "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refusal() from error
    table = passkey
    with home.store.read() as connection:
        row = connection.execute(select(table).where(table.c.digest == _digest(named))).first()
    if row is None or handle != row.account_id.encode():
        raise _refusal()
    return row


def _proven(given: dict[str, Any], challenge: bytes, party: RelyingParty, row: Row[Any]) -> int:
    """The authenticator's counter. Raises AccessError where the signature or anything that it is about is wrong."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.signs,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refusal() from error


def _parsed(credential: str) -> dict[str, Any]:
    try:
        found = json.loads(credential) if len(credential) <= _LONGEST else None
    except (ValueError, RecursionError) as error:
        raise _refusal() from error
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        raise _refusal()
    return found


def _challenge(given: dict[str, Any]) -> bytes:
    """Which challenge the browser says that it answers; `webauthn` checks that the signature is over it."""
    from webauthn import base64url_to_bytes

    try:
        said = json.loads(base64url_to_bytes(given["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refusal() from error


def _digest(credential_id: bytes) -> bytes:
    return hashlib.sha256(credential_id).digest()


def _refusal() -> AccessError:
    return AccessError("the passkey was not taken", hint="try again, or sign in by password", known=False)
