"""iporigin: ranges of hosters, consumer VPNs, the Apple relay, crawlers and Tor exits, with one label for each address.

Its file: a header, labels as ``provider TAB kind``, then sorted IPv4 and IPv6 ranges with the label's number.
Left out are the providers whose lists its NOTICE says have no licence, and those whose ranges another source has at
first hand.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from pathlib import Path

from tools.netdata.ranges import Claim
from tools.netdata.sources import Label, PackageSource

_FILE = Path("iporigin/data/ranges.bin")
_HEADER = struct.Struct("<8sHQHII")
_V4 = struct.Struct("<IIH")
_V6 = struct.Struct("<16s16sH")

_USED = {
    "Alibaba Cloud": ("cloud", "alibaba"),
    "Amazonbot": ("crawler", "amazonbot"),
    "Apple Private Relay": ("relay", "apple-private-relay"),
    "Applebot": ("crawler", "applebot"),
    "Bingbot": ("crawler", "bingbot"),
    "ClaudeBot": ("ai_crawler", "anthropic"),
    "Common Crawl": ("crawler", "common-crawl"),
    "DuckDuckBot": ("crawler", "duckduckbot"),
    "Fastly": ("cdn", "fastly"),
    "GPTBot": ("ai_crawler", "openai"),
    "GitHub": ("hosting", "github"),
    "Googlebot": ("crawler", "googlebot"),
    "Google": ("hosting", "google"),
    "Hetzner": ("hosting", "hetzner"),
    "Huawei Cloud": ("cloud", "huawei"),
    "IBM Cloud": ("cloud", "ibm"),
    "Internet Archive": ("crawler", "internet-archive"),
    "Leaseweb": ("hosting", "leaseweb"),
    "Linode": ("cloud", "linode"),
    "Meta": ("link_preview", "meta"),
    "Mullvad": ("vpn", "mullvad"),
    "OVHcloud": ("hosting", "ovh"),
    "PerplexityBot": ("ai_crawler", "perplexity"),
    "ProtonVPN": ("vpn", "protonvpn"),
    "Rackspace": ("hosting", "rackspace"),
    "Scaleway": ("cloud", "scaleway"),
    "Tencent Cloud": ("cloud", "tencent"),
    "Tor": ("tor_exit", "tor"),
    "UpCloud": ("cloud", "upcloud"),
    "Vultr": ("cloud", "vultr"),
}


class IpOrigin(PackageSource):
    """Hosters, VPNs, crawlers, Tor."""

    name = "iporigin"
    package = "iporigin"
    version = "1.1.2"
    sha256 = "814efc15b14d568d65887559fc6a5dfb2677ab0b063e2b39d9ae3192f9bc6802"
    licence = "MIT, of CC0 lists"
    credit = (
        "rezmoss/cloud-provider-ip-addresses and lord-alfred/ipranges (CC0), and the providers' own files"
    )

    def date(self, folder: Path) -> str:
        built = _HEADER.unpack_from((folder / _FILE).read_bytes())[2]
        return datetime.fromtimestamp(built, UTC).date().isoformat()

    def claims(self, folder: Path) -> Iterable[Claim[Label]]:
        return labels((folder / _FILE).read_bytes(), self.name)


def labels(blob: bytes, name: str) -> Iterator[Claim[Label]]:
    """Claims of the providers in use."""
    try:
        magic, version, _, names, v4, v6 = _HEADER.unpack_from(blob)
    except struct.error:
        raise ValueError(f"{_FILE} is cut off") from None
    if (magic, version) != (b"IPORIGIN", 1):
        raise ValueError(f"{_FILE} is not version 1 of iporigin's file")
    offset, known = _HEADER.size, []
    for _ in range(names):
        (size,) = struct.unpack_from("<H", blob, offset)
        known.append(blob[offset + 2 : offset + 2 + size].decode().partition("\t")[0])
        offset += 2 + size
    for shape, count, family in ((_V4, v4, IPv4Address), (_V6, v6, IPv6Address)):
        for _ in range(count):
            first, last, number = shape.unpack_from(blob, offset)
            offset += shape.size
            if known[number] not in _USED:
                continue
            kind, provider = _USED[known[number]]
            for network in summarize_address_range(family(first), family(last)):
                yield Claim(network, Label(kind, provider, name))
