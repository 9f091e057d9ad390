"""The matrix of readings is what real servers do: a run gives the committed file, and the site shows it."""

from __future__ import annotations

from pathlib import Path

from tests import reading_matrix
from tests.mariadb_matrix import mariadb_rows, mariadb_shop
from tests.postgres_cluster import PostgresCluster
from tests.reading_matrix import MatrixRow, dumped, load, page, postgres_rows
from tests.subscribers import subscribers
from tools import reference


def test_postgresql_does_what_the_page_says(cluster: PostgresCluster, tmp_path: Path) -> None:
    with subscribers(cluster, tmp_path, people=reading_matrix.PEOPLE) as shop:
        found = list(postgres_rows(shop))
    assert found == [row for row in load() if row.engine == "PostgreSQL"]


def test_mariadb_does_what_the_page_says(mariadb_server: str, tmp_path: Path) -> None:
    with mariadb_shop(mariadb_server, tmp_path) as shop:
        found = list(mariadb_rows(shop))
    assert found == [row for row in load() if row.engine == "MariaDB"]


def test_the_file_is_as_it_is_written_and_on_a_page() -> None:
    rows = load()
    assert dumped(rows) == reading_matrix.DATA.read_text("utf-8")
    assert page(rows) in reference.readings_page()
    assert {row.verdict for row in rows} == {"fires", "silent", "false alarm", "quiet"}


def test_verdicts() -> None:
    said = [
        MatrixRow("e", "s", "a", returned, told).verdict
        for returned, told in ((1, 1), (1, 0), (0, 1), (0, 0))
    ]
    assert said == ["fires", "silent", "false alarm", "quiet"]
