"""ip-location-db's and DB-IP Lite's CSV without a header: ``first,last,CC`` or ``first,last,ASN,organisation``.

Addresses may be numbers (``-num``), or both be one network (``-cidr``: ``1.0.0.0/24,AU``). ``ZZ`` is DB-IP's word for
"nobody's". Files of cities have more fields and are not read: a country is all that is wanted of a place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import DataError, NetworkAnswer
from listener.network_data.readers._lines import text_lines
from listener.network_data.readers._mmdb import country
from listener.network_data.readers._spans import Edge, SpanReader, edges

_EDGE = rb'"?[0-9a-fA-F.:]{3,45}"?'
_LINE = re.compile(
    rb"(?:%s,%s|%s/\d{1,3})," % (_EDGE, _EDGE, _EDGE) + rb'(?:"?[A-Z]{2}"?\s*(?:\n|$)|"?\d+"?,[^\n]*(?:\n|$))'
)


class IpLocationCsv(SpanReader):
    """ASN or country."""

    name = "ip-location-csv"
    what = "ip-location-db or DB-IP Lite (.csv, .csv.gz)"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return _LINE.match(head.removeprefix(b"\xef\xbb\xbf")) is not None

    def read(self, path: Path) -> Iterable[tuple[Edge, Edge, NetworkAnswer]]:
        known: dict[tuple[str, ...], NetworkAnswer] = {}
        for row in csv.reader(text_lines(path), strict=True):
            if not row:
                continue
            key = tuple(row[1:] if "/" in row[0] else row[2:])
            if key not in known:
                known[key] = _answer(key, len(row), path.name)
            if not known[key].topics:
                continue
            first, last = edges(row[0]) if "/" in row[0] else (_edge(row[0]), _edge(row[1]))
            yield first, last, known[key]


def _edge(text: str) -> Edge:
    return int(text) if text.isascii() and text.isdecimal() else text


def _answer(said: tuple[str, ...], fields: int, name: str) -> NetworkAnswer:
    if len(said) == 1:
        return NetworkAnswer(country=country(said[0]))
    if len(said) == 2 and said[0].isdecimal():
        return NetworkAnswer(asn=int(said[0]) or None, organisation=said[1])
    raise DataError(f"{name}: a line has {fields} fields, which is neither country nor ASN")
