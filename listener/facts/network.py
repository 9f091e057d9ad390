"""Whose network the address is in: ASN, organisation, country. Never a place on a map, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from listener.facts import Source, Use
from listener.facts._data import IP_DATABASE, countries, geo_reader
from listener.net.addresses import Address, embedded, normal, scope

_CACHED = 8192
_ROLES = {"client", "resolver", "mail_server", "proxy"}


class Network(Source):
    """Looks the source address up in the database on this machine.

    ``role`` says whose address it is: a DNS query comes from a resolver, not from the visitor, and a trap says so by
    putting ``role`` into what it observed.
    """

    name = "network"
    order = 10

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._reader, self._date = geo_reader(home)
        kind = self._reader.metadata().database_type
        self._has_asn, self._has_country = (
            "GeoLite2-ASN" in kind,
            "Country" in kind,
        )  # what geoip2 itself asks for
        self._cached = lru_cache(_CACHED)(self._look_up)

    def derive(self, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        ip = use.source[0]
        if not ip:
            return None
        role = use.observed.get("role", "client")
        return self._cached(ip) | {"role": role if role in _ROLES else "client"}

    def _look_up(self, ip: str) -> dict[str, Any]:
        address = normal(ip)
        inner = embedded(address)
        looked_up: Address = inner[1] if inner else address
        fact: dict[str, Any] = {
            "source": IP_DATABASE,
            "date": self._date,
            "address": str(address),
            "version": address.version,
            "scope": scope(looked_up),
        }
        if inner:
            fact["embedded"] = {"how": inner[0], "address": str(inner[1])}
        if fact["scope"] == "global":
            fact |= self._asn(str(looked_up)) | self._country(str(looked_up))
        return fact

    def _asn(self, ip: str) -> dict[str, Any]:
        from geoip2.errors import AddressNotFoundError

        if not self._has_asn:
            return {}
        try:
            found = self._reader.asn(ip)
        except AddressNotFoundError:
            return {}
        answer = {
            "asn": found.autonomous_system_number,
            "organisation": found.autonomous_system_organization,
            "network": str(found.network),
        }
        return {name: value for name, value in answer.items() if value is not None}

    def _country(self, ip: str) -> dict[str, Any]:
        from geoip2.errors import AddressNotFoundError

        if not self._has_country:
            return {}
        try:
            code = self._reader.country(ip).country.iso_code
        except AddressNotFoundError:
            return {}
        return {"country": code, "country_name": countries().get(code, code)} if code else {}
