"""iptoasn.com's ip2asn-*.tsv: first, last, ASN, country, description, separated by tabs; ASN 0 is "not routed"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._mmdb import country
from listener.network_data.readers._ranges import SpanReader, read_text

_LINE = re.compile(rb"[0-9a-fA-F.:]+\t[0-9a-fA-F.:]+\t\d+\t[^\t\n]*\t")


class IpToAsn(SpanReader):
    """ASN and country."""

    name = "iptoasn"
    what = "iptoasn ip2asn (.tsv)"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return _LINE.match(head) is not None

    def read(self, path: Path) -> Iterable[tuple[str, str, NetworkAnswer]]:
        known: dict[tuple[str, str, str], NetworkAnswer] = {}
        for line in read_text(path).splitlines():
            first, last, asn, code, description = line.split("\t", 4)
            if asn == "0":
                continue
            key = asn, code, description
            if key not in known:
                known[key] = NetworkAnswer(asn=int(asn), organisation=description, country=country(code))
            yield first, last, known[key]
