"""The connection string: read by Microsoft's own library, which calls us."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from canaries.content.checksums import marvin32
from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]

EMPTY = b'<?xml version="1.0"?><EnumerationResults><Containers /><NextMarker /></EnumerationResults>'


def test_the_key_carries_its_sum(mint: Mint) -> None:
    for number in range(50):
        raw = base64.b64decode(mint("azure-connection-string", number=number).tokens[0].value)
        assert len(raw) == 64
        assert int.from_bytes(raw[60:], "little") == marvin32(raw[:60], 0x44656661756C7430)


def test_a_signature_is_32_bytes_that_need_no_escape(mint: Mint) -> None:
    for number in range(50):
        bait = mint("azure-connection-string", {"form": "sas"}, number=number)
        signature = bait.tokens[0].value
        assert base64.b64encode(base64.b64decode(f"{signature}=")).decode() == f"{signature}="
        assert signature.isalnum()
        assert f"sig={signature}%3D" in bait.text


@pytest.mark.parametrize("bad", ["ab", "UPPER", "with-dash", "a" * 25])
def test_account_names_that_azure_would_refuse_are_refused(mint: Mint, bad: str) -> None:
    with pytest.raises(MintError, match="3 to 24"):
        mint("azure-connection-string", {"account": bad})


@pytest.mark.parametrize("form", ["key", "sas"])
def test_the_blob_library_calls_us(mint: Mint, listening: Any, form: str) -> None:
    blob = pytest.importorskip("azure.storage.blob")
    bait = mint("azure-connection-string", {"form": form, "account": "stbackup01"}, base_url=listening.url)
    listening.content_type, listening.answer = "application/xml", EMPTY
    with blob.BlobServiceClient.from_connection_string(
        bait.row["connection_string"], retry_total=0
    ) as client:
        assert list(client.list_containers()) == []
    ((_, target, headers, _),) = listening.seen
    assert urlsplit(target).path.rstrip("/") == f"/{bait.tokens[1].value}/stbackup01"
    if form == "key":
        assert headers["authorization"].startswith("SharedKey stbackup01:")
        assert bait.tokens[0].value not in str(headers)
    else:
        assert parse_qs(urlsplit(target).query)["sig"] == [f"{bait.tokens[0].value}="]
