"""IPinfo Lite: ``{"asn": "AS15169", "as_name", "as_domain", "country_code", "country", ...}`` (ipinfo.io/lite)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._mmdb import MmdbReader, country, number, text


class IpInfoLite(MmdbReader):
    """ASN and country in one."""

    name = "ipinfo-lite"
    what = "IPinfo Lite (.mmdb)"

    @classmethod
    def understands(cls, record: Mapping[str, Any]) -> bool:
        return {"as_name", "country_code"} <= record.keys() or {"asn", "as_domain"} <= record.keys()

    def answer(self, record: Mapping[str, Any], network: str) -> NetworkAnswer:
        return NetworkAnswer(
            network=network,
            asn=number(record.get("asn")),
            organisation=text(record.get("as_name")),
            country=country(record.get("country_code")),
        )
