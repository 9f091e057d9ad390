"""The STIX 2.1 validator of OASIS accepts the bundle; what is claimed is in notes, what was observed in observables."""

from __future__ import annotations

import json
from typing import Any

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.stix import Stix
from tests.listener.dossier.exports.conftest import REPORTED, made


def bundle(case: ExchangeCase) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(b"".join(Stix().write(case)))
    return value


def test_the_validator_accepts_it(exchanged: ExchangeCase) -> None:
    from stix2validator import ValidationOptions, validate_instance  # costs every worker a second and a half

    for case in (exchanged, made("", "", [REPORTED])):
        result = validate_instance(bundle(case), ValidationOptions(version="2.1"))
        assert result.is_valid, result.errors


def test_only_the_peer_is_a_source(exchanged: ExchangeCase) -> None:
    objects = {item["id"]: item for item in bundle(exchanged)["objects"]}
    sources = {
        objects[item["src_ref"]]["value"] for item in objects.values() if item["type"] == "network-traffic"
    }
    assert sources == {"203.0.113.7", "2001:db8::1", "2001:db8::7"}
    notes = [item["content"] for item in objects.values() if item["type"] == "note"]
    assert any("198.51.100.9 port not known, named by the operator's proxy" in note for note in notes)
