"""The Vault token: its form, and HashiCorp's library sending it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_it_is_a_service_token_of_95_characters(mint: Mint) -> None:
    for number in range(50):
        token = mint("vault-token", number=number).row["token"]
        assert re.fullmatch(r"hvs\.CAESI[A-Za-z0-9]{86}", token)
        raw = base64.urlsafe_b64decode(token[4:] + "=")
        assert (raw[:4], raw[36:38]) == (b"\x08\x01\x12\x20", bytes([0x1A, len(raw) - 38]))
        assert raw[40:44] == b"hvs."


def test_files(mint: Mint) -> None:
    bait = mint("vault-token")
    assert {file.path: file.content.decode() for file in bait.files} == {
        ".vault-token": bait.row["token"],
        "vault.env": bait.text,
    }


def test_hvac_sends_the_token(mint: Mint, listening: Any) -> None:
    hvac = pytest.importorskip("hvac")
    bait = mint("vault-token", base_url=listening.url)
    listening.answer = b'{"data": {"policies": ["default"]}}'
    client = hvac.Client(url=bait.row["url"], token=bait.row["token"])
    assert client.is_authenticated()
    client.adapter.close()
    ((_, path, headers, _),) = listening.seen
    assert path == f"/{bait.tokens[1].value}/v1/auth/token/lookup-self"
    assert headers["x-vault-token"] == bait.tokens[0].value
