"""PyMISP loads the event and finds in it what was written."""

from __future__ import annotations

import json

from pymisp import MISPEvent

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.misp import Misp


def test_pymisp_reads_it(exchanged: ExchangeCase) -> None:
    text = b"".join(Misp().write(exchanged)).decode()
    event = MISPEvent()
    event.from_json(text)
    assert len(event.attributes) == len(json.loads(text)["Event"]["Attribute"])
    assert not any(attribute.to_ids for attribute in event.attributes)
    assert int(event.distribution) == 0


def test_claims_are_called_claims(exchanged: ExchangeCase) -> None:
    found = json.loads(b"".join(Misp().write(exchanged)))["Event"]["Attribute"]
    comments = {item["value"]: item["comment"] for item in found if item["type"].startswith("ip-src")}
    assert comments["203.0.113.7|40001"].startswith("observed: peer")
    assert comments["198.51.100.9"].startswith("claimed: ")
    assert all(item["comment"].startswith("claimed") for item in found if item["type"] == "user-agent")


def test_a_name_server_s_address_is_called_one(exchanged: ExchangeCase) -> None:
    found = json.loads(b"".join(Misp().write(exchanged)))["Event"]["Attribute"]
    comments = {item["value"]: item["comment"] for item in found if item["type"].startswith("ip-src")}
    assert comments["192.0.2.53"].startswith("claimed") or "name server" in comments["192.0.2.53"]
    sorts = [item["comment"] for item in found if item["type"].startswith("ip-src")]
    assert any(
        comment.startswith("observed: peer, a name server that asked for somebody") for comment in sorts
    )
    assert any(
        comment.startswith("observed: peer, a mail server that delivered for somebody") for comment in sorts
    )
