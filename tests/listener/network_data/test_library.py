"""Adding: read whole before it is taken, copied under its hash, nothing changed where it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from listener.network_data import library
from listener.network_data.datasets import registered
from listener.network_data.readers import DataError

AT = "2026-11-22T00:00:00.000000Z"
CSV = "1.0.0.0,1.0.0.255,DE\n"


def given(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_copied_and_registered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    known = library.add(home, given(tmp_path, "c.csv", CSV), at=AT, licence="PDDL")
    assert registered(home) == [known]
    assert known.path.parent == home / "data"
    assert known.path.read_text() == CSV
    assert (known.schema, known.date, known.added_at, known.licence) == (
        "ip-location-csv",
        "2026-11-22",
        AT,
        "PDDL",
    )


def test_precedence_is_the_order_of_adding_and_is_kept(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        library.add(tmp_path, given(tmp_path, name, CSV), at=AT)
    library.add(tmp_path, given(tmp_path, "c.csv", CSV + "2.0.0.0,2.0.0.255,FR\n"), at=AT, last=True)
    assert [item.name for item in registered(tmp_path)] == ["b.csv", "a.csv", "c.csv"]
    fresh = library.add(tmp_path, given(tmp_path, "a.csv", "3.0.0.0,3.0.0.255,FR\n"), at=AT)
    assert [item.name for item in registered(tmp_path)] == ["b.csv", "a.csv", "c.csv"], (
        "a refreshed file keeps its place"
    )
    assert fresh in registered(tmp_path)
    assert len(list((tmp_path / "data").glob("*-a.csv"))) == 1, "the old one is gone"


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("<html>", {}, "no schema"),
        ("<html>", {"schema": "ip-location-csv"}, "fields|file of"),
        ("1.0.0.0,1.0.0.255,DE\n1.0.0.9,rubbish,DE\n", {}, "not a file of"),
        ("", {"schema": "tor-bulk"}, "answers nothing"),
        ("1.0.0.0,1.0.0.255,12\n", {"schema": "ip-location-csv"}, "answers nothing"),
        (CSV, {"day": "2027-01-01"}, "not come yet"),
        (CSV, {"day": "yesterday"}, "no day"),
    ],
)
def test_what_is_refused_changes_nothing(
    tmp_path: Path, text: str, options: dict[str, Any], said: str
) -> None:
    home = tmp_path / "home"
    library.add(home, given(tmp_path, "good.csv", CSV), at=AT)
    before = sorted(path.name for path in (home / "data").iterdir())
    with pytest.raises(DataError, match=said):
        library.add(home, given(tmp_path, "bad.csv", text), at=AT, **options)
    assert sorted(path.name for path in (home / "data").iterdir()) == before
    assert [item.name for item in registered(home)] == ["good.csv"]


def test_tor_lists_are_all_kept(tmp_path: Path) -> None:
    for day in ("21", "22"):
        text = f"ExitNode A\nLastStatus x\nExitAddress 1.1.1.1 2026-11-{day} 00:00:00\n"
        library.add(tmp_path, given(tmp_path, "exit-addresses", text), at=f"2026-11-{day}T01:00:00.000000Z")
    assert [item.date for item in registered(tmp_path)] == ["2026-11-22", "2026-11-21"]


def test_removing(tmp_path: Path) -> None:
    known = library.add(tmp_path, given(tmp_path, "a.csv", CSV), at=AT)
    with pytest.raises(DataError, match="no file of network data is called 'b'"):
        library.remove(tmp_path, "b")
    assert library.remove(tmp_path, "a.csv") == [known]
    assert not known.path.exists()
    assert registered(tmp_path) == []
