"""ip-location-db's CSV: ``first,last,CC`` or ``first,last,ASN,organisation``, without a header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import DataError, NetworkAnswer
from listener.network_data.readers._mmdb import country
from listener.network_data.readers._ranges import SpanReader, read_text

_LINE = re.compile(rb"[0-9a-fA-F.:]+,[0-9a-fA-F.:]+,(?:[A-Z]{2}\s|\d+,)")


class IpLocationCsv(SpanReader):
    """ASN or country."""

    name = "ip-location-csv"
    what = "ip-location-db (.csv)"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return _LINE.match(head) is not None

    def read(self, path: Path) -> Iterable[tuple[str, str, NetworkAnswer]]:
        for row in csv.reader(read_text(path).splitlines()):
            if len(row) == 3:
                yield row[0], row[1], NetworkAnswer(country=country(row[2]))
            elif len(row) == 4 and row[2].isdecimal():
                yield row[0], row[1], NetworkAnswer(asn=int(row[2]), organisation=row[3])
            elif row:
                raise DataError(
                    f"{path.name}: a line has {len(row)} fields, which is neither country nor ASN"
                )
