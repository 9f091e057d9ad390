"""Where a hoster's machines stand, where the base knows only in which country their block is registered.

The base takes a network's country from its holder's geofeed, else from the registration. For people's connections the
registration is nearly always right; a hoster registers at home and rents out elsewhere. So for IPv4 networks of hosters
alone, and only where the base says no more than the registration does, the word of two others counts where both agree
on another country: IPFire Location and DB-IP, made by different people with different methods. Of the networks whose
holder publishes where they are (regions of AWS and Azure), 3,645 had such a word, and all were right; GeoLite2 takes
that word's side in 51 % of them and the base's in 47 %. Either of the two alone was no better than the base, and
neither is asked about people's connections: there the base was right more often than both together.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from listener.network_data.organisations import sort_of
from tools.netdata.base import asn_of, extracted, ranges_of
from tools.netdata.mmdb import Header, write
from tools.netdata.ranges import RESERVED, Ranges, joined, merged, without

PACKAGE = "tor-geoipdb"
VERSION = "0.4.9.11-0+deb12u1"
SHA256 = "5ba963de51fa4f99dcbd6a017446c5b008ea115a04947a200bd4b0b0edf53399"
LICENCE = "CC BY-SA 4.0"
CREDIT = "IPFire Location (https://location.ipfire.org), and IP Geolocation by DB-IP (https://db-ip.com)"
IPFIRE = {"licence": "CC BY-SA 4.0", "credit": "IPFire Location"}
DBIP = {"licence": "CC BY 4.0", "credit": "DB-IP (https://db-ip.com)"}

HOSTERS = frozenset({"hosting", "cloud", "cdn", "vpn", "proxy", "relay", "scanner"})
"""Classes of networks whose machines stand in racks."""
_FILE = Path("usr/share/tor/geoip")
_DAY = re.compile(r"^# Generated: +\w{3}, (\d{2}) (\w{3}) (\d{4}) ", re.MULTILINE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KEYS = ("country", "iso_code")


def ipfire(text: str) -> tuple[Ranges[str], str]:
    """IPFire's IPv4 ranges by country, and their day. Raises ValueError on what is not such a file."""
    made = _DAY.search(text)
    if made is None or IPFIRE["licence"] not in text:
        raise ValueError(f"{_FILE} does not say when it was made, or under which licence")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            first, last, country = line.split(",")
            if re.fullmatch("[A-Z]{2}", country) and country != "EU":
                found.append((int(first), int(last), country))
    day = f"{made[3]}-{_MONTHS.index(made[2]) + 1:02}-{made[1]}"
    return merged(sorted(found)), day


def build(
    detector: Path, tor: Path, asns: Iterable[str], work: Path, epoch: int
) -> tuple[bytes, dict[str, str]]:
    """The database, and the day of each of the two. ``asns``: lines of the table of ASNs."""
    paths, _ = extracted(
        detector, work, ("origin-asn", "user-country", "iptoasn-country", "dbip-country-lite")
    )
    day = extracted(detector, work, ("dbip-country-lite",))[1]
    classes = {int(row["asn"]): row["class"] for row in csv.DictReader(asns)}
    numbers, organisations = ranges_of(paths["origin-asn"], asn_of)
    others, made = ipfire((tor / _FILE).read_text(encoding="utf-8"))
    countries = {name: ranges_of(paths[name], _code)[0][4] for name in paths if "country" in name}

    def hoster(asn: int) -> bool:
        return (classes.get(asn) or sort_of(organisations.get(asn, ""))[0]) in HOSTERS

    found = agreed(
        [row for row in numbers[4] if hoster(row[2])],
        countries["user-country"],
        countries["iptoasn-country"],
        others,
        countries["dbip-country-lite"],
    )
    header = Header("X-Country", "IPFire Location and DB-IP, where both agree (CC BY-SA 4.0)", epoch)
    raw = write(without(found, RESERVED[4]), [], lambda code: {"country": {"iso_code": code}}, header, _KEYS)
    return raw, {"ipfire": made, "dbip": day}


def agreed(
    hosters: Ranges[int], base: Ranges[str], registered: Ranges[str], one: Ranges[str], other: Ranges[str]
) -> Ranges[str]:
    """Where ``one`` and ``other`` agree on a country that base and registration, which agree too, do not have."""
    both = joined(joined(hosters, joined(base, registered)), joined(one, other))
    found = []
    for first, last, (left, right) in both:
        asn, own = left or (None, None)
        here, at_home = own or (None, None)
        there, also = right or (None, None)
        if (
            asn is not None
            and here is not None
            and here == at_home
            and there == also
            and there not in (None, here)
        ):
            found.append((first, last, there))
    return merged([row for row in found if row[2] is not None])


def _code(answer: Mapping[str, Any]) -> str | None:
    country = answer.get("country")
    return answer.get("country_code") or (country.get("iso_code") if isinstance(country, dict) else None)
