"""The tables of accounts: who may use console and API, their sessions and tokens. Nothing in them can be used as it is.

Cookies, tokens and invitations are kept as SHA-256 of 256 random bits, passwords as Argon2id, the secrets of one-time
codes in a box under the ``alerts`` key. What happened to an account is in the ledger; these rows are its present state.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from canaries.core.schema import metadata

account = Table(
    "account",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(12), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("disabled_at", String(27), nullable=False, default=""),
    Column("version", Integer, nullable=False, default=1),
    Column("password", Text, nullable=False, default=""),
    Column("sealed", LargeBinary),
    Column("totp_step", BigInteger, nullable=False, default=0),
    Column("invitation", LargeBinary(32)),
    Column("invited_until", String(27), nullable=False, default=""),
    Index("account_name", "name", unique=True),
    Index("account_invitation", "invitation", unique=True),
)
"""`version` counts up whenever sessions must end: another role, another password, disabled. `totp_step`: the time step
of the last code that was taken, which no code may repeat."""

account_session = Table(
    "account_session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account_id", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("until", String(27), nullable=False),
    Column("network", String(48), nullable=False),
    Column("used_at", String(27), nullable=False, default="", server_default=""),
    Index("account_session_account", "account_id"),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("account_id", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("signs", BigInteger, nullable=False),
    Column("relying_party", String(253), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("used_at", String(27), nullable=False, default=""),
    Index("passkey_digest", "digest", unique=True),
    Index("passkey_account", "account_id"),
)
"""Public halves of keys that an authenticator keeps. `digest`: of `credential`, its id there; `signs`: its counter."""

identity = Table(
    "identity",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account_id", String(16), nullable=False),
    Column("issuer", String(400), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("used_at", String(27), nullable=False),
    Index("identity_account", "account_id"),
)
"""Whom an OpenID Connect provider vouches for: `digest` is of issuer and subject."""

approval = Table(
    "approval",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("deed", String(16), nullable=False),
    Column("about", String(200), nullable=False),
    Column("account_id", String(16), nullable=False),
    Column("entry_id", String(32), nullable=False),
    Column("asked_at", String(27), nullable=False),
    Column("until", String(27), nullable=False),
    Column("state", String(12), nullable=False, default="waiting"),
    Column("decided_by", String(16), nullable=False, default=""),
    Index("approval_account", "account_id", "state"),
)
"""What waits for a second person: `state` is waiting, approved, refused or used. The reasons are in the entries."""

api_token = Table(
    "api_token",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("account_id", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("revoked_at", String(27), nullable=False, default=""),
    Column("used_at", String(27), nullable=False, default=""),
    Column("used_from", String(48), nullable=False, default=""),
    Index("api_token_digest", "digest", unique=True),
    Index("api_token_account", "account_id"),
)
"""`scopes`: permissions, separated by spaces; of them the token has those that its account's role still has."""

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", String(27), nullable=False),
    Column("until", String(27), nullable=False),
)
"""Failures of late, by ``NAME NETWORK`` and by ``NETWORK``. Nothing is tried before `until`."""

mint_request = Table(
    "mint_request",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("body", LargeBinary(32), nullable=False),
    Column("at", String(27), nullable=False),
)
"""Idempotency keys of the API: a hash of account and key, and of what was asked for with it. The canaries name it."""
