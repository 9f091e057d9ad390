"""Identities: shown by an address only, and never by a network that anybody can rent."""

from __future__ import annotations

import csv

from listener.facts._identities import RobotIdentity, identities
from listener.network_data.datasets import SHIPPED

CLOUDS = {16509, 14618, 8075, 396982, 31898, 14061, 16276, 24940, 63949, 20473, 45102, 132203}


def test_no_rented_network_is_an_identity() -> None:
    for known in identities().values():
        assert not known.asns & CLOUDS
        labels = [{"class": "cloud", "provider": provider.partition(":")[0]} for provider in known.providers]
        assert not known.confirmed(labels, 8075), "a customer's machine in that provider's cloud"


def test_every_family_is_one_the_client_source_can_name() -> None:
    with (SHIPPED / "clients.csv").open(encoding="utf-8") as file:
        known = {row["family"] for row in csv.DictReader(file)}
    assert not {name for name in identities() if name not in known}


def test_a_service_that_publishes_nothing_is_never_confirmed() -> None:
    slack = identities()["Slack"]
    assert not slack.knowable
    assert not slack.confirmed([{"class": "link_preview", "provider": "slack"}], 14618)


def test_one_service_of_a_provider() -> None:
    checker = identities()["Route 53 health check"]
    label = {"class": "monitor", "provider": "aws", "service": "ROUTE53_HEALTHCHECKS"}
    assert checker.confirmed([label], 16509)
    assert not checker.confirmed([label | {"service": "EC2", "class": "cloud"}], 16509)


def test_a_range_that_its_provider_also_rents_out_shows_nothing() -> None:
    """One list says crawler, another that anybody can rent a machine there: the second decides."""
    known = RobotIdentity("Anybot", frozenset({"anycloud"}), frozenset())
    crawler, rented = ({"class": name, "provider": "anycloud"} for name in ("crawler", "cloud"))
    assert known.confirmed([crawler], None)
    assert not known.confirmed([crawler, rented], None)
    assert not known.confirmed([rented, crawler], None)
