"""Each field is one of ECS 8.11 (the names are copied below), of the type that it has there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.ecs import Ecs

FIELDS = {
    "@timestamp": str, "ecs.version": str, "message": str, "event.kind": str, "event.category": list,
    "event.type": list, "event.id": str, "event.dataset": str, "event.module": str, "event.severity": int,
    "source.ip": str, "source.address": str, "source.port": int, "client.ip": str, "client.address": str,
    "client.port": int, "destination.ip": str, "destination.address": str, "destination.port": int,
    "network.transport": str, "network.protocol": str, "http.request.method": str, "url.original": str,
    "user_agent.original": str,
}  # fmt: skip


def flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, item in value.items():
        if isinstance(item, dict):
            yield from flat(item, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", item


def test_fields_and_types(exchanged: ExchangeCase) -> None:
    for line in b"".join(Ecs().write(exchanged)).splitlines():
        for name, value in flat(json.loads(line)):
            if name.startswith("labels."):
                assert isinstance(value, str)
            else:
                assert isinstance(value, FIELDS[name]), name


def test_a_proxys_word_is_the_client_not_the_source(exchanged: ExchangeCase) -> None:
    second = json.loads(b"".join(Ecs().write(exchanged)).splitlines()[1])
    assert (second["source"]["ip"], second["client"]["ip"]) == ("203.0.113.7", "198.51.100.9")
