"""The dump: SQLite runs it as it stands, and each person in it is a canary."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_every_person_is_a_row_and_a_canary(mint: Mint) -> None:
    bait = mint("mysql-dump", {"rows": 5})
    script = bait.text.replace("int NOT NULL AUTO_INCREMENT PRIMARY KEY", "INTEGER PRIMARY KEY")
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    rows = {row[0] for row in connection.execute("SELECT email FROM users")}
    connection.close()
    assert rows == {part.row["email"] for _, part in bait.parts}
    assert len(bait.parts) == 5


@pytest.mark.parametrize("options", [{"rows": 0}, {"rows": 501}, {"table": "users; DROP"}])
def test_bad_options_are_refused(mint: Mint, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"rows|table"):
        mint("mysql-dump", options)
