"""A Google Cloud service account's key file whose token address is a trap."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE36, HEX
from canaries.kinds import Kind, Order

_ACCOUNTS = (
    "backup-sync",
    "ci-deployer",
    "terraform",
    "data-export",
    "gke-nodes",
    "reporting",
    "storage-admin",
)
_PROJECTS = ("core", "prod", "platform", "data", "shared", "analytics", "backend", "infra")


@dataclass(frozen=True, slots=True)
class GcpServiceAccountOptions:
    """What ``--set`` may set."""

    project: str = ""
    """Project id; empty: a made-up one."""
    account: str = ""
    """Name of the account; empty: one of the usual ones."""


class GcpServiceAccount(Kind):
    name: ClassVar[str] = "gcp-service-account"
    service: ClassVar[str] = "oauth"
    title: ClassVar[str] = "A Google Cloud service account key whose token address is a trap"
    fired_by: ClassVar[str] = (
        "gcloud auth activate-service-account (at once), google-auth and the libraries on it, terraform, rclone: they "
        "ask token_uri first and send a JWT with the key's id and the account's address. What they do with the token "
        "then goes to the real Google and fails there. Silent: gsutil, and whoever looks at token_uri."
    )
    plant_hint: ClassVar[str] = (
        "Beside a deployment: service-account.json, gcp-key.json, a CI variable of type file."
    )
    try_hint: ClassVar[str] = (
        "gcloud auth activate-service-account --key-file={file}\n"
        "curl -d grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer -d assertion={private_key_id} {url}"
    )
    Options: ClassVar[type[Any]] = GcpServiceAccountOptions

    def mint(self, order: Order, options: GcpServiceAccountOptions) -> Bait:
        stream, site = order.stream, order.site()
        project = _id(options.project or _project(order), "project")
        account = _id(options.account or stream.pick("account", _ACCOUNTS), "account")
        email, key_id = f"{account}@{project}.iam.gserviceaccount.com", stream.text("key id", HEX, 40)
        url = f"{site.url}/token"
        document = {
            "type": "service_account",
            "project_id": project,
            "private_key_id": key_id,
            "private_key": _pem(stream.draw_bytes("private key", 32)),
            "client_email": email,
            "client_id": str(stream.between("client id", 10**20, 118 * 10**18 - 1 + 10**20)),
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": url,
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_x509_cert_url": f"https://www.googleapis.com/robot/v1/metadata/x509/{quote(email, safe='')}",
            "universe_domain": "googleapis.com",
        }
        text = json.dumps(document, indent=2) + "\n"
        file = BaitFile(f"{project}-{key_id[:12]}.json", text.encode())
        # The address can be guessed, so it never accuses alone; the key's id always comes with it.
        tokens = (Token("private_key_id", key_id), *site.tokens, Token("email", email, folds=True, weak=True))
        row = {"private_key_id": key_id, "email": email, "url": url, "host": site.host, "file": file.path}
        return Bait(tokens, text, (file,), row, stem="gcp")


def _project(order: Order) -> str:
    stream = order.stream
    house = f"{stream.pick('project', _PROJECTS)}-{stream.text('org', BASE36[10:], 5)}"
    return f"{house}-{stream.between('number', 100000, 499999)}"


def _id(name: str, noun: str) -> str:
    """6 to 30 characters, as Google's rules are for both."""
    if (
        not 6 <= len(name) <= 30
        or not name.replace("-", "").isalnum()
        or name.lower() != name
        or not name.isascii()
    ):
        raise MintError(f"the {noun} has 6 to 30 small letters, digits and hyphens")
    return name


def _pem(seed: bytes) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from canaries.crypto.rsa_keys import private_key

    return private_key(seed).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
