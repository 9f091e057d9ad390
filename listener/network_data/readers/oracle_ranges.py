"""Oracle's public_ip_ranges.json (https://docs.oracle.com/iaas/Content/General/Concepts/addressranges.htm)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_json


class OracleRanges(LabelReader):
    """Oracle Cloud, with regions."""

    name = "oracle"
    what = "Oracle Cloud public_ip_ranges.json"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"last_updated_timestamp"' in head and b'"cidrs"' in head

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        data = read_json(path)
        self._date = str(data["last_updated_timestamp"])[:10]
        for region in data["regions"]:
            for item in region["cidrs"]:
                label = {"class": "cloud", "provider": "oracle", "region": str(region["region"])}
                yield item["cidr"], label | {"service": ", ".join(item.get("tags", ()))}

    def date(self) -> str:
        return self._date
