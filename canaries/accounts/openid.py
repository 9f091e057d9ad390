"""A provider's word on who somebody is: OpenID Connect Core 1.0, authorization code flow with PKCE, by Authlib.

What has to come back unchanged follows from a challenge that the browser keeps in a cookie: nothing is stored here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from canaries.core import clock, extras
from canaries.core.errors import AccessError, TraplineError

if TYPE_CHECKING:
    from canaries.accounts.challenges import Challenges
    from canaries.core.settings_openid import OpenidSettings

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Of ID tokens; none that a shared secret signs, and not `none`."""
_PURPOSE = "openid"
_KEPT, _WAIT, _LEEWAY = 3600.0, 10.0, 60
"""Seconds: for which discovery is kept, for an answer, between two clocks."""


class OpenidProvider:
    """One provider, as the settings name it. Safe with any number of threads."""

    def __init__(self, settings: OpenidSettings, tick: Callable[[], float] = clock.monotonic) -> None:
        extras.require("authlib", "openid", "sign-in by an OpenID Connect provider")
        self.settings, self._tick = settings, tick
        self._lock = threading.Lock()
        self._known: tuple[float, Mapping[str, Any]] | None = None

    def begin(self, back: str, challenges: Challenges) -> tuple[str, str]:
        """Where to send the browser, which is to come ``back``, and what it keeps in a cookie. Raises TraplineError."""
        kept = challenges.make(_PURPOSE)
        url, _ = self._session(back).create_authorization_url(
            self._discovered()["authorization_endpoint"],
            state=challenges.derive("state", kept),
            nonce=challenges.derive("nonce", kept),
            code_verifier=challenges.derive("verifier", kept),
        )
        return str(url), kept.hex()

    def finish(self, back: str, challenges: Challenges, cookie: str, url: str) -> dict[str, Any]:
        """The claims of whoever came back to ``url``. Raises AccessError, TraplineError."""
        from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
        from requests import RequestException

        try:
            kept = bytes.fromhex(cookie)
        except ValueError:
            raise _refusal() from None
        challenges.spend(_PURPOSE, kept)
        found = self._discovered()
        try:
            token = self._session(back, state=challenges.derive("state", kept)).fetch_token(
                found["token_endpoint"],
                authorization_response=url,
                state=challenges.derive("state", kept),
                code_verifier=challenges.derive("verifier", kept),
                timeout=_WAIT,
                allow_redirects=False,
            )
            said = str(token["id_token"])
        except (AuthlibBaseError, RequestException, KeyError, ValueError, TypeError) as error:
            raise _refusal() from error
        return self._claims(said, self._get(found["jwks_uri"]), challenges.derive("nonce", kept))

    def _claims(self, token: str, keys: Any, nonce: str) -> dict[str, Any]:
        """What a token says, where its signature, issuer, audience, times and nonce are right (Core 1.0, 3.1.3.7)."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        mine = self.settings.client_id
        registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": mine},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS)).claims
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _refusal() from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != mine:
            raise _refusal()
        return dict(claims)

    def _session(self, back: str, state: str | None = None) -> Any:
        from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]

        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self.settings.client_secret else "none",
            scope="openid profile email",
            redirect_uri=back,
            state=state,
            code_challenge_method="S256",
        )

    def _discovered(self) -> Mapping[str, Any]:
        """Its discovery document (Discovery 1.0, 4), which must be of the issuer that the settings name."""
        with self._lock:
            if self._known is not None and self._tick() < self._known[0]:
                return self._known[1]
        found = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not isinstance(found, dict) or found.get("issuer") != self.settings.issuer:
            raise TraplineError("the provider's discovery document is of another issuer than openid.issuer")
        scheme = urlsplit(self.settings.issuer).scheme
        if any(urlsplit(str(found.get(name, ""))).scheme not in ("https", scheme) for name in wanted):
            raise TraplineError("the provider's discovery document names no address over https")
        with self._lock:
            self._known = self._tick() + _KEPT, found
        return found

    def _get(self, url: str) -> Any:
        import requests

        try:
            answer = requests.get(url, timeout=_WAIT, allow_redirects=False)
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise TraplineError(
                "the provider cannot be reached", hint="sign in by password meanwhile"
            ) from error


def _refusal() -> AccessError:
    return AccessError(
        "the provider's answer was not taken", hint="begin again at the sign-in page", known=False
    )
