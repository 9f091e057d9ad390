"""iptoasn: ASN 0 is no answer; a span is shown as the network around the address."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = (
    "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n"
    "1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n"
    "2001:200::\t2001:200:ffff:ffff:ffff:ffff:ffff:ffff\t2500\tJP\tWIDE\n"
)


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask, tmp_path: Path) -> None:
    packed = tmp_path / "ip2asn-combined.tsv.gz"
    packed.write_bytes(gzip.compress(FILE.encode()))
    for reader in (opened("iptoasn", FILE, "ip2asn-combined.tsv"), opened("iptoasn", packed)):
        says(reader, ask)


def says(reader: DataReader, ask: Ask) -> None:
    assert ask(reader, "1.0.0.9") == NetworkAnswer("1.0.0.0/24", 13335, "CLOUDFLARENET", "US")
    assert ask(reader, "1.0.1.1") is None
    assert ask(reader, "2001:200::1") == NetworkAnswer("2001:200::/32", 2500, "WIDE", "JP")
