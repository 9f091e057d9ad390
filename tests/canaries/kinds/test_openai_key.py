"""The OpenAI key, used by the real client."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_key_has_openais_form(mint: Mint) -> None:
    for number in range(50):
        secret = mint("openai-key", number=number).tokens[0].value
        assert re.fullmatch(r"sk-proj-[\w-]{74}T3BlbkFJ[\w-]{73}[A-Za-z0-9]", secret)


def test_the_client_takes_it_from_the_environment_and_calls_us(
    mint: Mint, listening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openai  # a thousand modules: not in every worker

    bait = mint("openai-key", base_url=listening.url)
    for line in bait.text.splitlines():
        monkeypatch.setenv(*line.split("=", 1))
    listening.answer = b'{"object": "list", "data": []}'
    with openai.OpenAI() as client:
        client.models.list()
    ((_, path, headers, _),) = listening.seen
    secret, site = bait.tokens
    assert path == f"/{site.value}/v1/models"
    assert headers["authorization"] == f"Bearer {secret.value}"
