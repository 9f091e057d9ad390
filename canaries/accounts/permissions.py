"""Which role may do what: the one table. Every page and every route names a permission; `require` asks the table.

``OWN``: only with canaries that the account minted itself, their placements, its own tokens and jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from canaries.core.errors import AccessError


class Permission(StrEnum):
    """What is asked for. The value is a token's scope."""

    CANARIES_MINT = "canaries:mint"
    CANARIES_READ = "canaries:read"
    CANARIES_CHANGE = "canaries:change"
    """Retire, extend, tag, amend."""
    CANARIES_REVEAL = "canaries:reveal"
    """See the bait in clear, again."""
    PLACEMENTS_READ = "placements:read"
    PLACEMENTS_NOTE = "placements:note"
    """Put on record where bait was put by hand, or by a machine without a home."""
    HITS_READ = "hits:read"
    HITS_RAW = "hits:raw"
    """See raw bytes as a visitor sent them."""
    INCIDENTS_READ = "incidents:read"
    INCIDENTS_CHANGE = "incidents:change"
    """Write notes, assessments and ratings, acknowledge, assign, close, reopen, split, merge."""
    ALERTS_READ = "alerts:read"
    ALERTS_CHANGE = "alerts:change"
    """Send again, give up; make, review and end the rules that keep hits quiet."""
    CHANNELS_TEST = "channels:test"
    DOSSIERS_BUILD = "dossiers:build"
    LEDGER_READ = "ledger:read"
    """Checkpoints, proofs, verification, the trail of what operators did."""
    HOLDS_CHANGE = "holds:change"
    """Place, review and release legal holds."""
    SCAN = "scan:run"
    """Look for canaries in a file."""
    LOOKUPS_READ = "lookups:read"
    """See who looked up watched records, and the reasons given; neither queries nor whose records."""
    LOOKUPS_REVIEW = "lookups:review"
    """Write down what came of look-ups."""
    LOOKUPS_FULL = "lookups:full"
    """See a look-up's query, and whose records it touched."""
    HEALTH_READ = "health:read"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_CHANGE = "accounts:change"
    APPROVALS = "approvals:decide"
    """See what waits for a second person, and decide on what one may do oneself."""
    TOKENS = "tokens:manage"
    """List, make and revoke tokens."""
    JOBS = "jobs:read"
    """See long work, its progress and its result."""


class Reach(StrEnum):
    """With whose objects."""

    OWN = "own"
    ALL = "all"


_P = Permission
_READING = (
    *(_P.CANARIES_READ, _P.PLACEMENTS_READ, _P.HITS_READ, _P.INCIDENTS_READ, _P.ALERTS_READ),
    *(_P.LEDGER_READ, _P.HEALTH_READ, _P.LOOKUPS_READ),
)
_WORKING = (
    *(_P.CANARIES_MINT, _P.CANARIES_CHANGE, _P.CANARIES_REVEAL, _P.HITS_RAW, _P.INCIDENTS_CHANGE),
    *(_P.ALERTS_CHANGE, _P.CHANNELS_TEST, _P.DOSSIERS_BUILD, _P.SCAN, _P.APPROVALS),
    *(_P.LOOKUPS_REVIEW, _P.LOOKUPS_FULL, _P.PLACEMENTS_NOTE, _P.HOLDS_CHANGE),
)
_OWN = {_P.TOKENS: Reach.OWN, _P.JOBS: Reach.OWN}

ROLES: Mapping[str, Mapping[Permission, Reach]] = {
    "planter": {
        **dict.fromkeys((_P.CANARIES_MINT, _P.CANARIES_READ, _P.CANARIES_CHANGE), Reach.OWN),
        **dict.fromkeys((_P.CANARIES_REVEAL, _P.PLACEMENTS_READ, _P.PLACEMENTS_NOTE), Reach.OWN),
        **_OWN,
    },
    "analyst": {**dict.fromkeys((*_READING, *_WORKING), Reach.ALL), **_OWN},
    "auditor": {**dict.fromkeys((*_READING, _P.ACCOUNTS_READ), Reach.ALL), **_OWN},
    "admin": dict.fromkeys(Permission, Reach.ALL),
}
"""An auditor reads all and changes nothing, but for tokens of their own, which can do no more."""

MUST_READ: frozenset[Permission] = frozenset(_READING) | {_P.ACCOUNTS_READ, _P.JOBS}
"""Permissions that change nothing, whatever is done with them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as it was proven by a session or a token."""

    account: str
    """Its id."""
    name: str
    role: str
    reaches: Mapping[Permission, Reach] = field(repr=False)
    """What it may do now: of the role, and where it is a token also of its scopes."""
    token: str = ""
    """Id of the token; empty: a session."""

    @property
    def allowed(self) -> dict[str, str]:
        """For the lines of its entries."""
        return {"role": self.role, "by": f"token {self.token}" if self.token else "session"}

    def may(self, permission: Permission) -> bool:
        """Whether it may at all, if only with its own objects."""
        return permission in self.reaches

    def may_all(self, permission: Permission) -> bool:
        """Whether it may with everybody's objects."""
        return self.reaches.get(permission) is Reach.ALL

    def require(self, permission: Permission, owner: str | None = None) -> None:
        """Raises AccessError where it may not. ``owner``: account id of the object that it is about."""
        reach = self.reaches.get(permission)
        if reach is Reach.ALL or (reach is Reach.OWN and owner in (None, self.account)):
            return
        why = f"a token without the scope {permission}" if self.token else f"the role {self.role}"
        raise AccessError(f"{why} does not allow this", hint=f"it needs: {permission}")


def actor(
    account: str, name: str, role: str, *, token: str = "", scopes: frozenset[str] | None = None
) -> Actor:
    """What an account may do; an unknown role may nothing."""
    reaches = ROLES.get(role, {})
    if scopes is not None:
        reaches = {one: reach for one, reach in reaches.items() if one.value in scopes}
    return Actor(account, name, role, reaches, token)


def scopes_of(role: str) -> list[str]:
    """All scopes that a token of such an account can have."""
    return sorted(one.value for one in ROLES.get(role, {}))
