"""iptoasn.com's ip2asn-*.tsv: first, last, ASN, country, description, separated by tabs; ASN 0 is "not routed"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._lines import text_lines
from listener.network_data.readers._mmdb import country
from listener.network_data.readers._spans import Edge, SpanReader

_LINE = re.compile(rb"[0-9a-fA-F.:]+\t[0-9a-fA-F.:]+\t\d+\t[^\t\n]*\t")


class IpToAsn(SpanReader):
    """ASN and country."""

    name = "iptoasn"
    what = "iptoasn ip2asn (.tsv, .tsv.gz)"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return _LINE.match(head) is not None

    def read(self, path: Path) -> Iterable[tuple[Edge, Edge, NetworkAnswer]]:
        known: dict[tuple[str, str, str], NetworkAnswer] = {}
        for line in text_lines(path):
            first, last, asn, code, description = line.rstrip("\r").split("\t", 4)
            if asn == "0":
                continue
            key = asn, code, description
            if key not in known:
                known[key] = NetworkAnswer(asn=int(asn), organisation=description, country=country(code))
            yield first, last, known[key]
