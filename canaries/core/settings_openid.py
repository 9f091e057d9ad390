"""The settings of sign-in by an OpenID Connect provider; the others are in `canaries.core.settings`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class OpenidSettings:
    """A provider that vouches for operators. Who has none of ``roles`` does not come in."""

    issuer: str = ""
    """Its issuer URL, as its discovery document names it (``https://id.example.net``); empty: none."""
    client_id: str = ""
    """Under which this console is registered there."""
    client_secret: str = ""
    """Of the same; better by TRAPLINE_OPENID_CLIENT_SECRET than in a file."""
    label: str = "your organisation"
    """What the sign-in page calls it."""
    claim: str = "groups"
    """The claim of the ID token that says who may do what."""
    roles: tuple[str, ...] = ()
    """Values of that claim with the role of each: ``["trapline-admins=admin", "staff=analyst"]``. The first counts."""
    name_claim: str = "preferred_username"
    """The claim from which an account gets its name."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        if self.issuer and not (
            parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname))
        ):
            raise ValueError("issuer must start with https://")
        if self.issuer and not (self.client_id and self.roles):
            raise ValueError("issuer needs client_id and roles too")
        for one in self.roles:
            if not all(one.rpartition("=")[::2]):
                raise ValueError(f"roles names {one!r}: write VALUE=ROLE")

    def role_of(self, values: list[str]) -> str:
        """The first of ``roles`` whose value is among these; empty: none."""
        return next(
            (role for value, _, role in (one.rpartition("=") for one in self.roles) if value in values), ""
        )


def _loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
