"""Searching: each facet once a file, weak ones only in company, and how much was read is told."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import pytest

from canaries.scan import dumps
from canaries.scan.index import ScanIndex
from canaries.scan.search import Occurrence, search
from canaries.scan.spellings import Spelling


def index() -> ScanIndex:
    made = ScanIndex(bytes(32))
    weak = [
        Spelling(b"anna meyer-schmidt", "plain", "name", folds=True, weak=True),
        Spelling(b"4155550134", "reformatted", "phone", folds=False, weak=True),
    ]
    made.add(
        [("a" * 16, [Spelling(b"Zk39aXQ7vT2mLw8RtYb4", "plain", "secret", folds=False, weak=False), *weak])]
    )
    return made


def found(tmp_path: Path, content: bytes) -> list[tuple[str, int]]:
    (tmp_path / "dump").write_bytes(content)
    results = list(search(index(), [tmp_path / "dump"]))
    assert all(isinstance(one, Occurrence) for one in results)
    return [(one.facet, one.offset) for one in results if isinstance(one, Occurrence)]


def test_each_facet_is_told_once_a_file(tmp_path: Path) -> None:
    assert found(tmp_path, b"Zk39aXQ7vT2mLw8RtYb4\n" * 3) == [("secret", 0)]


def test_a_name_alone_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, b"Anna Meyer-Schmidt\n") == []
    assert found(tmp_path, b"Anna Meyer-Schmidt\n" + b"." * 5000 + b"4155550134") == []


def test_a_name_beside_the_number_of_the_same_person_does(tmp_path: Path) -> None:
    assert found(tmp_path, b"ANNA MEYER-SCHMIDT;4155550134\n") == [("name", 0), ("phone", 19)]


def test_how_much_was_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"x" * 10_000)
    sizes: list[int] = []
    list(search(index(), [tmp_path], sizes.append))
    assert sum(sizes) == 10_000


def test_what_a_packed_text_in_the_middle_interrupts_is_still_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The member's pieces come between those of the file that holds it."""
    monkeypatch.setattr(dumps, "PIECE", 400)
    monkeypatch.setattr(dumps, "OVERLAP", 100)
    packed = base64.b64encode(gzip.compress(b"inner Zk39aXQ7vT2mLw8RtYb4"))
    content = b"Zk39aXQ7vT2mLw8RtYb4 " + packed + b"." * 500 + b" Zk39aXQ7vT2mLw8RtYb4"
    (tmp_path / "dump").write_bytes(content)
    paths = [one.path for one in search(index(), [tmp_path / "dump"]) if isinstance(one, Occurrence)]
    assert paths == [str(tmp_path / "dump"), f"{tmp_path / 'dump'}!base64"]


ADDRESS = [
    Spelling(b"anna meyer-schmidt", "plain", "name", folds=True, weak=True),
    Spelling(b"1980-01-02", "plain", "birth_date", folds=True, weak=True),
    Spelling(b"lindenau", "plain", "city", folds=True, weak=True),
]


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("1,Anna Meyer-Schmidt,Lindenau,1980-01-02,some more of it\n", True),
        (
            "1,Anna Meyer-Schmidt,Lindenau,1981-01-02,some more of it\n2,Bea,Ulm,1980-01-02,some more of it\n",
            False,
        ),
        ('{"n": "Anna Meyer-Schmidt", "a": {"c": "Lindenau"}, "b": "1980-01-02"}', True),
        ('{"n": "Anna Meyer-Schmidt", "a": {"c": "Lindenau"}}, {"n": "Bea", "b": "1980-01-02"}', False),
        ('{\n "n": "Anna Meyer-Schmidt",\n "c": "Lindenau",\n "b": "1980-01-02"\n}', True),
        ("(1,'Anna Meyer-Schmidt','Lindenau','x'),(2,'Bea','Ulm','1980-01-02')", False),
        (
            "\1\0;;\x12Anna Meyer-Schmidt\x08Lindenau\n1980-01-02\0\1;; and more of such bytes, not a line",
            True,
        ),
    ],
)
def test_what_many_share_counts_within_one_row(tmp_path: Path, content: str, seen: bool) -> None:
    made = ScanIndex(bytes(32))
    made.add([("a" * 16, ADDRESS)])
    (tmp_path / "dump").write_text(content)
    found = {one.facet for one in search(made, [tmp_path / "dump"]) if isinstance(one, Occurrence)}
    assert found == ({"name", "birth_date", "city"} if seen else set())
