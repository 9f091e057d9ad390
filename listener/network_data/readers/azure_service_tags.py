"""Microsoft's service tags, ServiceTags_Public_*.json (https://learn.microsoft.com/azure/virtual-network/service-tags-overview)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_json

_CLASSES = {
    "AzureFrontDoor": "cdn",
    "ApplicationInsightsAvailability": "monitor",
    "EOPExternalPublishedIPs": "mail_gateway",
}


class AzureServiceTags(LabelReader):
    """Azure: its regions, and those services that call out under a name of their own."""

    name = "azure"
    what = "Azure service tags"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"addressPrefixes"' in head and b'"changeNumber"' in head

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        for value in read_json(path)["values"]:
            tag, _, _ = str(value["name"]).partition(".")
            if tag != "AzureCloud" and tag not in _CLASSES:
                continue
            label = {
                "class": _CLASSES.get(tag, "cloud"),
                "provider": "microsoft",
                "service": "" if tag == "AzureCloud" else tag,
                "region": str(value["properties"].get("region") or ""),
            }
            found = {name: item for name, item in label.items() if item}
            for network in value["properties"]["addressPrefixes"]:
                yield network, found
