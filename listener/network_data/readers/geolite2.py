"""MaxMind's layout: GeoLite2 and GeoIP2 ASN, Country and City, DB-IP Lite's three, and the base that Trapline ships.

``{"autonomous_system_number", "autonomous_system_organization"}`` and ``{"country": {"iso_code"}}``
(https://dev.maxmind.com/geoip/docs/databases). Cities and co-ordinates are not read: an address is no place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._mmdb import MmdbReader, country, number, text


class GeoLite2(MmdbReader):
    """ASN, country, or both."""

    name = "geolite2"
    what = "GeoLite2, GeoIP2 or DB-IP Lite: ASN, Country or City (.mmdb)"

    @classmethod
    def understands(cls, record: Mapping[str, Any]) -> bool:
        nested = any(isinstance(record.get(key), dict) for key in ("country", "registered_country"))
        return nested or ("autonomous_system_number" in record and "country_code" not in record)

    def answer(self, record: Mapping[str, Any], network: str) -> NetworkAnswer:
        place = record.get("country")
        return NetworkAnswer(
            network=network,
            asn=number(record.get("autonomous_system_number")),
            organisation=text(record.get("autonomous_system_organization")),
            country=country(place.get("iso_code")) if isinstance(place, dict) else "",
        )
