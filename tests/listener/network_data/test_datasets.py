"""Data in use: precedence kept, a file that answers nothing refused, each change said, unpacked once by any number."""

from __future__ import annotations

import csv
import datetime
import hashlib
import lzma
import subprocess
import sys
from pathlib import Path

import geoip2.database
import pytest

from listener.network_data import datasets, library
from listener.network_data.readers import DataError
from tests import steady
from tools.netdata.mmdb import Header, write

AT = "2026-11-20T00:00:00.000000Z"
TODAY = datetime.date(2026, 11, 20)


def german(folder: Path) -> Path:
    """A country database that puts Google's resolver into Germany."""
    path = folder / "a.mmdb"
    spans = [(0x08080800, 0x080808FF, 1), (0x08080900, 0x080809FF, 2)]
    path.write_bytes(
        write(
            spans,
            [],
            lambda key: {"country": {"iso_code": "DE" if key == 1 else "FR"}},
            Header("T", "t", 1_790_000_000),
        )
    )
    return path


def test_what_is_shipped_is_what_its_manifest_says() -> None:
    for name, entry in datasets.manifest()["files"].items():
        packed = datasets.SHIPPED / f"{name}.xz"
        path = datasets.SHIPPED / name
        raw = lzma.decompress(packed.read_bytes()) if packed.is_file() else path.read_bytes()
        assert hashlib.sha256(raw).hexdigest() == entry["sha256"]
        assert len(raw) == entry["size"]
        assert datetime.date.fromisoformat(entry["date"])
        assert entry["licence"]
        assert entry["credit"]


def test_the_packed_database_is_unpacked_once_and_kept(tmp_path: Path) -> None:
    (_, first, _) = datasets.shipped(tmp_path)
    assert first.path.is_relative_to(tmp_path / "data" / "shipped")
    before = first.path.stat()
    assert datasets.shipped(tmp_path)[1] == first
    assert (first.path.stat().st_ino, first.path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert first.path.stat().st_mode & 0o077 == 0


def test_processes_that_start_together_leave_whole_files(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from listener.network_data.datasets import load; "
        "print(len(load(Path(sys.argv[1])).sets))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=steady.PATIENCE)[0].strip() for process in running] == ["3"] * 3
    assert len(list((tmp_path / "data" / "shipped").iterdir())) == 3, "no temporary file is left"


def test_a_failed_unpacking_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "x.mmdb.xz").write_bytes(b"not xz")
    with pytest.raises(lzma.LZMAError):
        datasets._unpacked(tmp_path, tmp_path / "broken", "x.mmdb", "0" * 64)
    assert list((tmp_path / "data" / "shipped").iterdir()) == []


def test_the_operators_files_go_first_each_for_what_it_answers(tmp_path: Path) -> None:
    library.add(
        tmp_path,
        german(tmp_path),
        at=AT,
    )
    found = datasets.load(tmp_path)
    assert [item.known.name for item in found.of("country")] == [
        "a.mmdb",
        "server-country.mmdb",
        "ip-asn-country.mmdb",
    ]
    assert [item.known.name for item in found.of("asn")] == ["ip-asn-country.mmdb"]
    assert not found.refused


@pytest.mark.parametrize("harm", ["missing", "flipped", "empty", "other"])
def test_whatever_befalls_a_file_is_said_and_the_next_one_answers(tmp_path: Path, harm: str) -> None:
    known = library.add(
        tmp_path,
        german(tmp_path),
        at=AT,
    )
    raw = known.path.read_bytes()
    if harm == "missing":
        known.path.unlink()
    else:
        known.path.write_bytes(
            {"flipped": raw[:40] + bytes([raw[40] ^ 1]) + raw[41:], "empty": b"", "other": b"<html>"}[harm]
        )
    found = datasets.load(tmp_path)
    ((name, sentence),) = found.refused
    assert name == "a.mmdb"
    assert "missing" in sentence if harm == "missing" else "SHA-256 has changed" in sentence
    assert found.of("country")[-1].known.name == "ip-asn-country.mmdb"
    assert sentence in datasets.problems(tmp_path, TODAY)


@pytest.mark.parametrize("name", ["ip-asn-country.mmdb", "server-country.mmdb", "net-class.mmdb"])
def test_a_shipped_file_that_was_changed_is_said_and_deleting_it_mends(tmp_path: Path, name: str) -> None:
    known = next(item for item in datasets.shipped(tmp_path) if item.name == name)
    known.path.chmod(0o600)
    known.path.write_bytes(known.path.read_bytes()[:-1])
    with pytest.raises(DataError, match="SHA-256 has changed") as caught:
        datasets.open_set(known, check=True)
    assert caught.value.hint == f"delete {known.path}: it is unpacked anew"
    assert any(name in sentence for sentence in datasets.problems(tmp_path, TODAY))
    known.path.unlink()
    assert not datasets.load(tmp_path).refused


def test_a_damaged_register_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / datasets.REGISTER).write_text("{")
    assert "cannot be read" in datasets.load(tmp_path).refused[0][1]


def test_old_data_is_said(tmp_path: Path) -> None:
    known = next(item for item in datasets.shipped(tmp_path) if item.name == "ip-asn-country.mmdb")
    assert not datasets.old([known], datetime.date(2026, 9, 20))
    (said,) = datasets.old([known], datetime.date(2027, 1, 20))
    assert said == "ip-asn-country.mmdb is of 2026-09-16, 126 days ago"


def test_a_schema_is_found_by_content_or_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("hello")
    with pytest.raises(DataError, match="no schema that is known") as caught:
        datasets.recognise(path)
    assert "--schema" in (caught.value.hint or "")
    with pytest.raises(DataError, match="no schema called 'x'"):
        datasets.reader_of("x")


def test_the_tables_are_tables() -> None:
    for name, columns in (
        ("asn-class.csv", {"asn", "class", "list"}),
        ("clients.csv", {"sort", "family", "pattern"}),
        ("cloud-regions.csv", {"provider", "region", "country"}),
        ("organisation-words.csv", {"class", "pattern"}),
    ):
        with (datasets.SHIPPED / name).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert all(set(row) == columns and all(row.values()) for row in rows)


def test_geoip2_reads_the_shipped_base(tmp_path: Path) -> None:
    """Others may use the file with the usual library: one file answers both questions."""
    with geoip2.database.Reader(datasets.shipped(tmp_path)[1].path) as reader:
        assert reader.asn("8.8.8.8").autonomous_system_number == 15169
        assert reader.country("8.8.8.8").country.iso_code == "US"
