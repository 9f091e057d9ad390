"""The client secret: its form, and where it sends the client."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_secret_and_client_id_have_microsofts_form(mint: Mint) -> None:
    for number in range(100):
        bait = mint("azure-client-secret", number=number)
        assert re.fullmatch(r"[A-Za-z0-9]{3}8Q~[A-Za-z0-9._~-]{34}", bait.row["secret"])
        assert UUID(bait.row["client_id"]).version == 4


def test_the_authority_is_https_and_has_no_path(mint: Mint, base_url: str) -> None:
    """With a path, or another tenant, msal would ask Microsoft first."""
    bait = mint("azure-client-secret", base_url=base_url)
    lines = dict(line.split("=", 1) for line in bait.text.splitlines())
    assert re.fullmatch(r"https://[^/]+", lines["AZURE_AUTHORITY_HOST"])
    assert lines["AZURE_TENANT_ID"] == "adfs"


def test_a_base_url_without_a_host_label_leaves_the_credentials_to_tell(mint: Mint) -> None:
    bait = mint("azure-client-secret", base_url="http://192.0.2.7")
    assert [token.facet for token in bait.tokens] == ["secret", "client_id"]
    assert bait.row["url"] == "https://192.0.2.7:80"
