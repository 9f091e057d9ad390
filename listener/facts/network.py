"""Whose network the address is in: ASN, organisation, country. Never a place on a map, never a person."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import cast

from listener.evidence.derived import Facts, NetworkFact
from listener.evidence.shared_record import SharedRecords
from listener.facts import Source, Use
from listener.facts._data import cloud_regions, countries, opened
from listener.net.addresses import Address, embedded, normal, scope
from listener.network_data.datasets import OpenSet
from listener.network_data.readers import DataError, NetworkAnswer

_CACHED = 8192
_ROLES = {"client", "resolver", "mail_server", "proxy"}


class Network(Source):
    """Looks the source address up in the data on this machine; each answer names the file it is of.

    ``role`` says whose address it is: a DNS query comes from a resolver, not from the visitor, and a trap says so by
    putting ``role`` into what it observed. A configured proxy that named no client is shown as ``proxy``.
    """

    name = "network"
    order = 10

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._data = opened(home)
        self._own = {item.tag for item in self._data.of("country") if item.known.origin != "shipped"}
        self._refused = [sentence for _, sentence in self._data.refused]
        self._cached, self._facts = lru_cache(_CACHED)(self._look_up), SharedRecords(_CACHED)

    def derive(self, use: Use, facts: Facts) -> NetworkFact | None:
        ip = use.source[0]
        if not ip:
            return None
        unnamed = use.sighting.via and not use.sighting.via.get("client")
        role = use.observed.get("role", "proxy" if unnamed else "client")
        role = role if role in _ROLES else "client"
        return cast(NetworkFact, self._facts.get((ip, role), lambda: self._cached(ip) | {"role": role}))

    def _look_up(self, ip: str) -> NetworkFact:
        address = normal(ip)
        inner = embedded(address)
        looked_up: Address = inner[1] if inner else address
        fact: NetworkFact = {
            "address": str(address),
            "version": address.version,
            "scope": scope(looked_up),
        }
        if inner:
            fact["embedded"] = {"how": inner[0], "address": str(inner[1])}
        answered: dict[str, str] = {}
        dates: dict[str, str] = {}
        if fact["scope"] == "global":
            for topic in ("asn", "country"):
                fact |= self._answer(topic, looked_up, answered, dates)
            fact |= self._region(looked_up, fact.get("country", ""), answered, dates)
        if self._refused:
            fact["data_refused"] = self._refused
        files = sorted(set(answered.values()))
        return {
            "source": ", ".join(tag.partition("@")[0] for tag in files) or "Trapline's own rules",
            **({"date": min(dates.values())} if dates else {}),
            **fact,
            "data": answered,
        }

    def _region(
        self, address: Address, country: str, answered: dict[str, str], dates: dict[str, str]
    ) -> NetworkFact:
        """The country of the cloud's region, where the cloud publishes one: it knows where its machines are."""
        if answered.get("country") in self._own:
            return {}  # the operator's files go first
        for item in self._data.of("labels"):
            try:
                found = item.reader.look_up(address)
            except DataError as error:
                self._refused = sorted({*self._refused, error.sentence})
                continue
            for label in found.labels if found else ():
                provider, region = label.get("provider", ""), label.get("region", "")
                known = cloud_regions().get((provider, region))
                if known is None:
                    continue
                fact: NetworkFact = {
                    "country": known,
                    "country_name": countries().get(known, known),
                    "country_says": f"{provider} publishes the range for its region {region}",
                }
                if country and country != known:
                    fact["country_otherwise"] = f"{country} ({answered['country']})"
                answered["country"], dates["country"] = item.tag, item.known.date
                return fact
        return {}

    def _answer(
        self, topic: str, address: Address, answered: dict[str, str], dates: dict[str, str]
    ) -> NetworkFact:
        """The word of the first file that has one; of the country also what the next one says otherwise."""
        answers = self._answers(topic, address)
        item, found = next(answers, (None, NetworkAnswer()))
        if item is None:
            return {}
        answered[topic], dates[topic] = item.tag, item.known.date
        if topic == "country":
            fact: NetworkFact = {
                "country": found.country,
                "country_name": countries().get(found.country, found.country),
            }
            if len(item.known.lists) > 1:
                whose = " and ".join(entry["credit"] for entry in item.known.lists.values())
                fact["country_says"] = f"{whose} both have it for this hoster's machines"
            other, otherwise = next(answers, (None, found))
            if other and otherwise.country != found.country:
                fact["country_otherwise"] = f"{otherwise.country} ({other.tag})"
            return fact
        if not found.organisation:
            return {"asn": found.asn, "network": found.network}
        return {"asn": found.asn, "organisation": found.organisation, "network": found.network}

    def _answers(self, topic: str, address: Address) -> Iterator[tuple[OpenSet, NetworkAnswer]]:
        for item in self._data.of(topic):
            try:
                found = item.reader.look_up(address)
            except (
                DataError
            ) as error:  # damaged where nobody had looked: the next file answers, and it is said
                self._refused = sorted({*self._refused, error.sentence})
                continue
            if found is not None and topic in found.topics:
                yield item, found
