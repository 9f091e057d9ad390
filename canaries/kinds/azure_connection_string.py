"""The connection string of an Azure storage account at an endpoint that leads to a trap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from canaries.content.checksums import azure_storage_key
from canaries.core.errors import MintError
from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE36, BASE62, SeededRandom
from canaries.kinds import Kind, Order

_ACCOUNTS = ("stbackup", "stlogs", "stdata", "stexports", "stprod", "storage", "archive", "uploads")
_LAST = "AEIMQUYcgkosw048"
"""Last characters that 32 bytes in Base64 can have."""


@dataclass(frozen=True, slots=True)
class AzureConnectionStringOptions:
    """What ``--set`` may set."""

    form: Literal["key", "sas"] = "key"
    """``key``: the account's key; ``sas``: a shared access signature, which arrives in clear."""
    account: str = ""
    """Name of the storage account; empty: a made-up one."""


class AzureConnectionString(Kind):
    name: ClassVar[str] = "azure-connection-string"
    service: ClassVar[str] = "blob"
    title: ClassVar[str] = "An Azure storage connection string with a trap as its endpoint"
    fired_by: ClassVar[str] = (
        "The Azure storage libraries, rclone from 1.75: they honour BlobEndpoint. The account key only signs "
        "and is never sent, the host or path identifies; a shared access signature comes in clear in the URL. The "
        "User-Agent names platform and kernel."
    )
    plant_hint: ClassVar[str] = "In a .env, appsettings.json, local.settings.json or a pipeline's variables."
    try_hint: ClassVar[str] = (
        'python -c "from azure.storage.blob import BlobServiceClient as B; print(list(B.from_connection_string('
        "'{connection_string}').list_containers()))\""
    )
    Options: ClassVar[type[Any]] = AzureConnectionStringOptions

    def mint(self, order: Order, options: AzureConnectionStringOptions) -> Bait:
        stream, site = order.stream, order.site()
        account = _account(
            options.account or stream.pick("account", _ACCOUNTS) + stream.text("number", BASE36, 6)
        )
        endpoint = f"BlobEndpoint={site.url}/{account};QueueEndpoint={site.url}/{account}-queue"
        if options.form == "key":
            secret = azure_storage_key(stream.draw_bytes("key", 57))
            scheme = site.url.partition(":")[0]
            string = f"DefaultEndpointsProtocol={scheme};AccountName={account};AccountKey={secret};{endpoint}"
        else:
            secret = stream.text("signature", BASE62, 42) + stream.pick("last", _LAST)
            string = f"{endpoint};SharedAccessSignature={_sas(stream, order.created_at)}{secret}%3D"
        row = {
            "account": account,
            "secret": secret,
            "connection_string": string,
            "url": site.url,
            "host": site.host,
        }
        return Bait(
            (Token("secret", secret), *site.tokens), f'AZURE_STORAGE_CONNECTION_STRING="{string}"\n', row=row
        )


def _account(name: str) -> str:
    if not 3 <= len(name) <= 24 or not name.isalnum() or name.lower() != name or not name.isascii():
        raise MintError("a storage account has 3 to 24 small letters and digits")
    return name


def _sas(stream: SeededRandom, created_at: str) -> str:
    """An account SAS for everything, up to its signature (learn.microsoft.com, "Create an account SAS")."""
    day = datetime.fromisoformat(created_at) - timedelta(days=stream.between("age", 5, 200))
    end = day + timedelta(days=365 * stream.between("years", 1, 3))
    times = f"se={end:%Y-%m-%d}T07%3A00%3A00Z&st={day:%Y-%m-%d}T07%3A00%3A00Z"
    return f"sv=2024-11-04&ss=bfqt&srt=sco&sp=rwdlacupiytfx&{times}&spr=https,http&sig="
