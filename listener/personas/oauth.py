"""An OAuth 2.0 authorization server: says where it is, gives everybody a token.

RFC 6749 (client credentials), RFC 7523 (JWT bearer, as Google's service accounts use it), OpenID Connect Discovery 1.0,
RFC 8414. The token opens nothing anywhere.
"""

from __future__ import annotations

import base64
import re
from typing import ClassVar
from urllib.parse import parse_qs

from canaries.crypto.seeded_random import HEX, URLSAFE
from listener.personas import Answer, Persona, Request

_TOKEN = re.compile(r"(?:/[\w.-]{1,64}){0,2}/(?:oauth2/v2\.0/token|oauth2/token|oauth/token|token)\Z")
_METADATA = re.compile(
    r"((?:/[\w.-]{1,64}){0,3})/\.well-known/(?:openid-configuration|oauth-authorization-server)\Z"
)
_KEYS = re.compile(r"(?:/[\w.-]{1,64}){0,3}/discovery/keys\Z")
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PRIVATE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
"""RFC 6749, section 5.1."""


class OAuth(Persona):
    name: ClassVar[str] = "oauth"
    order: ClassVar[int] = 60
    kinds = frozenset({"azure-client-secret", "gcp-service-account"})
    prefixless = "token endpoints of several providers, at the end of any path"
    bare = frozenset({"azure-client-secret"})

    def claims(self, request: Request) -> bool:
        path = request.service_path
        if request.method == "POST":
            return path.endswith("/token") and _TOKEN.match(path) is not None
        return "/.well-known/o" in path or path.endswith("/discovery/keys")

    def answer(self, request: Request) -> Answer:
        path = request.service_path
        if request.method == "POST":
            return self._grant(request)
        found = _METADATA.match(path)
        if found:
            return Answer.of_json(200, _metadata(request.root + found[1]), name="metadata")
        if _KEYS.match(path):
            return Answer.of_json(200, {"keys": [self._key()]}, name="keys")
        return Answer.of_json(404, {"error": "not_found"})

    def _grant(self, request: Request) -> Answer:
        grant = parse_qs(request.body[:65_536].decode("latin-1")).get("grant_type", [""])[0]
        if not grant:
            problem = {"error": "invalid_request", "error_description": "Missing parameter: grant_type"}
            return Answer.of_json(400, problem, *_PRIVATE, name="refused")
        stream = self.identity.once("oauth", request.seen)
        if grant == _JWT_BEARER:  # the form of Google's tokens for service accounts
            token = f"ya29.c.{stream.text('token', URLSAFE, 380)}"
        else:
            token = stream.text("token", URLSAFE, 171)
        given = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return Answer.of_json(200, given, *_PRIVATE, name="token")

    def _key(self) -> dict[str, str]:
        """A public key in form (RFC 7517); nobody holds its other half."""
        stream = self.identity.stream("oauth key")
        modulus = bytearray(stream.draw_bytes("modulus", 256))
        modulus[0] |= 0x80
        modulus[-1] |= 1
        coded = base64.urlsafe_b64encode(modulus).rstrip(b"=").decode()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": stream.text("kid", HEX, 40),
            "n": coded,
            "e": "AQAB",
        }


def _metadata(issuer: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth2/authorize",
        "token_endpoint": f"{issuer}/oauth2/token",
        "jwks_uri": f"{issuer}/discovery/keys",
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", _JWT_BEARER],
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
        ],
        "response_types_supported": ["code", "id_token", "code id_token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "scopes_supported": ["openid", "profile", "email"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
