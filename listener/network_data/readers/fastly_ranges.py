"""Fastly's public-ip-list: ``{"addresses": [...], "ipv6_addresses": [...]}``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_json


class FastlyRanges(LabelReader):
    """Fastly."""

    name = "fastly"
    what = "Fastly public-ip-list"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"addresses"' in head and b'"ipv6_addresses"' in head

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        data = read_json(path)
        for network in [*data["addresses"], *data["ipv6_addresses"]]:
            yield network, {"class": "cdn", "provider": "fastly"}
