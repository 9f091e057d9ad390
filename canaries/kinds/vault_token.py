"""A token for a HashiCorp Vault that is a trap."""

from __future__ import annotations

import base64
from itertools import count
from typing import ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds import Kind, NoOptions, Order


class VaultToken(Kind):
    name: ClassVar[str] = "vault-token"
    title: ClassVar[str] = "A Vault token with the address of a server that is a trap"
    fired_by: ClassVar[str] = (
        "hvac, and whatever else reads VAULT_ADDR (vault itself was not tried): the token comes in clear "
        "(X-Vault-Token), with the path of the secret that is wanted. Over https the certificate must be "
        "trusted, or VAULT_SKIP_VERIFY set: otherwise only the host name is seen (SNI)."
    )
    plant_hint: ClassVar[str] = (
        "In a .env or a CI variable dump; ~/.vault-token beside a shell profile with the address."
    )
    try_hint: ClassVar[str] = "curl -H 'X-Vault-Token: {token}' {url}/v1/auth/token/lookup-self"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        token = _service_token(stream)
        text = f"VAULT_ADDR={site.url}\nVAULT_TOKEN={token}\n"
        row = {"token": token, "url": site.url, "host": site.host}
        files = (BaitFile(".vault-token", token.encode()), BaitFile("vault.env", text.encode()))
        return Bait((Token("token", token), *site.tokens), text, files, row)


def _service_token(stream: SeededRandom) -> str:
    """95 characters: a protobuf of version 1, HMAC and the token proper (hashicorp/vault, vault/tokens/token.proto).

    One without hyphen or underscore: most have some, and kingfisher 1 does not know those.
    """
    body = b"\x0a\x1chvs." + stream.text("body", BASE62, 24).encode()

    def drawn(attempt: int) -> str:
        message = (
            b"\x08\x01\x12\x20"
            + stream.draw_bytes(f"mac:{attempt}", 32)
            + b"\x1a"
            + bytes([len(body)])
            + body
        )
        return "hvs." + base64.urlsafe_b64encode(message).rstrip(b"=").decode()

    return next(token for token in map(drawn, count()) if not set("-_") & set(token))
