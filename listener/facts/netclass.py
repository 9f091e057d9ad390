"""What sort of network the address is in: cloud, VPN, scanner ..., each with the list that says so.

A list that names a network is evidence; that none does shows nothing. So nothing here says "residential": where only
the organisation's name hints at an access provider it is ``eyeball_likely``, else ``unknown``. Labels drop no hit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from listener.facts import Source, Use
from listener.facts._data import ASN_TABLE, CLASS_DATABASE, asn_classes, class_reader
from listener.net.addresses import Address, embedded, normal

_CACHED = 8192

_SHARED = {"vpn", "relay", "security_proxy", "mobile_likely", "cgnat"}
"""Behind these one address is many people: two hits are not one visitor, and blocking one blocks others."""

_NAMES = (
    ("hosting", re.compile(r"host|cloud|server|data ?cent|colo\b|colocation|\bvps\b|\bcdn\b", re.IGNORECASE)),
    ("mobile_likely", re.compile(r"mobile|wireless|cellular|\bgsm\b|\blte\b", re.IGNORECASE)),
    (
        "eyeball_likely",
        re.compile(
            r"telecom|telekom|telef[oó]nica|broadband|\bcable|\bdsl\b|fib(?:er|re)|internet service|\bisp\b",
            re.IGNORECASE,
        ),
    ),
)
"""The organisation's name is the weakest evidence, asked last."""


class NetClass(Source):
    """Asks the list of networks, then the list of ASNs, then the organisation's name."""

    name = "netclass"
    order = 20

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._reader, self._date = class_reader(home)
        self._asns, self._asn_date = asn_classes(home)
        self._cached = lru_cache(_CACHED)(self._classify)

    def derive(self, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        ip = use.source[0]
        if not ip:
            return None
        network = facts.get("network", {})
        return self._cached(
            ip, network.get("asn"), network.get("organisation", ""), network.get("scope", "global")
        )

    def _classify(self, ip: str, asn: int | None, organisation: str, scope: str) -> dict[str, Any]:
        address = normal(ip)
        inner = embedded(address)
        evidence: list[dict[str, str]] = []
        found, provider = "unknown", ""
        record = self._record(inner[1] if inner else address)
        if scope != "global":
            found = scope
            evidence.append({"list": "IANA special-purpose registries", "says": scope})
        if record:
            found, provider = record
            evidence.append({"list": CLASS_DATABASE, "date": self._date, "says": f"{found}/{provider}"})
        if asn in self._asns:
            says = self._asns[asn]
            evidence.append({"list": ASN_TABLE, "date": self._asn_date, "says": f"AS{asn} {says}"})
            found = says if found == "unknown" else found
        for name, pattern in _NAMES:
            if found == "unknown" and pattern.search(organisation):
                found = name
                evidence.append({"list": "the organisation's name", "says": name})
        return {
            "source": CLASS_DATABASE,
            "date": self._date,
            "class": found,
            "provider": provider,
            "shared_likely": found in _SHARED,
            "evidence": evidence,
        }

    def _record(self, address: Address) -> tuple[str, str] | None:
        record = self._reader.get(address)
        if not isinstance(record, dict):
            return None
        return str(record.get("class", "unknown")), str(record.get("provider", ""))
