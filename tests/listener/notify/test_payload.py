from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.notify.payload import CLIENT_LIMIT, Noted, PayloadCodec, alert_fields

KEY = bytes(32)
HIT = Noted(
    "ab" * 8,
    "url",
    None,
    "path",
    "http",
    "2026-11-22T12:00:02.000000Z",
    "192.0.2.1",
    7,
    {},
    "curl",
    "i",
    b"s" * 16,
)


def test_details_come_back_for_their_own_row_only() -> None:
    codec = PayloadCodec(KEY, memo=True)
    sealed = codec.seal("row", codec.of(HIT))
    assert codec.open("row", sealed) == codec.of(HIT)
    for key, box in (("other", sealed), ("row", sealed[:-1]), ("row", None), ("row", b"")):
        assert codec.open(key, box) == {}


def test_a_long_client_or_request_is_clipped() -> None:
    details = PayloadCodec(KEY, memo=True).of(replace(HIT, client="x" * 100_000, request="y" * 100_000))
    assert len(details["client"]) == len(details["request"]) == CLIENT_LIMIT


@pytest.mark.parametrize(
    ("reported", "source"),
    [
        ("", ("192.0.2.1", 7)),
        ("192.0.2.1, as the operator's application shop reported", ("192.0.2.1", 7)),
        ("the operator's application shop, which named no client", ("", 0)),
    ],
)
def test_an_address_is_told_only_where_it_is_a_clients(reported: str, source: tuple[str, int]) -> None:
    details = PayloadCodec(KEY, memo=True).of(replace(HIT, reported=reported))
    assert (details["source"], details["port"], details["reported"]) == (*source, reported)


def test_a_credential_is_weightier_than_a_link_and_severity_than_both() -> None:
    secret = replace(HIT, facet="secret")
    severe = replace(HIT, facts={"verdict": {"severity": "critical"}})
    calm = replace(secret, facts={"verdict": {"severity": "low"}})
    assert calm.strength < HIT.strength < secret.strength < severe.strength


@pytest.mark.parametrize(
    ("facts", "network"),
    [({}, (b"s" * 16).hex()), ({"network": {"asn": 64496}}, "AS64496"), ({"network": 1}, (b"s" * 16).hex())],
)
def test_a_network_is_its_as_where_that_is_known(facts: Any, network: str) -> None:
    assert replace(HIT, facts=facts).network == network


def test_a_canary_that_the_index_lost_has_no_words(home: Home) -> None:
    with home.store.read() as connection:
        words = PayloadCodec(KEY, memo=True).words(connection, "ff" * 8, HIT.observed_at)
    assert not any(words.values())


def test_only_what_an_alert_knows_becomes_part_of_one() -> None:
    assert alert_fields({"canary": "x", "networks": ["AS1"]}) == {"canary": "x"}


def test_the_memo_and_the_recipient_go_out_only_where_settings_say_so(home: Home) -> None:
    canary = next(mint(home, "url", memo="the folder of May", recipient="partner 7")).canary
    with home.store.read() as connection:
        told = PayloadCodec(home.keys.alerts, memo=True).words(connection, canary.id, HIT.observed_at)
        kept = PayloadCodec(home.keys.alerts, memo=False).words(connection, canary.id, HIT.observed_at)
    assert (told["memo"], told["recipient"]) == ("the folder of May", "partner 7")
    assert (kept["memo"], kept["recipient"]) == ("", "")
    assert kept["owner"] == told["owner"] != ""
