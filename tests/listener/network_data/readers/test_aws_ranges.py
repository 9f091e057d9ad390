"""AWS: service and region; the overall AMAZON beside a narrower one is kept, not dropped."""

from __future__ import annotations

import json
from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = json.dumps(
    {
        "syncToken": "1",
        "createDate": "2026-10-26-00-00-00",
        "prefixes": [
            {
                "ip_prefix": "52.0.0.0/8",
                "region": "GLOBAL",
                "service": "AMAZON",
                "network_border_group": "GLOBAL",
            },
            {
                "ip_prefix": "52.94.76.0/22",
                "region": "us-west-2",
                "service": "EC2",
                "network_border_group": "us-west-2",
            },
            {
                "ip_prefix": "13.32.0.0/15",
                "region": "GLOBAL",
                "service": "CLOUDFRONT",
                "network_border_group": "GLOBAL",
            },
        ],
        "ipv6_prefixes": [
            {
                "ipv6_prefix": "2600:1f00::/24",
                "region": "us-east-1",
                "service": "EC2",
                "network_border_group": "us-east-1",
            }
        ],
    }
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("aws", FILE, "list.json")
    assert said(ask(reader, "52.94.76.1")) == ["cloud/aws/EC2/us-west-2", "cloud/aws"]
    assert said(ask(reader, "13.32.1.1")) == ["cdn/aws/CLOUDFRONT"]
    assert said(ask(reader, "2600:1f00::1")) == ["cloud/aws/EC2/us-east-1"]
    assert said(ask(reader, "8.8.8.8")) == []
    assert reader.date() == "2026-10-26"
