"""Azure: regions, and the tags that call out under their own name."""

from __future__ import annotations

import json
from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps(
    {
        "changeNumber": 1,
        "cloud": "Public",
        "values": [
            {
                "name": "AzureCloud.westeurope",
                "properties": {"region": "westeurope", "addressPrefixes": ["20.0.0.0/8"]},
            },
            {"name": "Sql", "properties": {"region": "", "addressPrefixes": ["20.1.0.0/16"]}},
            {
                "name": "EOPExternalPublishedIPs",
                "properties": {"region": "", "addressPrefixes": ["40.92.0.0/15"]},
            },
        ],
    }
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("azure", FILE, "list.json")
    assert said(ask(reader, "20.1.1.1")) == ["cloud/microsoft/westeurope"]
    assert said(ask(reader, "40.92.1.1")) == ["mail_gateway/microsoft/EOPExternalPublishedIPs"]
