"""Cloudflare's ips-v4 and ips-v6: one network a line (https://www.cloudflare.com/ips/)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_text

_MARKS = (b"173.245.48.0/20", b"2400:cb00::/32")
"""The first network of each list, unchanged since they are published; the files say nothing else of themselves."""


class CloudflareIps(LabelReader):
    """Cloudflare's edge."""

    name = "cloudflare"
    what = "Cloudflare ips-v4 or ips-v6"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return head.startswith(_MARKS)

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        for line in read_text(path).split():
            yield line, {"class": "cdn", "provider": "cloudflare"}
