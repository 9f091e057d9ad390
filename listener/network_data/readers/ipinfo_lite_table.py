"""IPinfo Lite as CSV, or as one JSON object a line, with the fields of its MMDB and ``network`` (ipinfo.io/lite)."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from listener.network_data.readers import DataError, NetworkAnswer
from listener.network_data.readers._lines import text_lines
from listener.network_data.readers._mmdb import country, number, text
from listener.network_data.readers._spans import Edge, SpanReader, edges

_FIELDS = ("network", "country_code", "asn", "as_name")
_HEADER = re.compile(rb'"?network"?,[^\n]*country_code[^\n]*\n|\{[^\n]*"network"[^\n]*"country_code"')


class IpInfoLiteTable(SpanReader):
    """ASN and country in one."""

    name = "ipinfo-lite-table"
    what = "IPinfo Lite (.csv, .json, .gz of either)"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return _HEADER.match(head.removeprefix(b"\xef\xbb\xbf")) is not None

    def read(self, path: Path) -> Iterable[tuple[Edge, Edge, NetworkAnswer]]:
        known: dict[tuple[Any, ...], NetworkAnswer] = {}
        for row in _rows(path):
            network, *said = (row.get(name) for name in _FIELDS)
            key = tuple(map(text, said))
            if key not in known:
                known[key] = NetworkAnswer(
                    country=country(key[0]), asn=number(key[1]), organisation=key[2].strip()
                )
            if known[key].topics:
                yield *edges(text(network)), known[key]


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    lines = text_lines(path)
    first = next(lines, "")
    if not first.startswith("{"):
        header = next(csv.reader([first]), [])
        if not set(_FIELDS) <= set(header):
            raise DataError(f"{path.name} lacks one of the columns {', '.join(_FIELDS)}")
        for row in csv.reader(lines, strict=True):
            if row:
                yield dict(zip(header, row, strict=True))
        return
    for line in itertools.chain([first], lines):
        if line.strip():
            yield _object(line, path.name)


def _object(line: str, name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DataError(f"{name} has a line that is no JSON object")
    return found
