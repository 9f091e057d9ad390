"""One list of the MISP warninglists: ``{"name", "type": "cidr", "version", "list": [...]}`` (https://github.com/MISP/misp-warninglists)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import DataError
from listener.network_data.readers._ranges import Label, LabelReader, read_json

_CLASSES = (
    # what the list's name says, class
    (re.compile(r"scan", re.IGNORECASE), "scanner"),
    (re.compile(r"public dns|resolver", re.IGNORECASE), "public_resolver"),
    (re.compile(r"zscaler", re.IGNORECASE), "proxy"),
    (re.compile(r"office ?365|gmail|smtp|attack simul", re.IGNORECASE), "mail_gateway"),
    (re.compile(r"gptbot", re.IGNORECASE), "ai_crawler"),
    (re.compile(r"bot\b|crawler", re.IGNORECASE), "crawler"),
    (re.compile(r"\bvpn", re.IGNORECASE), "vpn"),
    (re.compile(r"cloudflare|akamai|fastly|stackpath|\bcdn", re.IGNORECASE), "cdn"),
    (re.compile(r"azure|amazon|aws|google|gcp|cloud", re.IGNORECASE), "cloud"),
    (re.compile(r"ovh|host|data ?cent", re.IGNORECASE), "hosting"),
)


class MispWarningList(LabelReader):
    """Networks that the list's name describes."""

    name = "misp"
    what = "a MISP warninglist of networks"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"matching_attributes"' in head or (
            b'"type"' in head and b'"cidr"' in head and b'"list"' in head
        )

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        data = read_json(path)
        title = str(data["name"])
        kind = next((kind for shape, kind in _CLASSES if shape.search(title)), "")
        if data.get("type") != "cidr" or not kind:
            raise DataError(f"{path.name}: the list called {title[:60]!r} does not say what its networks are")
        self._version = str(data.get("version", ""))
        for network in data["list"]:
            yield network, {"class": kind, "provider": _provider(title)}

    def date(self) -> str:
        digits = self._version
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if re.fullmatch(r"20\d{6}", digits) else ""


def _provider(title: str) -> str:
    words = re.findall(r"[a-z0-9.]+", title.lower())
    skipped = {
        "list",
        "of",
        "known",
        "ip",
        "ips",
        "address",
        "addresses",
        "ranges",
        "range",
        "scanning",
        "scanner",
        "the",
    }
    return "-".join([word for word in words if word not in skipped][:3]) or "misp"
