"""A signature under a storage account's key tells the key, as Azure's library for Python makes it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from canaries.core.model import Token
from canaries.crypto.verifiers import verifiers
from tests.every import every
from tests.listener.proofs.requests_of import proof_in, proven, raw_request

SECRET, WRONG = (base64.b64encode(bytes([n]) * 64).decode() for n in (7, 8))
HELD = verifiers([Token("secret", SECRET)], ["http"])
ACCOUNT, ENDPOINT = "stlogs7", "https://hill.net/q7f3/stlogs7"
END = datetime(2030, 1, 1, tzinfo=UTC)


def sent_by_library(key: Any, act: Callable[[Any], object]) -> bytes:
    """The request of one call of azure-storage-blob."""
    from azure.core.pipeline.transport import HttpTransport
    from azure.storage.blob import BlobServiceClient

    sent: list[Any] = []

    class Caught(HttpTransport[Any, Any]):
        def open(self) -> None:
            pass

        def close(self) -> None:
            pass

        def __exit__(self, *_: object) -> None:
            pass

        def send(self, request: Any, **_: Any) -> Any:
            sent.append(request)
            raise ConnectionAbortedError

    client = BlobServiceClient(ENDPOINT, credential=key, transport=Caught(), retry_total=0)
    with pytest.raises(ConnectionAbortedError):
        act(client)
    body = sent[0].body if isinstance(sent[0].body, bytes) else b""
    return raw_request(sent[0].method, sent[0].url, dict(sent[0].headers), body)


def with_key(act: Callable[[Any], object]) -> Callable[[str], bytes]:
    return lambda key: sent_by_library({"account_name": ACCOUNT, "account_key": key}, act)


def account_sas(key: str) -> bytes:
    from azure.storage.blob import generate_account_sas

    sas = generate_account_sas(ACCOUNT, key, "sco", "rl", END)
    return sent_by_library(sas, lambda client: list(client.list_containers()))


def container_sas(key: str) -> bytes:
    from azure.storage.blob import generate_container_sas

    sas = generate_container_sas(ACCOUNT, "backups", key, permission="rl", expiry=END)
    return sent_by_library(sas, lambda client: list(client.get_container_client("backups").list_blobs()))


def blob_sas(key: str) -> bytes:
    from azure.storage.blob import generate_blob_sas

    sas = generate_blob_sas(ACCOUNT, "backups", "db/a b.sql", account_key=key, permission="r", expiry=END)
    return sent_by_library(
        sas, lambda client: client.get_blob_client("backups", "db/a b.sql").download_blob()
    )


def lite(to_sign: str, **headers: str) -> Callable[[str], bytes]:
    """Signed as the documentation says, for which there is no library here."""

    def way(key: str) -> bytes:
        made = hmac.digest(base64.b64decode(key), to_sign.encode(), "sha256")
        said = {"Authorization": f"SharedKeyLite {ACCOUNT}:{base64.b64encode(made).decode()}"}
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return raw_request("GET", f"{ENDPOINT}/backups?comp=acl&x=1", said | sent)

    return way


DATE = "Fri, 27 Nov 2026 10:00:00 GMT"
RESOURCE = f"/{ACCOUNT}/q7f3/stlogs7/backups?comp=acl"
WAYS: dict[str, Callable[[str], bytes]] = {
    "listing": with_key(lambda client: list(client.list_containers(name_starts_with="a&b"))),
    "uploading": with_key(lambda client: client.get_blob_client("backups", "a b.txt").upload_blob(b"abc")),
    "deleting": with_key(lambda client: client.delete_container("backups")),
    "account SAS": account_sas,
    "container SAS": container_sas,
    "blob SAS": blob_sas,
    "lite": lite(f"GET\n\n\n\nx-ms-date:{DATE}\n{RESOURCE}", x_ms_date=DATE),
    "lite, of a table": lite(f"{DATE}\n{RESOURCE}", x_ms_date=DATE),
}


@every("way", WAYS)
def test_right_and_wrong_are_told(way: str) -> None:
    right, wrong = proven(WAYS[way](SECRET)), proven(WAYS[way](WRONG))
    assert right.how.startswith("Azure")
    assert (right.judged(HELD), wrong.judged(HELD)) == (True, False)
    assert (right.shows(SECRET), right.shows(WRONG)) == (True, False)
    assert right.judged({}) is None, "of bait from before"
    tampered = WAYS[way](SECRET).replace(b"stlogs7/", b"stlogs8/").replace(b"/stlogs7?", b"/stlogs8?")
    assert proven(tampered).judged(HELD) is False, "a signature copied to another account"


def test_a_signature_that_is_the_bait_is_shown_in_clear() -> None:
    raw = raw_request("GET", f"{ENDPOINT}/?sv=2024-11-04&ss=b&srt=sco&sp=r&se=2030&sig=QUJD", {})
    found = proven(raw)
    assert found.bearer
    assert found.shows("QUJD")
    assert not found.shows(SECRET)


@pytest.mark.parametrize(
    "raw",
    [
        raw_request("GET", f"{ENDPOINT}/?sv=2024-11-04&sig=QUJD&skoid=1", {}),
        raw_request("GET", "http://h/?sv=2024-11-04&sig=QUJD", {}),
        raw_request("GET", "http://h/a/b?sv=2024-11-04&sig=!", {}),
        raw_request("GET", "http://h/a", {"Authorization": "SharedKey a"}),
    ],
)
def test_what_is_no_signature_is_none(raw: bytes) -> None:
    assert proof_in(raw) is None
