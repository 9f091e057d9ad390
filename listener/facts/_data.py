"""The shipped look-up data (see SOURCES.md), and the operator's newer files in the home that go before it.

Files are opened read-only and mapped into memory; a newer one is put in place by renaming it, never by writing into it.
"""

from __future__ import annotations

import csv
import lzma
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import files

if TYPE_CHECKING:
    from geoip2.database import Reader as GeoReader
    from maxminddb import Reader

IP_DATABASE = "ip-asn-country.mmdb"
CLASS_DATABASE = "net-class.mmdb"
ASN_TABLE = "asn-class.csv"

DATES = {IP_DATABASE: "2026-09-16", CLASS_DATABASE: "2026-08-20", ASN_TABLE: "2026-08-22"}
"""Of the data, not of the day it was joined (which is the build epoch inside the files)."""

_SHIPPED = Path(__file__).parent / "data"


def locate(home: Path, name: str) -> tuple[Path, bool]:
    """Where the file called ``name`` lies, and whether it is the shipped one; unpacked into the home where need be."""
    own = home / "data" / name
    if own.is_file():
        return own, False
    plain = _SHIPPED / name
    return (plain if plain.is_file() else _unpacked(home, name)), True


def _unpacked(home: Path, name: str) -> Path:
    """The shipped ``name.xz``, unpacked once into the home.

    Several processes may do so at the same time: the last rename wins, and all files are equal.
    """
    stem, _, suffix = name.rpartition(".")
    target = home / "data" / "shipped" / f"{stem}.{DATES[name]}.{suffix}"
    if target.is_file():
        return target
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.replace(target, lzma.decompress((_SHIPPED / f"{name}.xz").read_bytes()))
    return target


def geo_reader(home: Path) -> tuple[GeoReader, str]:
    """The ASN and country database, and the date of its data. Raises OSError or maxminddb.InvalidDatabaseError."""
    from geoip2.database import Reader as GeoReader

    path, shipped = locate(home, IP_DATABASE)
    reader = GeoReader(path)
    return reader, DATES[IP_DATABASE] if shipped else _day(reader.metadata().build_epoch)


def class_reader(home: Path) -> tuple[Reader, str]:
    """The database of network classes, and the date of its data.

    Its records are our own, which `geoip2` has no method for: it is read by the library underneath.
    """
    import maxminddb

    path, shipped = locate(home, CLASS_DATABASE)
    reader = maxminddb.open_database(path)
    return reader, DATES[CLASS_DATABASE] if shipped else _day(reader.metadata().build_epoch)


def asn_classes(home: Path) -> tuple[dict[int, str], str]:
    """ASN to ``hosting`` or ``vpn``, and the date of the list. Raises ValueError where the file is not such a list."""
    path, shipped = locate(home, ASN_TABLE)
    with path.open(encoding="utf-8", newline="") as file:
        table = {int(number): name for number, name in list(csv.reader(file))[1:]}
    return table, DATES[ASN_TABLE] if shipped else _day(int(path.stat().st_mtime))


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 code to English name."""
    with (_SHIPPED / "countries.csv").open(encoding="utf-8", newline="") as file:
        return dict(list(csv.reader(file))[1:])


def _day(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).date().isoformat()
