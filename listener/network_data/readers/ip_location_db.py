"""ip-location-db's databases: flat ``{"country_code"}``, ``{"autonomous_system_number", ...}`` or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._mmdb import MmdbReader, country, number, text


class IpLocationDb(MmdbReader):
    """ASN or country."""

    name = "ip-location-db"
    what = "ip-location-db: origin-asn, user-country, iptoasn ... (.mmdb)"

    @classmethod
    def understands(cls, record: Mapping[str, Any]) -> bool:
        return isinstance(record.get("country_code"), str) and "as_name" not in record

    def answer(self, record: Mapping[str, Any], network: str) -> NetworkAnswer:
        return NetworkAnswer(
            network=network,
            asn=number(record.get("autonomous_system_number")),
            organisation=text(record.get("autonomous_system_organization")),
            country=country(record.get("country_code")),
        )
