"""Exports of passwords: a row as the others are."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

HEAD = "name,url,username,password,note\n"


def test_the_order_of_the_titles_is_kept() -> None:
    rows = f"{HEAD}a.example,https://a.example/,jo,x,\nz.example,https://z.example/,jo,x,\n"
    assert text_after("Passwords.csv", rows, "ftp-credentials").splitlines()[-1].startswith("z.example")


def test_an_address_has_a_scheme_where_all_have_one() -> None:
    after = text_after("Passwords.csv", f"{HEAD}z.example,https://z.example/,jo,x,\n", "imap-credentials")
    assert ",https://" in after.splitlines()[1] + after.splitlines()[2]
    assert all(line.split(",")[1].startswith("https://") for line in after.splitlines()[1:])


def test_a_column_in_which_everybody_has_another_value_is_no_guess() -> None:
    text = "url,username,password,serial\nhttps://a.example,jo,x,{1}\nhttps://b.example,jo,x,{2}\n"
    with pytest.raises(PlantError, match="no place"):
        text_after("logins.csv", text, "ftp-credentials")


def test_a_table_without_passwords_is_of_no_known_format() -> None:
    with pytest.raises(PlantError, match="not known"):
        text_after("people.csv", "name,email\njo,jo@example.com\n", "user")


def test_a_ragged_row_is_refused() -> None:
    with pytest.raises(PlantError, match="another number"):
        text_after("Passwords.csv", f"{HEAD}a,b\n", "ftp-credentials")
