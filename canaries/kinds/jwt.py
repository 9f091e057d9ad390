"""A service's JSON Web Token whose issuer is a trap."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import ClassVar

from canaries.core.clock import parse_rfc3339
from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62, HEX
from canaries.kinds import Kind, NoOptions, Order

_SERVICES = ("billing", "reports", "exports", "sync", "gateway", "ledger-api")
_YEARS_5 = 157_680_000


class Jwt(Kind):
    name: ClassVar[str] = "jwt"
    service: ClassVar[str] = "api"
    title: ClassVar[str] = "A service's JWT whose issuer is a trap"
    fired_by: ClassVar[str] = (
        "Scanners that validate what they find (kingfisher, TruffleHog) fetch the issuer's openid-configuration by "
        "themselves; people who send the token to the API beside it hand it over in clear (Bearer)."
    )
    plant_hint: ClassVar[str] = "In a .env, a log line, a Postman collection or a cookie jar."
    try_hint: ClassVar[str] = (
        "curl {url}/.well-known/openid-configuration -H 'Authorization: Bearer {secret}'"
    )

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        issued = int(parse_rfc3339(order.created_at).timestamp()) - stream.between("age", 86_400, 30_000_000)
        service = stream.pick("service", _SERVICES)
        head = _part({"alg": "HS256", "kid": stream.text("kid", HEX, 16), "typ": "JWT"})
        claims = _part(
            {
                "aud": service,
                "exp": issued + _YEARS_5,
                "iat": issued,
                "iss": f"{site.url}/",
                "jti": stream.text("jti", BASE62, 22),
                "scope": f"{service}:read {service}:write",
                "sub": f"svc-{service}",
            }
        )
        mac = hmac.new(stream.draw_bytes("key", 32), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        secret = f"{head}.{claims}.{_base64url(mac)}"
        text = f"SERVICE_TOKEN={secret}\nSERVICE_URL={site.url}\n"
        return Bait(
            (Token("secret", secret), *site.tokens),
            text,
            row={"secret": secret, "url": site.url, "host": site.host},
        )


def _part(value: dict[str, object]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())


def _base64url(raw: bytes) -> str:
    """RFC 7515, appendix C."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
