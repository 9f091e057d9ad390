"""The shipped data: unpacked once, by any number of processes, behind the operator's newer files, with honest dates."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from listener.facts import _data as data

FOLDER = Path(data.__file__).parent / "data"


def test_the_packed_database_is_unpacked_once_and_kept(tmp_path: Path) -> None:
    path, shipped = data.locate(tmp_path, data.IP_DATABASE)
    assert shipped
    assert path.is_relative_to(tmp_path / "data" / "shipped")
    assert path.stat().st_size > 12_000_000
    before = path.stat()
    assert data.locate(tmp_path, data.IP_DATABASE) == (path, True)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert path.stat().st_mode & 0o077 == 0


def test_processes_that_start_together_leave_one_whole_file(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from listener.facts import _data as d; "
        "r, _ = d.geo_reader(Path(sys.argv[1])); print(r.asn('8.8.8.8').autonomous_system_number); r.close()"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in running] == ["15169"] * 3
    assert len(list((tmp_path / "data" / "shipped").iterdir())) == 1, "no temporary file is left"


def test_a_failed_unpacking_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / f"{data.IP_DATABASE}.xz").write_bytes(b"not xz")
    monkeypatch.setattr(data, "_SHIPPED", tmp_path / "broken")
    with pytest.raises(data.lzma.LZMAError):
        data.locate(tmp_path, data.IP_DATABASE)
    assert list((tmp_path / "data" / "shipped").iterdir()) == []


def test_shipped_data_carries_the_date_of_the_data_not_of_its_joining(tmp_path: Path) -> None:
    reader, date = data.geo_reader(tmp_path)
    with reader:
        assert date == "2026-09-16"
        assert data._day(reader.metadata().build_epoch) == "2026-11-22", (
            "the file itself says something newer"
        )


def test_an_operators_file_goes_first_under_its_own_date(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    own = tmp_path / "data" / data.CLASS_DATABASE
    shutil.copy(FOLDER / data.CLASS_DATABASE, own)
    reader, date = data.class_reader(tmp_path)
    reader.close()
    assert (data.locate(tmp_path, data.CLASS_DATABASE), date) == ((own, False), "2026-11-22")
    table = tmp_path / "data" / data.ASN_TABLE
    table.write_text("asn,class\n64500,vpn\n")
    os.utime(table, (1_790_000_000, 1_790_000_000))
    assert data.asn_classes(tmp_path) == ({64500: "vpn"}, "2026-09-21")


def test_every_file_and_its_date_stand_in_sources_md() -> None:
    text = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    for file in FOLDER.iterdir():
        if file.suffix not in {".py", ".md"} and file.is_file():
            assert f"`{file.name}`" in text
    for date in data.DATES.values():
        assert date in text


def test_every_country_of_the_database_has_a_name() -> None:
    names = data.countries()
    assert len(names) == 250
    assert (names["DE"], names["GB"], names["XK"]) == ("Germany", "United Kingdom", "Kosovo")
    assert all(len(code) == 2 and code.isupper() and name for code, name in names.items())
