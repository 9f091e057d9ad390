"""SQL scripts: rows of settings and of nothing else."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

HEAD = "INSERT INTO settings (name, value) VALUES\n"


def test_a_row_more_has_the_comma_that_it_needs() -> None:
    after = text_after("seed.sql", f"{HEAD}  ('smtp_password', 'x');\n", "stripe-key")
    assert after.endswith("  ('smtp_password', 'x');\n")
    assert after.count("'),\n") == 3


def test_a_comma_within_a_row_is_not_the_one_between_rows() -> None:
    after = text_after(
        "seed.sql", f"{HEAD}  ('a_password', 'x', true)\nON CONFLICT DO NOTHING;\n", "stripe-key"
    )
    assert after.count(", true),\n") == 3


@pytest.mark.parametrize("table", ["users", "accounts", "api_clients", "orders"])
def test_rows_of_people_and_things_are_no_place(table: str) -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after(
            "seed.sql", f"INSERT INTO {table} (name, value) VALUES ('smtp_password', 'x');\n", "stripe-key"
        )


@pytest.mark.parametrize("path", ["V1__settings.sql", "db/migrate/settings.sql", "20240101_settings.sql"])
def test_migrations_have_checksums(path: str) -> None:
    with pytest.raises(PlantError, match="not known"):
        text_after(path, f"{HEAD}  ('a_password', 'x');\n", "stripe-key")


def test_dumps_and_bodies_are_refused() -> None:
    for text in ("COPY a FROM stdin;\n", "CREATE FUNCTION f() AS $$\n$$;\n", "-- MySQL dump 10\n"):
        with pytest.raises(PlantError, match="as it stands"):
            text_after("seed.sql", text, "stripe-key")


def test_a_switch_beside_the_text_is_copied() -> None:
    rows = "INSERT INTO wp_options (option_name, option_value, autoload) VALUES\n('smtp_pass', 'x', 'yes');\n"
    assert text_after("options.sql", rows, "stripe-key").count(", 'yes')") == 4
