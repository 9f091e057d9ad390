"""An application's secret for an AD FS that is a trap."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_LETTERS = BASE62 + "._-~"


class AzureClientSecret(Kind):
    name: ClassVar[str] = "azure-client-secret"
    service: ClassVar[str] = "login"
    title: ClassVar[str] = "An Azure application's client secret whose AD FS is a trap"
    fired_by: ClassVar[str] = (
        "azure-identity and whatever uses its environment variables: with the tenant adfs they ask the trap for "
        "its metadata, then send client id and secret in clear. They insist on https with a trusted certificate: "
        "otherwise only the host name is seen (SNI). Silent: az login, which needs a tenant of Microsoft's."
    )
    plant_hint: ClassVar[str] = "In a .env, a terraform.tfvars, or a pipeline's variables."
    try_hint: ClassVar[str] = (
        "curl -k -d grant_type=client_credentials -d client_id={client_id} --data-urlencode 'client_secret={secret}' "
        "{url}/adfs/oauth2/token"
    )

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        client = str(UUID(bytes=stream.draw_bytes("client", 16), version=4))
        # Three characters, 8Q~ and 34 more: what scanners take for such a secret.
        tail = stream.text("body", _LETTERS, 33) + stream.text("last", BASE62, 1)
        secret = f"{stream.text('head', BASE62, 3)}8Q~{tail}"
        # The tenant must be the path's first segment: a base URL with a path has no place for the label.
        url = site.secure_root
        text = (
            f"AZURE_AUTHORITY_HOST={url}\nAZURE_TENANT_ID=adfs\nAZURE_CLIENT_ID={client}\n"
            f"AZURE_CLIENT_SECRET={secret}\n"
        )
        row = {"client_id": client, "secret": secret, "url": url, "host": site.host}
        return Bait((Token("secret", secret), Token("client_id", client), *site.own_host), text, row=row)
