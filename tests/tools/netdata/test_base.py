"""The base: blocks unpacked whole or refused, both databases joined, reserved space cut out."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import maxminddb
import pytest
import zstandard

from tools.netdata import base
from tools.netdata.mmdb import Header, write


def packed(raw: bytes, size: int = 1000) -> bytes:
    compress = zstandard.ZstdCompressor(write_content_size=False).compress
    parts = [compress(raw[start : start + size]) for start in range(0, len(raw), size)]
    head = struct.pack(">8sIII", b"DETBLK01", size, len(parts), len(raw))
    return head + struct.pack(f">{len(parts)}I", *map(len, parts)) + b"".join(parts)


def package(folder: Path) -> None:
    """A small package of the same form."""
    header = Header("T", "t", 1_789_516_800)
    asn = {"autonomous_system_number": 64500, "autonomous_system_organization": "Own"}
    first, last = 0xC0000200, 0xC0000400  # 192.0.2.0, half of it for documentation
    raws = {
        "origin-asn": write(
            [(first, last, 1), (last + 1, last + 9, 2)],
            [],
            lambda key: asn if key == 1 else asn | {"autonomous_system_number": 64501},
            header,
        ),
        "user-country": write(
            [(first, last - 9, "DE"), (last, last, "FR")], [], lambda key: {"country_code": key}, header
        ),
    }
    data = folder / "detector" / "data"
    data.mkdir(parents=True)
    for name, raw in raws.items():
        (data / f"{name}.mmdb.bz").write_bytes(packed(raw))
    sums = {f"{name}.mmdb.bz": hashlib.sha256(raw).hexdigest() for name, raw in raws.items()}
    (data / "MANIFEST.json").write_text(json.dumps({"sha256": sums}))


def test_the_joint_database(tmp_path: Path) -> None:
    package(tmp_path)
    paths, day = base.extract(tmp_path, tmp_path)
    assert day == "2026-09-16"
    made = tmp_path / "made.mmdb"
    made.write_bytes(base.build(paths, 1_700_000_000))
    with maxminddb.open_database(made) as reader:
        assert reader.get("192.0.2.5") is None, "documentation"
        assert reader.get("192.0.3.5") == {
            "autonomous_system_number": 64500,
            "autonomous_system_organization": "Own",
            "country": {"iso_code": "DE"},
        }
        assert reader.get("192.0.3.255") == {
            "autonomous_system_number": 64500,
            "autonomous_system_organization": "Own",
        }
        assert {"GeoLite2-ASN", "Country"} <= {
            word for word in ("GeoLite2-ASN", "Country") if word in reader.metadata().database_type
        }


def test_another_database_than_the_manifest_names_is_refused(tmp_path: Path) -> None:
    package(tmp_path)
    manifest = tmp_path / "detector" / "data" / "MANIFEST.json"
    manifest.write_text(manifest.read_text().replace('"origin-asn.mmdb.bz": "', '"origin-asn.mmdb.bz": "0'))
    with pytest.raises(ValueError, match="origin-asn is not the database"):
        base.extract(tmp_path, tmp_path)


def test_blocks() -> None:
    raw = bytes(range(256)) * 20
    whole = packed(raw)
    assert base.unpack(whole) == raw
    for broken in (b"", b"x" * 40, whole[:-3], whole[:30], whole.replace(b"DETBLK01", b"DETBLK02")):
        with pytest.raises(ValueError, match="block"):
            base.unpack(broken)
