"""pymispwarninglists: the MISP warning lists, of which those that name scanners, mail clouds, crawlers and proxies
are used.

Each list is a JSON file ``{"name", "version", "list": [network or address]}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.netdata.ranges import Claim, parse
from tools.netdata.sources import Label, PackageSource

_LISTS = Path("pymispwarninglists/data/misp-warninglists/lists")

_SCANNER = re.compile(r"(.+?)(?:-nt)?-scann(?:ing|er)")
_USED = {
    "akamai": ("cdn", "akamai"),
    "check-host-net": ("monitor", "check-host"),
    "fastly": ("cdn", "fastly"),
    "googlebot": ("crawler", "googlebot"),
    "microsoft-azure-china": ("cloud", "microsoft"),
    "microsoft-azure-us-gov": ("cloud", "microsoft"),
    "microsoft-office365-ip": ("mail_gateway", "microsoft365"),
    "openai-gptbot": ("ai_crawler", "openai"),
    "shadowserver": ("scanner", "shadowserver"),
    "stackpath": ("cdn", "stackpath"),
    "tenable-cloud-ipv4": ("scanner", "tenable"),
    "tenable-cloud-ipv6": ("scanner", "tenable"),
    "wikimedia": ("hosting", "wikimedia"),
    "zscaler": ("proxy", "zscaler"),
}
_REGIONS = {"microsoft-azure-china": "china", "microsoft-azure-us-gov": "usgov"}

_COMMERCIAL = {
    "censys",
    "coalition-signals-intelligence",
    "intrinsec",
    "modat",
    "netsecscan",
    "onyphe",
    "rapid7",
} | {
    "shodan",
    "tenable",
    "ipinfo",
    "f6",
    "bufferover",
    "cypex",
}
"""Scanners that sell what they find; the others publish or research."""


class MispWarningLists(PackageSource):
    """Scanners, mail clouds, proxies."""

    name = "misp-warninglists"
    package = "pymispwarninglists"
    version = "1.7.0"
    sha256 = "18b0922a6334e20850b7ab84a0d9e52746302abc36ec034ecc141fb2db67d4a7"
    licence = "CC0 (the lists), BSD-3-Clause (the package)"
    credit = "the MISP project and CIRCL"

    def date(self, folder: Path) -> str:
        """The day of its newest automatic lists, as their version numbers say."""
        digits = str(_read(folder / _LISTS / "googlebot")["version"])
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"

    def claims(self, folder: Path) -> Iterable[Claim[Label]]:
        for path in sorted((folder / _LISTS).iterdir()):
            yield from labels(path.name, _read(path), self.name)


def labels(title: str, data: Mapping[str, Any], name: str) -> Iterator[Claim[Label]]:
    """Claims of one list; none where it is not used."""
    scanner = _SCANNER.fullmatch(title)
    if title in _USED:
        kind, provider = _USED[title]
    elif scanner:
        kind, provider = "scanner", scanner[1].removesuffix("-nt")
    else:
        return
    service = "commercial" if kind == "scanner" and provider in _COMMERCIAL else ""
    service = "research" if kind == "scanner" and not service else service
    for item in data["list"]:
        yield Claim(parse(item), Label(kind, provider, name, service, _REGIONS.get(title, "")))


def _read(path: Path) -> Mapping[str, Any]:
    data = json.loads((path / "list.json").read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("list"), list):
        raise ValueError(f"{path.name} is not a MISP warning list")  # noqa: TRY004  of its content
    return data
