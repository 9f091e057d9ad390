"""Amazon's ip-ranges.json (https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_json

_CLASSES = {
    "CLOUDFRONT": "cdn",
    "CLOUDFRONT_ORIGIN_FACING": "cdn",
    "ROUTE53_HEALTHCHECKS": "monitor",
    "ROUTE53_HEALTHCHECKS_PUBLISHING": "monitor",
}


class AwsRanges(LabelReader):
    """AWS, with service and region."""

    name = "aws"
    what = "AWS ip-ranges.json"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return b'"syncToken"' in head and b'"ip_prefix"' in head and b"network_border_group" in head

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        data = read_json(path)
        self._date = str(data["createDate"])[:10]
        for key, field in (("prefixes", "ip_prefix"), ("ipv6_prefixes", "ipv6_prefix")):
            for item in data[key]:
                service = str(item["service"])
                label = {
                    "class": _CLASSES.get(service, "cloud"),
                    "provider": "aws",
                    "service": "" if service == "AMAZON" else service,
                    "region": "" if item["region"] == "GLOBAL" else str(item["region"]),
                }
                yield item[field], {name: value for name, value in label.items() if value}

    def date(self) -> str:
        return self._date
